"""One look of one reader at any bytes, and what it may not do: raise, read without end, hand on endless texts."""

from weighbridge.formats.reader import HEAD_BYTES, Reader, Reading
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource, LimitReached, SourceError

LONGEST_TEXT = 64 << 10
"""Longest text that may end up in a report from one small file."""


class CountedSource(BytesSource):
    """Counts reads and bytes, so that a hang is a count and not a time."""

    __slots__ = ("bytes_read", "reads")

    def __init__(self, content: bytes, name: bytes = b"") -> None:
        super().__init__(content, name)
        self.reads = 0
        self.bytes_read = 0

    def read(self, offset: int, length: int) -> bytes:
        content = super().read(offset, length)
        self.reads += 1
        self.bytes_read += len(content)
        assert self.reads < 2_000_000, "reads without end"
        return content


def look(reader: Reader, content: bytes, name: bytes = b"") -> None:
    """Let `reader` recognize and read `content`; fail on anything that a reader may not do."""
    source = CountedSource(content, name)
    try:
        reader.recognize(source, content[:HEAD_BYTES])
    except (SourceError, LimitReached):
        pass
    try:
        reading = reader.read(source, Budget())
    except (SourceError, LimitReached):
        return
    assert isinstance(reading, Reading)
    for observation in reading.observations:
        assert len(repr(observation)) < LONGEST_TEXT, type(observation).__name__
    for child in reading.children:
        try:
            assert child.source.size >= 0
            child.source.read(0, HEAD_BYTES)
        except (SourceError, LimitReached):
            pass
