"""Strict ZIP parser: directory, every local header, and what stands between them.

Loaders read ZIP in different ways: by the last end record, by the first, by local headers in a stream, with or without
the flags. So everything is compared with everything, and every difference is an observation. `zipfile` is not used: it
believes one of the two headers and stops at the first defect.

Sources: PKWARE APPNOTE 6.3.10; David Fifield, "A better zip bomb" (WOOT 2019) for overlapping members;
CVE-2025-1944, CVE-2025-1945, CVE-2025-10156 (scanner and loader disagree on name, flags, CRC).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from struct import Struct
from struct import error as StructError  # noqa: N812  (an exception class under its usual kind of name)

from weighbridge.formats.zip_end import EndRecord, find_end_records
from weighbridge.formats.zip_entry import STORED, ZipEntry
from weighbridge.formats.zip_names import name_observations, repeated_names
from weighbridge.model.budget import Budget
from weighbridge.model.observation import ArchiveAnomaly, Damage, Malformed, Observation
from weighbridge.model.source import ByteSource, SourceError

LOCAL_MAGIC = b"PK\x03\x04"
CENTRAL_MAGIC = b"PK\x01\x02"
DESCRIPTOR_MAGIC = b"PK\x07\x08"

_CENTRAL = Struct("<4s6H3I5H2I")
_LOCAL = Struct("<4s5H3I2H")
_ENCRYPTED = 1
_DESCRIPTOR = 8
_BLOCK = 1 << 20
_GAP_SEARCHED = 4 << 20
"""How much of one gap between members is searched for local headers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipDirectory:
    """What a ZIP archive holds and what is odd about it."""

    entries: tuple[ZipEntry, ...]
    """In directory order."""
    hidden: tuple[ZipEntry, ...]
    """Members that only a reader of local headers sees."""
    observations: tuple[Observation, ...]
    prefix: int = 0
    """Bytes before the first member."""
    comment: bytes = b""

    def find(self, name: str) -> ZipEntry | None:
        """Return the last member of that exact name, the one that `zipfile` and miniz-based loaders open."""
        for entry in reversed(self.entries):
            if entry.name == name:
                return entry
        return None


_last_names: tuple[ByteSource | None, tuple[str, ...]] = (None, ())
_last_directory: tuple[ByteSource | None, ZipDirectory | None] = (None, None)


def looks_like_zip(source: ByteSource, head: bytes) -> bool:
    """Tell whether a ZIP reader would take `source`: an end record with a directory where it says.

    A file that begins with a local header but has no directory counts too: stream readers take it.
    """
    if head.startswith(LOCAL_MAGIC) and len(head) >= _LOCAL.size:
        return True
    return any(True for _ in find_end_records(source))


def names(source: ByteSource) -> tuple[str, ...]:
    """Return the member names in the central directory, for recognition; nothing if there is no directory.

    The answer for the source at hand is kept, because every ZIP-based reader asks for it in turn.
    """
    global _last_names
    if _last_names[0] is source:
        return _last_names[1]
    found: tuple[str, ...] = ()
    ends = list(find_end_records(source))
    if ends:
        try:
            found = tuple(_decode(raw) for raw, *_ in _central_records(source, ends[-1], 200_000))
        except SourceError:
            found = ()
    _last_names = (source, found)
    return found


def parse(source: ByteSource, budget: Budget) -> ZipDirectory:
    """Read directory and local headers of `source`. Raises `SourceError`, `LimitReached`.

    The answer for the source at hand is kept, because every ZIP-based reader asks for it in turn.
    """
    global _last_directory
    if _last_directory[0] is source and _last_directory[1] is not None:
        return _last_directory[1]
    directory = _parse(source, budget)
    _last_directory = (source, directory)
    return directory


def _parse(source: ByteSource, budget: Budget) -> ZipDirectory:
    observations: list[Observation] = []
    ends = list(find_end_records(source))
    if not ends:
        # A stream reader still sees the members, so they are listed as hidden.
        observations.append(Malformed(damage=Damage.TRUNCATED, reason="the archive has no end record"))
        found = tuple(_local_walk(source, 0, source.size, budget, observations))
        return ZipDirectory(entries=(), hidden=found, observations=tuple(observations))
    end = ends[-1]
    observations += end.observations
    entries: list[ZipEntry] = []
    shift = end.shift
    reader = _LocalReader(source)
    try:
        for raw, fields, extra, offset in _central_records(source, end, budget.limits.members):
            budget.spend("archive entries", 1, budget.limits.members)
            entries.append(_checked_entry(reader, raw, fields, extra, offset, shift, observations))
    except SourceError as error:
        observations.append(Malformed(damage=Damage.CONTRADICTION, reason=str(error)))
    if len(entries) != end.count and not observations:
        observations.append(
            ArchiveAnomaly(
                kind="count-mismatch", detail=f"end record counts {end.count}, directory holds {len(entries)}"
            )
        )
    first = min((entry.header_offset for entry in entries), default=end.directory_offset)
    for other in ends[:-1]:
        if other.directory_offset != end.directory_offset and not first <= other.offset < end.directory_offset:
            observations.append(
                ArchiveAnomaly(kind="several-directories", detail="two end records lead to two lists of members")
            )
            break
    hidden = tuple(_gaps(reader, entries, end, budget, observations))
    observations += name_observations(entries)
    observations += repeated_names(entries)
    if end.trailing:
        observations.append(ArchiveAnomaly(kind="trailing-data", detail=f"{end.trailing} bytes after the end record"))
    if first > 0:
        observations.append(ArchiveAnomaly(kind="prefix-data", detail=f"{first} bytes before the first member"))
    return ZipDirectory(
        entries=tuple(entries), hidden=hidden, observations=tuple(observations), prefix=first, comment=end.comment
    )


