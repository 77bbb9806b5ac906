"""The page of a check: of one that looks at what lies on a machine, or of one that only a fleet makes."""

import re
from importlib import import_module
from inspect import cleandoc

from weighbridge.checks.registry import CHECKS
from weighbridge.model.record import record
from weighbridge.report.fleet_checks import FLEET_CHECKS

HEADINGS = ("What it finds", "Why it matters", "Example", "What to do", "Known misses")
_HEADING = re.compile(rf"^({'|'.join(HEADINGS)}):\s+", re.MULTILINE)


@record
class CheckPage:
    """What people read of a check. `parts`: a paragraph by each heading that the page has."""

    id: str
    title: str
    atlas: str | None
    """Technique of MITRE ATLAS."""
    summary: str
    parts: tuple[tuple[str, str], ...]


def titles() -> dict[str, str]:
    """Return the titles of all checks by their ids, sorted."""
    every = {check.id: check.title for check in CHECKS} | {check.id: check.title for check in FLEET_CHECKS}
    return dict(sorted(every.items()))


def text_of(check_id: str) -> str | None:
    """Return the text of a check as it was written, None if there is no such check."""
    for fleet_check in FLEET_CHECKS:
        if fleet_check.id == check_id:
            return fleet_check.text
    if all(check.id != check_id for check in CHECKS):
        return None
    module = import_module(f"weighbridge.checks.{check_id.replace('-', '_')}")
    return cleandoc(module.__doc__ or "")


def page_of(check_id: str) -> CheckPage | None:
    """Return the page of a check, None if there is no such check."""
    text = text_of(check_id)
    if text is None:
        return None
    summary, *rest = _HEADING.split(text)
    parts = tuple((heading, _sentence(words)) for heading, words in zip(rest[::2], rest[1::2], strict=True))
    atlas = next((check.atlas for check in CHECKS if check.id == check_id), None)
    return CheckPage(id=check_id, title=titles()[check_id], atlas=atlas, summary=_sentence(summary), parts=parts)


def _sentence(text: str) -> str:
    folded = " ".join(text.split())
    return folded[:1].upper() + folded[1:]
