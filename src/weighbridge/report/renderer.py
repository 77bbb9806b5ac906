"""The contract of a renderer."""

from collections.abc import Callable

from weighbridge.model.artifact import Scan
from weighbridge.model.record import record


@record
class Context:
    """What a report says about the run beside its result."""

    version: str
    machine: str
    """Host name or `demo machine`."""
    roots: tuple[str, ...]
    finished_at: str
    """ISO 8601, UTC."""
    policy: str
    persona: str = "regular"
    home: str = ""
    """Home folder, shown as `~` where only people read."""
    width: int = 100
    """Columns of the terminal, for renderers of plain text."""
    color: bool = False
    """Whether terminal colors may be used."""
    timestamp: str | None = None
    """Time that bills of materials carry, ISO 8601, UTC; None leaves it out: equal content gives equal bytes."""
    absolute_paths: bool = False
    """Whether bills of materials carry whole paths; by default they are relative to what was scanned."""


@record
class Renderer:
    """One output format. `render` returns the whole document as text ending in a newline."""

    id: str
    title: str
    media_type: str
    render: Callable[[Scan, Context], str]