class _LocalReader:
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


def _central_records(
    source: ByteSource, end: EndRecord, most: int
) -> Iterator[tuple[bytes, tuple[int, ...], bytes, int]]:
    """Yield name, fields, extra field and offset of each directory record. Raises `SourceError`."""
    position = end.directory_offset
    limit = end.directory_offset + end.directory_size
    block = b""
    block_at = position
    count = 0
    while position < limit:
        start = position - block_at
        if start + _CENTRAL.size + 3 * 65535 > len(block) and block_at + len(block) < limit:
            block = source.read(position, min(_BLOCK, limit - position))
            block_at, start = position, 0
        try:
            fields = _CENTRAL.unpack_from(block, start)
        except StructError:
            raise SourceError("the directory ends inside a record") from None
        if fields[0] != CENTRAL_MAGIC:
            if block[start : start + 4] in (b"PK\x05\x05", b"PK\x06\x06"):
                return
            raise SourceError("the directory holds something that is not a member record")
        name_at = start + _CENTRAL.size
        extra_at = name_at + fields[10]
        comment_at = extra_at + fields[11]
        if comment_at + fields[12] > len(block):
            raise SourceError("a directory record is longer than the directory")
        yield block[name_at:extra_at], fields[1:], block[extra_at:comment_at], position
        position = block_at + comment_at + fields[12]
        count += 1
        if count > most:
            return


def _checked_entry(
    reader: _LocalReader,
    raw: bytes,
    fields: tuple[int, ...],
    extra: bytes,
    offset: int,
    shift: int,
    observations: list[Observation],
) -> ZipEntry:
    """Build the entry of one directory record and compare it with its local header."""
    made_by, _, flags, method, _, _, crc, packed, size, _, _, _, _, _, external, header = fields
    size, packed, header = _zip64(extra, size, packed, header)
    header += shift
    name = _decode(raw)
    entry = ZipEntry(
        name=name,
        raw_name=raw,
        method=method,
        flags=flags,
        crc=crc,
        compressed_size=packed,
        size=size,
        header_offset=header,
        data_offset=0,
        external_attributes=external,
        # Archives by Python and Go carry a Unix mode under their own system code; a mode is a mode.
        unix=made_by >> 8 in (3, 19) or external >> 16 != 0,
        encrypted=bool(flags & _ENCRYPTED),
    )
    unicode_name = _unicode_path(extra)
    if unicode_name is not None and raw.isascii() and unicode_name != raw:
        observations.append(_differs("name-mismatch", name, raw, unicode_name, offset))
    local = reader.read(header, _LOCAL.size + len(raw) + 512) if 0 <= header < reader.source.size else b""
    if len(local) < _LOCAL.size or not local.startswith(LOCAL_MAGIC):
        observations.append(
            ArchiveAnomaly(
                kind="no-local-header", detail="the directory points where no member begins", member=name, offset=offset
            )
        )
        return entry
    _, _, l_flags, l_method, _, _, l_crc, l_packed, l_size, l_name_length, l_extra_length = _LOCAL.unpack_from(local)
    wanted = _LOCAL.size + l_name_length + l_extra_length
    if len(local) < wanted:
        local = reader.read(header, wanted)
    l_raw = local[_LOCAL.size : _LOCAL.size + l_name_length]
    l_size, l_packed, _ = _zip64(local[_LOCAL.size + l_name_length : wanted], l_size, l_packed, 0)
    data_offset = header + wanted
    if data_offset + packed > reader.source.size:
        observations.append(
            Malformed(
                damage=Damage.CONTRADICTION, reason="a member is longer than the archive", member=name, offset=offset
            )
        )
    described = bool((flags | l_flags) & _DESCRIPTOR)
    if l_raw != raw:
        observations.append(_differs("name-mismatch", name, raw, l_raw, offset))
    if l_method != method:
        observations.append(_differs("method-mismatch", name, method, l_method, offset))
    if (flags ^ l_flags) & 0x2041:
        observations.append(_differs("flag-mismatch", name, hex(flags), hex(l_flags), offset))
    for kind, mine, other in (
        ("crc-mismatch", crc, l_crc),
        ("size-mismatch", packed, l_packed),
        ("size-mismatch", size, l_size),
    ):
        if mine != other and not (described and other in (0, 0xFFFFFFFF)):
            observations.append(_differs(kind, name, mine, other, offset))
    encrypted = bool((flags | l_flags) & _ENCRYPTED)
    if method == STORED and packed != size and not encrypted:
        observations.append(_differs("size-mismatch", name, packed, size, offset))
    if encrypted and method == STORED and packed == size and size:
        observations.append(
            ArchiveAnomaly(
                kind="flag-mismatch",
                detail="marked as encrypted, but without room for a key",
                member=name,
                offset=offset,
            )
        )
    return replace(entry, data_offset=data_offset, encrypted=encrypted)


