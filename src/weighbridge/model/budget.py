"""Limits that every reader works under.

They count work, not time, so that the same file gets the same answer on every machine.
"""

from typing import Protocol

from weighbridge.model.record import record
from weighbridge.model.source import LimitReached


class Releasable(Protocol):
    """A stream that can give its window and decoder back."""

    def release(self) -> None:
        """Forget everything that can be had again by starting over."""
        ...


@record
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
    models: int = 10_000
    """Most models that one archive may hold; each becomes an artifact of its own."""
    depth: int = 5
    """Deepest nesting of archives and of streams inside values."""
    expanded_bytes: int = 256 << 20
    """Most bytes that compressed data may become, unless the compressed size itself is large."""
    expansion_ratio: int = 100
    """Honestly large data may expand to this many times its compressed size."""
    archive_bytes: int = 4 << 30
    """Most bytes that a packed archive (an image layer, an sdist) may become, however well it packs."""
    archive_ratio: int = 1100
    """A large archive may expand to this many times its compressed size; deflate reaches 1032 (RFC 1951, 258 bytes
    for two bits)."""


class Budget:
    """Mutable counters for one artifact, shared by all readers that look at it.

    `spend` raises `LimitReached` when a counter passes its limit. `bytes_read` is for coverage only.
    """

    __slots__ = ("_earned", "_expanded", "_live", "_spent", "_unpacked", "bytes_read", "limits")

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.bytes_read = 0
        self._spent: dict[str, int] = {}
        self._expanded = 0
        self._unpacked = 0
        self._earned = 0
        self._live: list[Releasable] = []

    def spend(self, what: str, amount: int, limit: int) -> None:
        """Add `amount` to the counter `what` and raise `LimitReached` beyond `limit`."""
        spent = self._spent.get(what, 0) + amount
        self._spent[what] = spent
        if spent > limit:
            raise LimitReached(what, limit)

    def count(self, what: str, amount: int) -> None:
        """Add `amount` to the counter `what`; the next `spend` on it finds out."""
        self._spent[what] = self._spent.get(what, 0) + amount

    @property
    def expanded(self) -> int:
        """Bytes that came out of compressed data so far, repeats included."""
        return self._expanded + self._unpacked

    def earn_expansion(self, compressed: int) -> None:
        """Note `compressed` bytes of the file itself that a stream took in: they may expand in proportion."""
        self._earned += compressed

    def spend_expansion(self, amount: int) -> None:
        """Count expanded bytes. Raises `LimitReached` beyond the fixed limit plus the proportional one."""
        self._expanded += amount
        limit = self.limits.expanded_bytes + self.limits.expansion_ratio * self._earned
        if self._expanded > limit:
            raise LimitReached("expanded bytes", limit)

    def spend_unpacking(self, amount: int, *, nested: bool) -> None:
        """Count bytes of a packed archive, which nobody holds in memory.

        Args:
            amount: bytes that came out.
            nested: whether the archive itself stands in expanded data; only a bomb needs the limit then.

        Raises:
            LimitReached: `archive_bytes` plus the proportional limit is passed.
        """
        self._unpacked += amount
        limit = self.limits.archive_bytes + self.limits.archive_ratio * self._earned
        if self._unpacked > limit:
            raise LimitReached("bytes in packed archives", limit, honest=not nested)

    def use_stream(self, stream: Releasable, most: int) -> None:
        """Note that `stream` is in use; the one unused for longest gives its memory back beyond `most`."""
        if self._live and self._live[-1] is stream:
            return
        if stream in self._live:
            self._live.remove(stream)
        self._live.append(stream)
        if len(self._live) > most:
            self._live.pop(0).release()
