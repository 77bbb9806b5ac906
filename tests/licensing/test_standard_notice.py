import pytest
from tests.samples.license_texts import spdx

from weighbridge.licensing.identify_text import identify
from weighbridge.licensing.standard_notice import standard_notice
from weighbridge.licensing.words import words
from weighbridge.model.license import IdentifiedText, LicenseText, TextLikeness

LAST = "limitations under the License."
APACHE = spdx("Apache-2.0")
APPLIED = APACHE[APACHE.rindex("Licensed under the Apache") : APACHE.rindex(LAST) + len(LAST)]
HOLDER = "Copyright (c) 2024 Rosa Example\n\n"


def look(text: str) -> IdentifiedText:
    return identify(LicenseText(source="LICENSE beside the file", text=text))


@pytest.mark.parametrize("before", ["", HOLDER, "Apache Software License 2.0\n\n" + HOLDER])
def test_a_file_that_holds_the_notice_alone(before: str) -> None:
    found = look(before + APPLIED)
    assert (found.license, found.likeness) == ("apache-2.0", TextLikeness.CONTAINED)


@pytest.mark.parametrize(
    "text",
    [
        HOLDER + APPLIED + "\n\nNot for commercial use.",
        HOLDER + "For research.\n" + APPLIED,
        HOLDER + APPLIED.replace("Unless required by applicable law", "Unless required by us"),
        HOLDER + APPLIED.replace("you may not use", "you may use"),
        HOLDER + APPLIED[: -len(LAST)],
        "Outputs belong to Acme Inc. " + APPLIED,
    ],
)
def test_anything_more_or_less_is_not_it(text: str) -> None:
    assert look(text).likeness not in (TextLikeness.EXACT, TextLikeness.CONTAINED)


def test_where_it_lies() -> None:
    own = words(HOLDER + APPLIED)
    found = standard_notice(own)
    assert found is not None
    assert (found.license, own[found.start], found.end) == ("apache-2.0", "licensed", len(own))
    assert standard_notice(words("A model.")) is None
    assert standard_notice([*own, *["more"] * 1000]) is None