def _differs(kind: str, name: str, central: object, local: object, offset: int) -> ArchiveAnomaly:
    detail = f"the directory says {_short(central)}, the member itself {_short(local)}"
    return ArchiveAnomaly(kind=kind, detail=detail, member=name, offset=offset)


def _short(value: object) -> str:
    text = value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp437")


def _extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position + 4 <= len(extra):
        length = int.from_bytes(extra[position + 2 : position + 4], "little")
        yield int.from_bytes(extra[position : position + 2], "little"), extra[position + 4 : position + 4 + length]
        position += 4 + length


def _zip64(extra: bytes, size: int, packed: int, header: int) -> tuple[int, int, int]:
    """Replace the fields that are all ones by their 64-bit values (APPNOTE 4.5.3)."""
    if 0xFFFFFFFF not in (size, packed, header):
        return size, packed, header
    for kind, content in _extra_fields(extra):
        if kind == 1:
            values = [int.from_bytes(content[at : at + 8], "little") for at in range(0, len(content) - 7, 8)]
            size = values.pop(0) if size == 0xFFFFFFFF and values else size
            packed = values.pop(0) if packed == 0xFFFFFFFF and values else packed
            header = values.pop(0) if header == 0xFFFFFFFF and values else header
            break
    return size, packed, header


def _unicode_path(extra: bytes) -> bytes | None:
    if b"\x75\x70" not in extra:
        return None
    for kind, content in _extra_fields(extra):
        if kind == 0x7075 and len(content) > 5:
            return content[5:]
    return None


def _gaps(
    reader: _LocalReader, entries: list[ZipEntry], end: EndRecord, budget: Budget, observations: list[Observation]
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
            yield from _local_walk(reader.source, position, start, budget, observations)
        position = max(position, stop)
    if position > end.directory_offset and spans and not overlapping:
        observations.append(
            ArchiveAnomaly(kind="overlap", detail="a member reaches into the directory", offset=end.directory_offset)
        )
    if end.directory_offset - position >= 30:
        yield from _local_walk(reader.source, position, end.directory_offset, budget, observations)


def _local_walk(
    source: ByteSource, start: int, stop: int, budget: Budget, observations: list[Observation]
) -> Iterator[ZipEntry]:
    """Yield the members whose local headers stand in `[start, stop)`, where no directory entry leads."""
    position = start
    noted = False
    while position + _LOCAL.size <= stop and position - start < _GAP_SEARCHED:
        block = source.read(position, min(_BLOCK, stop - position))
        at = block.find(LOCAL_MAGIC)
        if at < 0:
            position += max(1, len(block) - 3)
            if len(block) < _LOCAL.size:
                return
            continue
        position += at
        budget.spend("archive entries", 1, budget.limits.members)
        header = source.read(position, _LOCAL.size + 2 * 65535)
        entry = _hidden_entry(header, position, stop)
        if entry is None:
            position += 4
            continue
        if not noted:
            observations.append(
                ArchiveAnomaly(
                    kind="hidden-member", detail="the directory does not list it", member=entry.name, offset=position
                )
            )
        noted = True
        yield entry
        position = max(
            position + 4, entry.data_offset + (entry.compressed_size if not entry.flags & _DESCRIPTOR else 0)
        )


def _hidden_entry(header: bytes, position: int, stop: int) -> ZipEntry | None:
    """Return the member of a local header, None if it is padding (no name) or not a header at all."""
    if len(header) < _LOCAL.size:
        return None
    _, version, flags, method, _, _, crc, packed, size, name_length, extra_length = _LOCAL.unpack_from(header)
    wanted = _LOCAL.size + name_length + extra_length
    if name_length == 0 or version & 0xFF > 100 or position + wanted > stop or len(header) < wanted:
        return None
    raw = header[_LOCAL.size : _LOCAL.size + name_length]
    size, packed, _ = _zip64(header[_LOCAL.size + name_length : wanted], size, packed, 0)
    data_offset = position + wanted
    if flags & _DESCRIPTOR and packed == 0:
        packed = stop - data_offset
    return ZipEntry(
        name=_decode(raw),
        raw_name=raw,
        method=method,
        flags=flags,
        crc=crc,
        compressed_size=min(packed, stop - data_offset),
        size=size,
        header_offset=position,
        data_offset=data_offset,
        encrypted=bool(flags & _ENCRYPTED),
        hidden=True,
    )
