"""Looking into archives by name: members, members of members, without judging and in bounded memory."""

from collections.abc import Iterator

from weighbridge.formats.entries import ENTRIES
from weighbridge.formats.identify import READER_FAILURES
from weighbridge.formats.reader import HEAD_BYTES
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource, LimitReached, SourceError

_ARCHIVES = ("zip", "tar")
_COMPRESSED = ("gzip", "zstd", "xz", "bzip2")
_BY_ID = {entry.id: entry for entry in ENTRIES if entry.id in (*_ARCHIVES, *_COMPRESSED)}
SEPARATOR = "!/"


def members(source: ByteSource, budget: Budget) -> Iterator[tuple[str, ByteSource]]:
    """Yield name and content of every member of an archive; a compressed tar counts as one archive.

    What cannot be read ends the list: the scan has said so already.
    """
    try:
        head = source.read(0, HEAD_BYTES)
        for id_ in (*_ARCHIVES, *_COMPRESSED):
            reader = _BY_ID[id_].reader()
            if not any(head[s.offset : s.offset + len(s.magic)] == s.magic for s in reader.signatures) and not (
                reader.could_be is not None and reader.could_be(head)
            ):
                continue
            if not reader.recognize(source, head):
                continue
            for child in reader.read(source, budget).children:
                if id_ in _COMPRESSED:
                    yield from members(child.source, budget)
                else:
                    yield child.member, child.source
            return
    except (SourceError, LimitReached, *READER_FAILURES):
        return


def member_of(source: ByteSource, path: str, budget: Budget) -> ByteSource | None:
    """Return the member at `path` (`a.tar!/b`), None if there is none."""
    first, _, rest = path.partition(SEPARATOR)
    for name, inner in members(source, budget):
        if name == first:
            return inner if not rest else member_of(inner, rest, budget)
    return None
