"""Local headers of a ZIP archive: bounded reading, and the members that no directory lists.

Source: PKWARE APPNOTE 6.3.10, section 4.3.7; David Fifield, "A better zip bomb" (WOOT 2019) for overlapping members.
"""

from collections.abc import Iterator
from struct import Struct

from weighbridge.formats.zip_end import EndRecord
from weighbridge.formats.zip_entry import ZipEntry
from weighbridge.formats.zip_fields import decode, zip64_sizes
from weighbridge.model.budget import Budget
from weighbridge.model.observation import ArchiveAnomaly, Observation
from weighbridge.model.source import ByteSource

LOCAL_MAGIC = b"PK\x03\x04"
LOCAL = Struct("<4s5H3I2H")
ENCRYPTED = 1
DESCRIBED = 8
_BLOCK = 1 << 20
_MOST_OF_A_KIND = 20
_GAP_SEARCHED = 4 << 20
"""How much of one gap between members is searched for local headers."""


class Notes(list[Observation]):
    """Observations, at most a few of each kind: what is odd about one member of a bomb is odd about all."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, int] = {}

    def append(self, item: Observation) -> None:
        """Keep `item` unless its kind was kept often enough."""
        kind = getattr(item, "kind", type(item).__name__)
        self._counts[kind] = self._counts.get(kind, 0) + 1
        if self._counts[kind] <= _MOST_OF_A_KIND:
            super().append(item)


class LocalReader:
    """Reads local headers through one block, because neighbors usually lie close together."""

    __slots__ = ("_at", "_block", "source")

    def __init__(self, source: ByteSource) -> None:
        self.source = source
        self._block = b""
        self._at = 0

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes as `ByteSource.read` does."""
        start = offset - self._at
        if start < 0 or start + length > len(self._block):
            wide = (64 << 10) if 0 <= start <= len(self._block) + (16 << 10) else length
            self._block = self.source.read(offset, max(length, wide))
            self._at = offset
            start = 0
        return self._block[start : start + length]


def gaps(
    reader: LocalReader, entries: list[ZipEntry], end: EndRecord, budget: Budget, observations: list[Observation]
) -> Iterator[ZipEntry]:
    """Yield members that stand in no directory; note members that share bytes."""
    spans = sorted(
        (entry.header_offset, entry.data_offset + entry.compressed_size, entry.name)
        for entry in entries
        if entry.data_offset
    )
    position = 0
    overlapping = False
    for start, stop, name in spans:
        if start < position:
            if not overlapping:
                observations.append(
                    ArchiveAnomaly(kind="overlap", detail="two members share the same bytes", member=name, offset=start)
                )
            overlapping = True
        elif start - position >= 30:
            yield from local_walk(reader.source, position, start, budget, observations)
        position = max(position, stop)
    if position > end.directory_offset and spans and not overlapping:
        observations.append(
            ArchiveAnomaly(kind="overlap", detail="a member reaches into the directory", offset=end.directory_offset)
        )
    if end.directory_offset - position >= 30:
        yield from local_walk(reader.source, position, end.directory_offset, budget, observations)


def local_walk(
    source: ByteSource, start: int, stop: int, budget: Budget, observations: list[Observation]
) -> Iterator[ZipEntry]:
    """Yield the members whose local headers stand in `[start, stop)`, where no directory entry leads."""
    reader = LocalReader(source)
    position = searched = start
    noted = False
    while position + LOCAL.size <= stop and searched - start < _GAP_SEARCHED:
        header = reader.read(position, LOCAL.size)
        if not header.startswith(LOCAL_MAGIC):
            block = source.read(position, min(_BLOCK, stop - position))
            at = block.find(LOCAL_MAGIC)
            searched += max(1, at if at >= 0 else len(block) - 3)
            position += max(1, at if at >= 0 else len(block) - 3)
            if at < 0 and len(block) < LOCAL.size:
                return
            continue
        budget.spend("archive entries", 1, budget.limits.members)
        name_length, extra_length = header[26:28], header[28:30]
        wanted = LOCAL.size + int.from_bytes(name_length, "little") + int.from_bytes(extra_length, "little")
        entry = _hidden_entry(reader.read(position, wanted), position, stop)
        if entry is None:
            position += 4
            searched += 4
            continue
        if not noted:
            observations.append(
                ArchiveAnomaly(
                    kind="hidden-member", detail="the directory does not list it", member=entry.name, offset=position
                )
            )
        noted = True
        yield entry
        position = max(position + 4, entry.data_offset + (entry.compressed_size if not entry.flags & DESCRIBED else 0))


def _hidden_entry(header: bytes, position: int, stop: int) -> ZipEntry | None:
    """Return the member of a local header, None if it is padding (no name) or not a header at all."""
    if len(header) < LOCAL.size:
        return None
    _, version, flags, method, _, _, crc, packed, size, name_length, extra_length = LOCAL.unpack_from(header)
    wanted = LOCAL.size + name_length + extra_length
    if name_length == 0 or version & 0xFF > 100 or position + wanted > stop or len(header) < wanted:
        return None
    raw = header[LOCAL.size : LOCAL.size + name_length]
    size, packed, _ = zip64_sizes(header[LOCAL.size + name_length : wanted], size, packed, 0)
    data_offset = position + wanted
    if flags & DESCRIBED and packed == 0:
        packed = stop - data_offset
    return ZipEntry(
        name=decode(raw),
        raw_name=raw,
        method=method,
        flags=flags,
        crc=crc,
        compressed_size=min(packed, stop - data_offset),
        size=size,
        header_offset=position,
        data_offset=data_offset,
        encrypted=bool(flags & ENCRYPTED),
        hidden=True,
    )
