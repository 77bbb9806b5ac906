"""The contract of a renderer."""

from collections.abc import Callable
from dataclasses import dataclass

from weighbridge.model.artifact import Scan


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """One output format. `render` returns the whole document as text ending in a newline."""

    id: str
    title: str
    media_type: str
    render: Callable[[Scan, Context], str]
