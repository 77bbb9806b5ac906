"""Every license of the table whose text is in the database, vendors' included: genuine, changed and cut."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tools.license_index import database, table_ids

from tests.license_database import license_database as license_database  # a fixture
from tests.samples.license_case import TextCase, named, permissive, right
from tests.samples.license_texts import edited, in_readme, prefixed, rewrapped, without_word
from weighbridge.licensing.identify_text import identify
from weighbridge.model.license import IdentifiedText, LicenseText

pytestmark = pytest.mark.deep
GENUINE = {"plain": str, "rewrapped": rewrapped, "upper": str.upper, "comment": prefixed("# "), "readme": in_readme}
CHANGED = {
    "tail": lambda text: f"{text}\n\nThe model may not be used for commercial purposes.\n",
    "half": lambda text: text[: len(text) // 2],
    "edited-5": lambda text: edited(text, 0.05, 5),
    "edited-15": lambda text: edited(text, 0.15, 15),
    "one-word-less": lambda text: without_word(text, 1),
}
SHORT = 80
"""Words; so few may all survive an edit."""


@pytest.fixture(scope="module")
def answers(license_database: Path) -> list[tuple[TextCase, IdentifiedText]]:
    return [(case, identify(LicenseText(source="LICENSE", text=case.build()))) for case in _cases(license_database)]


def _cases(wheel: Path) -> Iterator[TextCase]:
    texts = database(wheel)[0]
    for key, license_id in sorted(table_ids().items()):
        if key not in texts:
            continue
        text = texts[key][1]
        for form, change in GENUINE.items():
            yield TextCase(
                id=f"{form}/{license_id}",
                build=lambda t=text, c=change: c(t),  # type: ignore[misc]
                genuine=True,
                license=license_id,
            )
        for form, change in CHANGED.items() if len(text.split()) >= SHORT else ():
            yield TextCase(
                id=f"{form}/{license_id}",
                build=lambda t=text, c=change: c(t),  # type: ignore[misc]
                genuine=False,
                license=license_id,
            )


def test_genuine_texts_are_recognized(answers: list[tuple[TextCase, IdentifiedText]]) -> None:
    genuine = [(case, answer) for case, answer in answers if case.genuine]
    missed = [f"{case.id}: {answer}" for case, answer in genuine if not right(case, answer)]
    assert len(genuine) >= 300
    assert len(missed) <= len(genuine) * 0.02, "\n".join(missed)


def test_nothing_changed_is_taken_for_a_license(answers: list[tuple[TextCase, IdentifiedText]]) -> None:
    changed = [(case, answer) for case, answer in answers if not case.genuine]
    assert len(changed) >= 300
    assert not [f"{case.id}: {answer}" for case, answer in changed if permissive(answer) or not right(case, answer)]


def test_slightly_edited_texts_are_still_named(answers: list[tuple[TextCase, IdentifiedText]]) -> None:
    edits = [named(case, answer) for case, answer in answers if case.id.startswith("edited-5/")]
    assert sum(edits) >= len(edits) * 0.95
