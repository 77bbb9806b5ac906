import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.samples.license_texts import spdx

from weighbridge.licensing.identify_text import identify
from weighbridge.model.license import IdentifiedText, LicenseText, TextLikeness


def look(text: str) -> IdentifiedText:
    return identify(LicenseText(source="LICENSE beside the file", text=text))


@pytest.mark.parametrize("name", ["MIT", "Apache-2.0", "BSD-3-Clause", "ISC", "CC0-1.0", "CC-BY-4.0", "MPL-2.0"])
def test_a_genuine_text(name: str) -> None:
    found = look(spdx(name))
    assert (found.license, found.likeness) == (name.lower(), TextLikeness.EXACT)


def test_inside_a_readme() -> None:
    found = look("# A model\n\n" + "It was trained on many tokens. " * 60 + "\n## License\n\n" + spdx("MIT"))
    assert (found.license, found.likeness) == ("mit", TextLikeness.CONTAINED)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + "\nThis model may not be used commercially.\n",
        lambda text: text.replace("without limitation", "with the limitation"),
        lambda text: text.replace("sell ", "", 1).replace("and/or sell", ""),
        lambda text: "Commons Clause applies.\n" + text,
    ],
)
def test_one_change_is_enough(change) -> None:
    changed = change(spdx("MIT"))
    assert changed != spdx("MIT")
    found = look(changed)
    assert (found.license, found.likeness) == ("mit", TextLikeness.ALTERED)
    assert found.detail


def test_half_a_text_and_two_texts() -> None:
    text = spdx("Apache-2.0")
    assert look(text[: len(text) // 2]).likeness is TextLikeness.PARTIAL
    both = look(spdx("MIT") + "\n\n" + text)
    assert both.likeness is TextLikeness.AMBIGUOUS
    assert {"mit", "apache-2.0"} <= {both.license, *both.candidates}


def test_a_name_is_no_text() -> None:
    found = look("SPDX-License-Identifier: Apache-2.0")
    assert (found.license, found.likeness, found.candidates[:1]) == (None, TextLikeness.UNIDENTIFIED, ("apache-2.0",))


def test_a_text_too_long_is_never_exact() -> None:
    assert look(spdx("MIT") + " " * 500_000 + "not for commercial use").likeness is TextLikeness.AMBIGUOUS


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    assert look(text).likeness in TextLikeness
