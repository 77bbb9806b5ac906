"""Helpers of the tests of graph readers: read bytes with one reader, look at what came out, damage them."""

from collections.abc import Iterator

from hypothesis import strategies

from weighbridge.formats.reader import HEAD_BYTES, Reader, Reading
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Observation
from weighbridge.model.source import BytesSource, LimitReached, SourceError


class CountedSource(BytesSource):
    """Counts the bytes that were asked for."""

    def __init__(self, content: bytes, name: bytes = b"") -> None:
        super().__init__(content, name)
        self.asked = 0

    def read(self, offset: int, length: int) -> bytes:
        piece = super().read(offset, length)
        self.asked += len(piece)
        return piece


def recognized(reader: Reader, content: bytes) -> bool:
    head = content[:HEAD_BYTES]
    signed = any(head.startswith(signature.magic, signature.offset) for signature in reader.signatures)
    if not head or (reader.could_be is not None and not signed and not reader.could_be(head)):
        return False
    return reader.recognize(BytesSource(content), head)


def read(reader: Reader, content: bytes, name: bytes = b"") -> Reading:
    return reader.read(BytesSource(content, name), Budget())


def facts(reading: Reading) -> dict[str, object]:
    return {fact.name: fact.value for fact in reading.facts}


def kinds(reading: Reading) -> set[str]:
    return {type(observation).__name__ for observation in reading.observations}


def of(reading: Reading, kind: type[Observation]) -> list[Observation]:
    return [observation for observation in reading.observations if isinstance(observation, kind)]


def survives(reader: Reader, content: bytes) -> None:
    """Recognize and read `content`; only the two exceptions of the contract may come out."""
    source = BytesSource(content)
    try:
        recognized(reader, content)
        reader.read(source, Budget())
    except (LimitReached, SourceError):
        pass


@strategies.composite
def damaged(draw: strategies.DrawFn, seeds: list[bytes]) -> bytes:
    """Valid bytes with a few of them changed, cut off or repeated."""
    content = bytearray(draw(strategies.sampled_from(seeds)))
    for _ in range(draw(strategies.integers(1, 6))):
        if not content:
            break
        at = draw(strategies.integers(0, len(content) - 1))
        piece = draw(
            strategies.sampled_from([b"\xff" * 8, b"\0" * 4, b"\x80" * 10, b"\x7f", bytes(content[at : at + 40])])
        )
        if draw(strategies.booleans()):
            content[at : at + len(piece)] = piece
        elif draw(strategies.booleans()):
            content[at:at] = piece
        else:
            del content[at:]
    return bytes(content)


def walk_bytes(content: bytes, step: int) -> Iterator[bytes]:
    """Yield every prefix of `content`, `step` bytes apart."""
    for end in range(0, len(content), step):
        yield content[:end]
