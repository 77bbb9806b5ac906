"""Which readers look at a source, decided from its first and last bytes."""

from collections.abc import Callable, Sequence

from weighbridge.formats.entry import Entry
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
        entries: the table of readers; a reader's own file loads no earlier than bytes could be its own.
    """

    __slots__ = ("_at_end", "_at_start", "_elsewhere", "_tested", "_tests")

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._at_start: dict[int, list[tuple[bytes, Entry]]] = {}
        self._elsewhere: dict[tuple[bytes, int], list[Entry]] = {}
        self._tested = [entry for entry in entries if entry.could_be]
        self._tests: list[list[_Test] | None] = [None] * 256
        self._at_end: dict[bytes, list[Entry]] = {}
        for entry in entries:
            for signature in entry.signatures:
                if signature.offset == 0:
                    self._at_start.setdefault(signature.magic[0], []).append((signature.magic, entry))
                else:
                    self._elsewhere.setdefault((signature.magic, signature.offset), []).append(entry)
            if entry.at_end is not None:
                self._at_end.setdefault(entry.at_end, []).append(entry)

    def candidates(self, head: bytes, tail: bytes) -> list[Entry]:
        """Return entries whose signatures or cheap tests match; `recognize` has not run yet.

        Args:
            head: the first `HEAD_BYTES` of the source, fewer if it is shorter.
            tail: the last `TAIL_BYTES`.
        """
        if not head:
            return []
        matching: list[Entry] = []
        for magic, entry in self._at_start.get(head[0], ()):
            if head.startswith(magic) and entry not in matching:
                matching.append(entry)
        for (magic, offset), entries in self._elsewhere.items():
            if head.startswith(magic, offset):
                matching += (entry for entry in entries if entry not in matching)
        for test in self._tests[head[0]] or self._tests_of(head[0]):
            if (not test.needs or test.needs in head) and test.could_be(head):
                matching += (entry for entry in test.entries if entry not in matching)
        for magic, entries in self._at_end.items():
            if magic in tail:
                matching += (entry for entry in entries if entry not in matching)
        return matching

    def _tests_of(self, first: int) -> list["_Test"]:
        """Return the cheap tests of content that begins with the byte `first`."""
        tests: dict[tuple[str, bytes], _Test] = {}  # some formats share one
        for entry in self._tested:
            if entry.begins is None or first in entry.begins:
                tests.setdefault((entry.could_be, entry.needs), _Test(entry)).entries.append(entry)
        self._tests[first] = list(tests.values())
        return list(tests.values())

    def recognized(self, source: ByteSource, head: bytes, tail: bytes, owners: Sequence[Reader] = ()) -> list[Reader]:
        """Return every reader that claims the source; plain containers only if nothing specific does.

        A reader that cannot tell because the source is damaged claims it only if no container does, or if it is one
        of `owners`, whose format the name promises: a broken archive of photographs is not every kind of model that
        comes in archives.
        """
        answers = [
            (reader, _claims(reader, source, head)) for reader in (one.reader() for one in self.candidates(head, tail))
        ]
        specific = [reader for reader, answer in answers if answer and not reader.general]
        unsure = [reader for reader, answer in answers if answer is None and not reader.general]
        plain = [reader for reader, answer in answers if answer is not False and reader.general]
        if not specific:
            unsure = [reader for reader in unsure if reader in owners] or (plain or unsure)
        return specific + unsure


class _Test:
    """A cheap test whose file loads when it is asked for the first time."""

    __slots__ = ("could_be", "entries", "needs")

    def __init__(self, entry: Entry) -> None:
        self.entries: list[Entry] = []
        self.needs = entry.needs
        self.could_be: Callable[[bytes], bool] = self._loaded

    def _loaded(self, head: bytes) -> bool:
        self.could_be = self.entries[0].test()
        return self.could_be(head)


def _claims(reader: Reader, source: ByteSource, head: bytes) -> bool | None:
    """Tell whether `reader` claims the source; None if the source breaks off before that can be told.

    A mistake of the reader is a claim, so that what stopped it becomes a result.
    """
    try:
        return reader.recognize(source, head)
    except LimitReached as reached:
        return None if not reached.honest or reader.general else False
    except SourceError:
        return None
    except READER_FAILURES:
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
