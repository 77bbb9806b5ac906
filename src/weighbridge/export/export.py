"""The contracts of exports: artifacts made from a policy, and events made from what was seen."""

from collections.abc import Callable

from weighbridge.export.event import Event
from weighbridge.export.intent import Intent
from weighbridge.model.record import record


@record
class Export:
    """One product's format. `write` returns files by relative path; the same intent gives the same bytes."""

    id: str
    title: str
    write: Callable[[Intent], dict[str, str]]
    validated_by: str
    """What its tests check it with (`pySigma`, `auditctl`, the vendor's schema)."""
    next_step: str
    """What a person does with the files, in one sentence."""


@record
class EventExport:
    """One format of events."""

    id: str
    title: str
    line: Callable[[Event], str | None]
    """One event as one line without its end; None for an event that the format has no place for."""
    validated_by: str
    next_step: str
