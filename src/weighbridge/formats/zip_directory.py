"""Strict ZIP parser: directory, every local header, and what stands between them.

Loaders read ZIP in different ways: by the last end record, by the first, by local headers in a stream, with or without
the flags. So everything is compared with everything, and every difference is an observation. `zipfile` is not used: it
believes one of the two headers and stops at the first defect.

Sources: PKWARE APPNOTE 6.3.10; David Fifield, "A better zip bomb" (WOOT 2019) for overlapping members;
CVE-2025-1944, CVE-2025-1945, CVE-2025-10156 (scanner and loader disagree on name, flags, CRC).
"""

from collections.abc import Iterator
from dataclasses import replace
from struct import Struct
from struct import error as StructError  # noqa: N812  (an exception class under its usual kind of name)

from weighbridge.formats.zip_end import EndRecord, find_end_records
from weighbridge.formats.zip_entry import STORED, ZipEntry
from weighbridge.formats.zip_fields import decode, unicode_path, zip64_sizes
from weighbridge.formats.zip_local import DESCRIBED, ENCRYPTED, LOCAL, LocalReader, Notes, gaps, local_walk
from weighbridge.formats.zip_local import LOCAL_MAGIC as LOCAL_MAGIC
from weighbridge.formats.zip_names import name_observations, repeated_names
from weighbridge.model.budget import Budget
from weighbridge.model.observation import ArchiveAnomaly, Damage, Malformed, Observation, Unread
from weighbridge.model.record import record
from weighbridge.model.source import ByteSource, SourceError

CENTRAL_MAGIC = b"PK\x01\x02"

_CENTRAL = Struct("<4s6H3I5H2I")
_BLOCK = 1 << 20
_MOST_NAME_BYTES = 16 << 20
"""All names together; an honest archive of 100,000 files stays below."""


@record
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
    if head.startswith(LOCAL_MAGIC) and len(head) >= LOCAL.size:
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
            found = tuple(_bounded_names(source, ends[-1]))
        except SourceError:
            found = ()
    _last_names = (source, found)
    return found


def _bounded_names(source: ByteSource, end: EndRecord) -> Iterator[str]:
    named = 0
    for raw, *_ in _central_records(source, end, 200_000):
        named += len(raw)
        if named > _MOST_NAME_BYTES:
            return
        yield decode(raw)


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
    observations = Notes()
    ends = list(find_end_records(source))
    if not ends:
        # A stream reader still sees the members, so they are listed as hidden.
        observations.append(Malformed(damage=Damage.TRUNCATED, reason="the archive has no end record"))
        found = tuple(local_walk(source, 0, source.size, budget, observations))
        return ZipDirectory(entries=(), hidden=found, observations=tuple(observations))
    end = ends[-1]
    observations += end.observations
    entries: list[ZipEntry] = []
    shift = end.shift
    reader = LocalReader(source)
    named = 0
    try:
        for raw, fields, extra, offset in _central_records(source, end, budget.limits.members + 1):
            named += len(raw)
            if len(entries) >= budget.limits.members or named > _MOST_NAME_BYTES:
                reason = f"more than {budget.limits.members} members, or names of more than {_MOST_NAME_BYTES} bytes"
                observations.append(Unread(what="the rest of the archive", reason=reason))
                break
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
    hidden = tuple(gaps(reader, entries, end, budget, observations))
    observations += name_observations(entries)
    observations += repeated_names(entries)
    if end.trailing:
        observations.append(ArchiveAnomaly(kind="trailing-data", detail=f"{end.trailing} bytes after the end record"))
    if first > 0:
        observations.append(ArchiveAnomaly(kind="prefix-data", detail=f"{first} bytes before the first member"))
    return ZipDirectory(
        entries=tuple(entries), hidden=hidden, observations=tuple(observations), prefix=first, comment=end.comment
    )


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
    reader: LocalReader,
    raw: bytes,
    fields: tuple[int, ...],
    extra: bytes,
    offset: int,
    shift: int,
    observations: list[Observation],
) -> ZipEntry:
    """Build the entry of one directory record and compare it with its local header."""
    made_by, _, flags, method, _, _, crc, packed, size, _, _, _, _, _, external, header = fields
    size, packed, header = zip64_sizes(extra, size, packed, header)
    header += shift
    name = decode(raw)
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
        encrypted=bool(flags & ENCRYPTED),
    )
    unicode_name = unicode_path(extra)
    if unicode_name is not None and raw.isascii() and unicode_name != raw:
        observations.append(_differs("name-mismatch", name, raw, unicode_name, offset))
    local = reader.read(header, LOCAL.size + len(raw) + 512) if 0 <= header < reader.source.size else b""
    if len(local) < LOCAL.size or not local.startswith(LOCAL_MAGIC):
        observations.append(
            ArchiveAnomaly(
                kind="no-local-header", detail="the directory points where no member begins", member=name, offset=offset
            )
        )
        return entry
    _, _, l_flags, l_method, _, _, l_crc, l_packed, l_size, l_name_length, l_extra_length = LOCAL.unpack_from(local)
    wanted = LOCAL.size + l_name_length + l_extra_length
    if len(local) < wanted:
        local = reader.read(header, wanted)
    l_raw = local[LOCAL.size : LOCAL.size + l_name_length]
    l_size, l_packed, _ = zip64_sizes(local[LOCAL.size + l_name_length : wanted], l_size, l_packed, 0)
    data_offset = header + wanted
    if data_offset + packed > reader.source.size:
        observations.append(
            Malformed(
                damage=Damage.CONTRADICTION, reason="a member is longer than the archive", member=name, offset=offset
            )
        )
    described = bool((flags | l_flags) & DESCRIBED)
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
    encrypted = bool((flags | l_flags) & ENCRYPTED)
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
