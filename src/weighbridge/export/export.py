"""The contract of an export."""

from collections.abc import Callable

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
