import pytest

from weighbridge.bom.license_names import reference, spdx_expression, spdx_id
from weighbridge.bom.spdx_license_ids import EXCEPTION_IDS, LICENSE_IDS


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("apache-2.0", "Apache-2.0"),
        ("MIT", "MIT"),
        ("mit license", "MIT"),
        (" cc-by-nc-4.0 ", "CC-BY-NC-4.0"),
        ("llama3.1", None),
        ("gemma", None),
        ("other", None),
        ("BSD License", None),
        ("gpl", None),
        ("", None),
        ("x" * 10_000, None),
    ],
)
def test_only_listed_ids_are_ids(statement: str, expected: str | None) -> None:
    assert spdx_id(statement) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("mit or apache-2.0", "MIT OR Apache-2.0"),
        ("(MIT AND bsd-3-clause) OR GPL-2.0-or-later", "(MIT AND BSD-3-Clause) OR GPL-2.0-or-later"),
        ("GPL-2.0-only WITH classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("MIT AND LicenseRef-own", "MIT AND LicenseRef-own"),
        ("MIT", None),
        ("MIT OR", None),
        ("MIT Apache-2.0 X", None),
        ("(MIT OR Apache-2.0", None),
        ("MIT OR Apache-2.0)", None),
        ("() OR MIT", None),
        ("MIT WITH MIT", None),
        ("(MIT) WITH LLVM-exception", None),
        ("llama3.1 OR MIT", None),
        ("MIT OR " * 100 + "MIT", None),
    ],
)
def test_expressions_are_spelled_or_refused(statement: str, expected: str | None) -> None:
    assert spdx_expression(statement) == expected


def test_references_have_the_allowed_letters() -> None:
    assert reference("llama3.1") == "LicenseRef-llama3.1"
    assert reference("Gemma Terms (of) Use") == "LicenseRef-Gemma-Terms-of-Use"
    assert reference("†") == "LicenseRef-unnamed"


def test_the_list_is_the_validators_own() -> None:
    import json
    from importlib.resources import files

    schema = json.loads((files("cyclonedx.schema") / "_res/spdx.SNAPSHOT.schema.json").read_text(encoding="utf-8"))
    assert set(LICENSE_IDS.split()) | set(EXCEPTION_IDS.split()) == set(schema["enum"])
