"""Bounded random access to bytes, wherever they come from.

Readers get a `ByteSource`, never a path or an open file, so they stay pure and can be fuzzed.
"""

from typing import Protocol


class SourceError(Exception):
    """The bytes could not be had (input/output error, damaged compression, file changed while read)."""


class LimitReached(Exception):  # noqa: N818  (a limit is not an error of ours; it becomes a result)
    """A budget is spent. The reader or the pipeline turns this into an `incomplete` or `hostile` result.

    Args:
        what: the counter.
        limit: what it may reach.
        honest: whether honest data can be so large: then the rest is unread, and nobody is accused.
    """

    def __init__(self, what: str, limit: int, *, honest: bool = False) -> None:
        super().__init__(f"{what}: more than {limit}")
        self.what = what
        self.limit = limit
        self.honest = honest


class ByteSource(Protocol):
    """Bytes of known size with random access."""

    @property
    def size(self) -> int:
        """Length in bytes."""
        ...

    @property
    def name(self) -> bytes:
        """Last path component, a hint only: content decides."""
        ...

    def read(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes at `offset`; fewer only at the end. Raises `SourceError`, `LimitReached`."""
        ...


class BytesSource:
    """A source over bytes in memory."""

    __slots__ = ("_content", "name")

    def __init__(self, content: bytes, name: bytes = b"") -> None:
        self._content = content
        self.name = name

    @property
    def size(self) -> int:
        """Length in bytes."""
        return len(self._content)

    def read(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes at `offset`."""
        if offset < 0 or length < 0:
            raise SourceError(f"impossible range {offset}+{length}")
        return self._content[offset : offset + length]


class SliceSource:
    """A window of another source: a stored archive member, a tail, an embedded file."""

    __slots__ = ("_offset", "_parent", "expanded", "name", "size")

    def __init__(self, parent: ByteSource, offset: int, size: int, name: bytes = b"") -> None:
        self._parent = parent
        self.expanded: bool = getattr(parent, "expanded", False)
        self._offset = offset
        self.size = max(0, min(size, parent.size - offset))
        self.name = name

    def read(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes at `offset` of the window."""
        if offset < 0 or length < 0:
            raise SourceError(f"impossible range {offset}+{length}")
        return self._parent.read(self._offset + offset, max(0, min(length, self.size - offset)))
