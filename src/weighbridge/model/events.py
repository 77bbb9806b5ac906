"""Progress of a run as events; the library stays silent, faces subscribe."""

from collections.abc import Callable

from weighbridge.model.record import record


@record
class Progress:
    """Where a run stands."""

    stage: str
    """Stage name as in `weighbridge.pipeline.run`."""
    files_seen: int = 0
    artifacts_found: int = 0
    bytes_done: int = 0
    bytes_total: int | None = None
    records_done: int = 0
    records_total: int | None = None
    """Records of the ledger, or what else `records_are` says; a run that counts them counts neither files nor bytes."""
    records_are: str = "record"
    current: str = ""
    """Path at hand, for display."""


Listener = Callable[[Progress], None]


def silent(_event: Progress) -> None:
    """Ignore every event: the default listener."""
