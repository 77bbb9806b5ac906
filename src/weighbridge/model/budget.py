"""Limits that every reader works under.

They count work, not time, so that the same file gets the same answer on every machine.
"""

from dataclasses import dataclass

from weighbridge.model.source import LimitReached


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that one artifact may cost."""

    header_bytes: int = 100 << 20
    """Longest header that is read into memory at once (safetensors' own limit)."""
    string_bytes: int = 16 << 20
    """Longest single string or key-value item."""
    items: int = 2_000_000
    """Most items (keys, tensors, members, vocabulary entries) counted in one file."""
    opcodes: int = 30_000_000
    """Most pickle opcodes followed in one artifact."""
    members: int = 200_000
    """Most members of one archive."""
    depth: int = 5
    """Deepest nesting of archives and of streams inside values."""
    expanded_bytes: int = 512 << 20
    """Most bytes that compressed data may become, unless the compressed size itself is large."""
    expansion_ratio: int = 100
    """Honestly large data may expand to this many times its compressed size."""


class Budget:
    """Mutable counters for one artifact, shared by all readers that look at it.

    `spend` raises `LimitReached` when a counter passes its limit. `bytes_read` is for coverage only.
    """

    __slots__ = ("_spent", "bytes_read", "limits")

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.bytes_read = 0
        self._spent: dict[str, int] = {}

    def spend(self, what: str, amount: int, limit: int) -> None:
        """Add `amount` to the counter `what` and raise `LimitReached` beyond `limit`."""
        spent = self._spent.get(what, 0) + amount
        self._spent[what] = spent
        if spent > limit:
            raise LimitReached(what, limit)
