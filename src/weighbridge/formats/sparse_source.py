"""A file of which only some pieces are stored, the rest being zeros; an ordinary file is one piece."""

from bisect import bisect_right

from weighbridge.model.source import ByteSource, SourceError


class SparseSource:
    """Content of a tar member.

    Args:
        parent: the archive.
        offset: where the first stored piece begins in it; the pieces follow each other without gaps.
        pieces: (offset in the file, length) of each stored piece.
        size: length of the file.
        name: last path component.
        kept: start and end of the file, where they were kept when the archive came by.
    """

    __slots__ = ("_head", "_offset", "_parent", "_pieces", "_starts", "_tail", "expanded", "name", "size")

    def __init__(
        self,
        parent: ByteSource,
        offset: int,
        pieces: tuple[tuple[int, int], ...],
        size: int,
        name: bytes,
        kept: tuple[bytes, bytes] = (b"", b""),
    ) -> None:
        self._parent = parent
        self._offset = offset
        self._head, self._tail = kept
        self.expanded: bool = getattr(parent, "expanded", False)
        self.size = size
        self.name = name
        self._pieces: list[tuple[int, int, int]] = []
        stored = offset
        reached = 0
        for start, length in pieces:
            if start < reached:
                break
            self._pieces.append((start, start + length, stored))
            stored += length
            reached = start + length
        self._starts = [piece[0] for piece in self._pieces]

    def read(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes at `offset`."""
        if offset < 0 or length < 0:
            raise SourceError(f"impossible range {offset}+{length}")
        length = max(0, min(length, self.size - offset))
        if offset + length <= len(self._head):
            return self._head[offset : offset + length]
        if offset >= self.size - len(self._tail):
            return self._tail[offset - self.size + len(self._tail) :][:length]
        if len(self._pieces) == 1 and self._pieces[0][0] == 0 and offset + length <= self._pieces[0][1]:
            return self._parent.read(self._pieces[0][2] + offset, length)
        content = bytearray(length)
        index = max(0, bisect_right(self._starts, offset) - 1)
        while index < len(self._pieces) and self._pieces[index][0] < offset + length:
            start, stop, stored = self._pieces[index]
            first, last = max(start, offset), min(stop, offset + length)
            if first < last:
                piece = self._parent.read(stored + first - start, last - first)
                content[first - offset : first - offset + len(piece)] = piece
            index += 1
        return bytes(content)

    def watch(self, start: int, length: int) -> None:
        """Have a range hashed while it comes by, if this is a plain file in a stream."""
        if self._is_plain and (watch := getattr(self._parent, "watch", None)) is not None:
            watch(self._offset + start, length)

    def watched(self, start: int, length: int) -> str | None:
        """Return the SHA-256 of a range that was watched from start to end, else None."""
        if not self._is_plain or (watched := getattr(self._parent, "watched", None)) is None:
            return None
        found = watched(self._offset + start, length)
        return found if isinstance(found, str) else None

    def sha256(self) -> str | None:
        """Return the digest of the whole file if it was watched, else None."""
        return self.watched(0, self.size)

    @property
    def _is_plain(self) -> bool:
        return len(self._pieces) == 1 and self._pieces[0][:2] == (0, self.size)
