"""Points of a compressed stream from which it can be expanded again without starting over."""

from bisect import bisect_right
from collections.abc import Callable, Iterator

from weighbridge.model.record import record

Pull = Callable[[int], bytes]
"""Returns up to that many of the next compressed bytes; nothing at the end."""

Codec = Callable[[Pull], Iterator[bytes]]
"""Turns compressed bytes into expanded pieces of at most about 1 MiB. Raises `SourceError` at a defect. An iterator
with a method `mark` can be left and gone on with: it returns the codec of the rest."""

MOST = 48
"""Marks of one stream; each holds a decoder with its history, about 80 KiB for deflate."""

_FIRST_SPACING = 4 << 20


@record
class Mark:
    """One point: expanded and compressed position, and what goes on from there."""

    reached: int
    consumed: int
    codec: Codec


class Marks:
    """The marks of one stream, fewer and farther apart the longer it is."""

    __slots__ = ("_marks", "_spacing")

    def __init__(self) -> None:
        self._marks: list[Mark] = []
        self._spacing = _FIRST_SPACING

    def due(self, reached: int) -> bool:
        """Tell whether a mark belongs at `reached`."""
        return reached >= (self._marks[-1].reached if self._marks else 0) + self._spacing

    def add(self, reached: int, consumed: int, codec: Codec) -> None:
        """Keep a mark behind all others; every second goes when there are too many."""
        if self._marks and reached <= self._marks[-1].reached:
            return
        self._marks.append(Mark(reached=reached, consumed=consumed, codec=codec))
        if len(self._marks) > MOST:
            del self._marks[-2::-2]
            self._spacing *= 2

    def before(self, offset: int) -> Mark | None:
        """Return the last mark at or before `offset`."""
        at = bisect_right(self._marks, offset, key=lambda mark: mark.reached)
        return self._marks[at - 1] if at else None

    def clear(self) -> None:
        """Give all memory back."""
        self._marks.clear()
