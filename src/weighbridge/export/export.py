"""The contracts of exports: artifacts made from a policy, and events made from what was seen."""

from collections.abc import Callable, Iterable

from weighbridge.export.event import Event
from weighbridge.export.intent import Intent, Topic
from weighbridge.model.record import record


def _nothing(_intent: Intent) -> Iterable[str]:
    return ()


@record
class Export:
    """One product's format. `write` returns files by relative path; the same intent gives the same bytes."""

    id: str
    title: str
    write: Callable[[Intent], dict[str, str]]
    carries: frozenset[Topic]
    """What of a policy it can express at all."""
    told_by: str
    """By what its rules tell models and programs, the best first."""
    validated_by: str
    """What its tests check it with (`pySigma`, `auditctl`, the vendor's schema)."""
    next_step: str
    """What a person does with the files, in one sentence."""
    blocks: bool = False
    """Whether the product can stop something by these files."""
    partly: Callable[[Intent], Iterable[str]] = _nothing
    """What of this intent is left out though the format carries its topic; one noun phrase each."""
    tried: str = "no"
    """Whether the real product has loaded the files, and which version of it."""


@record
class EventExport:
    """One format of events."""

    id: str
    title: str
    line: Callable[[Event], str | None]
    """One event as one line without its end; None for an event that the format has no place for."""
    carries: str
    """What of an event it has fields for."""
    validated_by: str
    next_step: str
    tried: str = "no"
    """Whether the real product has read the events, and which version of it."""
