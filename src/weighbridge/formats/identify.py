"""Which readers look at a source, decided from its first and last bytes."""

from collections.abc import Callable, Sequence

from weighbridge.formats.reader import HEAD_BYTES, TAIL_BYTES, Reader
from weighbridge.model.source import ByteSource, LimitReached, SourceError
from weighbridge.model.stream_source import StreamSource

TAIL_WITHIN = 1 << 20
"""Compressed content longer than this is recognized by its start alone: its end would cost all of it."""


READER_FAILURES = (Exception,)
"""What a reader's own mistake looks like: anything. It must not end a scan; Ctrl-C is none of these."""


class Index:
    """Readers by first bytes, built once, so that the common case (no model) costs about a microsecond.

    Args:
        readers: the registry.
    """

    __slots__ = ("_at_end", "_at_start", "_elsewhere", "_tests")

    def __init__(self, readers: Sequence[Reader]) -> None:
        self._at_start: dict[int, list[tuple[bytes, Reader]]] = {}
        self._elsewhere: dict[tuple[bytes, int], list[Reader]] = {}
        self._tests: list[list[tuple[Callable[[bytes], bool], Reader]]] = [[] for _ in range(256)]
        self._at_end: dict[bytes, list[Reader]] = {}
        for reader in readers:
            for signature in reader.signatures:
                if signature.offset == 0:
                    self._at_start.setdefault(signature.magic[0], []).append((signature.magic, reader))
                else:
                    self._elsewhere.setdefault((signature.magic, signature.offset), []).append(reader)
            if reader.could_be is not None:
                for first in range(256) if reader.begins is None else set(reader.begins):
                    self._tests[first].append((reader.could_be, reader))
            if reader.at_end is not None:
                self._at_end.setdefault(reader.at_end, []).append(reader)

    def candidates(self, head: bytes, tail: bytes) -> list[Reader]:
        """Return readers whose signatures or cheap tests match; `recognize` has not run yet.

        Args:
            head: the first `HEAD_BYTES` of the source, fewer if it is shorter.
            tail: the last `TAIL_BYTES`.
        """
        if not head:
            return []
        matching: list[Reader] = []
        for magic, reader in self._at_start.get(head[0], ()):
            if head.startswith(magic) and reader not in matching:
                matching.append(reader)
        for (magic, offset), readers in self._elsewhere.items():
            if head.startswith(magic, offset):
                matching += (reader for reader in readers if reader not in matching)
        for could_be, reader in self._tests[head[0]]:
            if could_be(head) and reader not in matching:
                matching.append(reader)
        for magic, readers in self._at_end.items():
            if magic in tail:
                matching += (reader for reader in readers if reader not in matching)
        return matching

    def recognized(self, source: ByteSource, head: bytes, tail: bytes) -> list[Reader]:
        """Return every reader that claims the source; plain containers only if nothing specific does."""
        claimed = [reader for reader in self.candidates(head, tail) if _claims(reader, source, head)]
        specific = [reader for reader in claimed if not reader.general]
        return specific or claimed


def _claims(reader: Reader, source: ByteSource, head: bytes) -> bool:
    """Tell whether `reader` claims the source. One that cannot tell reads it, and what stopped it becomes a result."""
    try:
        return reader.recognize(source, head)
    except (SourceError, LimitReached, *READER_FAILURES):
        return True


def head_of(source: ByteSource) -> bytes:
    """Return the bytes that recognition looks at first."""
    return source.read(0, HEAD_BYTES)


def tail_of(source: ByteSource) -> bytes:
    """Return the last bytes that recognition looks at, nothing if only a long expansion would reach them."""
    if isinstance(source, StreamSource):
        return source.tail(TAIL_BYTES, TAIL_WITHIN)
    if source.size > TAIL_WITHIN and getattr(source, "expanded", False):
        return b""
    return source.read(max(0, source.size - TAIL_BYTES), TAIL_BYTES)
