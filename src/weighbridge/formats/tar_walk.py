"""Walk of a tar archive: members with their real names, sizes and content.

Sources: POSIX.1-2017 `pax`; GNU tar manual, "Storing Sparse Files"; CVE-2025-62518 (a size in the extended header that
contradicts the plain one lets two readers see different members).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from weighbridge.formats.sparse_source import SparseSource
from weighbridge.formats.tar_header import (
    BLOCK,
    HARD_LINK,
    LONG_LINK,
    LONG_NAME,
    PAX_GLOBAL,
    PAX_LOCAL,
    SOLARIS_PAX,
    SPARSE,
    SYMBOLIC_LINK,
    TarHeader,
    old_sparse_map,
    parse_header,
    real_size,
)
from weighbridge.model.budget import Budget
from weighbridge.model.observation import ArchiveAnomaly, Damage, Malformed, Observation, Unread
from weighbridge.model.record import record
from weighbridge.model.source import ByteSource

_LONGEST_EXTENSION = 1 << 20
_MOST_PIECES = 20_000
_MOST_EXTENSIONS = 64
_MOST_NAME_BYTES = 16 << 20
"""All names together; an honest archive of 100,000 files stays below."""
_LARGEST_PLAIN = 8**11
"""From here on the plain size field cannot hold the size."""
_SEARCHED_AFTER_END = 1 << 20


@record
class TarMember:
    """One member as a reader that knows all extensions sees it."""

    name: str
    raw_name: bytes
    kind: bytes
    link: str
    offset: int
    """Of the content, in the archive."""
    packed_size: int
    """Bytes of content in the archive."""
    size: int
    """Bytes when extracted."""
    pieces: tuple[tuple[int, int], ...] | None
    """Map of a sparse file: (offset, length) of what is stored."""
    is_regular: bool
    kept: tuple[bytes, bytes] = (b"", b"")
    """Start and end of the content, if the archive is a stream."""

    @property
    def names_content(self) -> bool:
        """Whether it is a file, or a link that stands for one."""
        return self.is_regular or self.kind in (HARD_LINK, SYMBOLIC_LINK)

    def source(self, archive: ByteSource) -> ByteSource:
        """Return the content."""
        base = self.raw_name.rstrip(b"/").rpartition(b"/")[2]
        if self.pieces is None:
            return SparseSource(archive, self.offset, ((0, self.packed_size),), self.size, base, self.kept)
        return SparseSource(archive, self.offset, self.pieces, self.size, base)


@dataclass(slots=True)
class _Extended:
    """What extension headers say about the next member."""

    values: dict[str, str] = field(default_factory=dict)
    name: bytes | None = None
    link: bytes | None = None


def walk(source: ByteSource, budget: Budget, observations: list[Observation]) -> Iterator[TarMember]:
    """Yield the members of `source`; what is odd about the archive goes to `observations`.

    Raises:
        SourceError, LimitReached: from reading `source`.
    """
    position = 0
    extended = _Extended()
    extensions = 0
    globals_: dict[str, str] = {}
    count = named = 0
    last: TarMember | None = None
    while True:
        block = source.read(position, BLOCK)
        if not block:
            # Some writers leave out the end blocks, which every reader accepts, but not content.
            if last is not None and last.packed_size and not source.read(last.offset + last.packed_size - 1, 1):
                reason = "the archive ends inside a member"
                observations.append(
                    Malformed(damage=Damage.TRUNCATED, reason=reason, member=last.name, offset=last.offset)
                )
            return
        header = parse_header(block)
        if header is None:
            if block.strip(b"\x00"):
                damage = Damage.TRUNCATED if len(block) < BLOCK else Damage.INVALID
                observations.append(
                    Malformed(damage=damage, reason="no member header where one must be", offset=position)
                )
                return
            later = _header_after_end(source, position)
            if later is None:
                return
            observations.append(
                ArchiveAnomaly(
                    kind="members-after-end", detail="only some readers go on after the end mark", offset=later
                )
            )
            position = later
            continue
        content = position + BLOCK
        if header.kind in (PAX_LOCAL, PAX_GLOBAL, SOLARIS_PAX, LONG_NAME, LONG_LINK):
            extensions += 1
            if header.size > _LONGEST_EXTENSION or extensions > _MOST_EXTENSIONS:
                observations.append(
                    Malformed(damage=Damage.INVALID, reason="extension headers without end", offset=position)
                )
                return
            payload = source.read(content, header.size)
            _extend(extended, globals_, header.kind, payload)
            position = content + _padded(header.size)
            continue
        count += 1
        last = member = _member(source, header, extended, globals_, content, observations)
        named += len(member.raw_name) + len(member.link)
        if count > budget.limits.members or named > _MOST_NAME_BYTES:
            reason = f"more than {count - 1} members, or names of more than {_MOST_NAME_BYTES} bytes"
            observations.append(Unread(what="the rest of the archive", reason=reason))
            return
        yield member
        extended, extensions = _Extended(), 0
        position = member.offset + _padded(member.packed_size)


def _member(
    source: ByteSource,
    header: TarHeader,
    extended: _Extended,
    globals_: dict[str, str],
    content: int,
    observations: list[Observation],
) -> TarMember:
    values = {**globals_, **extended.values}
    raw_name = extended.name if extended.name is not None else header.name
    link = (extended.link if extended.link is not None else header.link).decode("utf-8", "backslashreplace")
    if (path := values.get("GNU.sparse.name") or values.get("path")) is not None:
        raw_name = path.encode("utf-8", "surrogateescape")
    link = values.get("linkpath", link)
    size = packed = header.size if header.kind not in b"123456" else 0
    name = raw_name.decode("utf-8", "backslashreplace")
    stated = _decimal(values.get("size"))
    if stated is not None and stated != header.size:
        if stated < _LARGEST_PLAIN and header.kind not in b"123456":
            detail = f"the extended header says {stated} bytes, the plain one {header.size}"
            observations.append(ArchiveAnomaly(kind="size-mismatch", detail=detail, member=name, offset=content))
        size = packed = stated
    pieces: tuple[tuple[int, int], ...] | None = None
    if header.kind == SPARSE:
        mapped = old_sparse_map(header.block, 386, 4)
        more = header.block[482:483] not in (b"\x00", b"")
        while more and len(mapped) < _MOST_PIECES:
            block = source.read(content, BLOCK)
            mapped += old_sparse_map(block, 0, 21)
            more = len(block) == BLOCK and block[504] != 0
            content += BLOCK
        size, pieces = real_size(header.block), tuple(mapped)
    elif "GNU.sparse.major" in values or "GNU.sparse.map" in values or "GNU.sparse.size" in values:
        size = _decimal(values.get("GNU.sparse.realsize") or values.get("GNU.sparse.size")) or size
        if values.get("GNU.sparse.major") == "1":
            pieces, used = _map_in_content(source, content, packed)
            content += used
            packed -= used
        else:
            numbers = [_decimal(text) or 0 for text in values.get("GNU.sparse.map", "").split(",")[: 2 * _MOST_PIECES]]
            pieces = tuple(zip(numbers[::2], numbers[1::2], strict=False))
    return TarMember(
        name=name,
        raw_name=raw_name,
        kind=header.kind,
        link=link,
        offset=content,
        packed_size=max(0, packed),
        size=size,
        pieces=pieces,
        is_regular=header.is_regular,
    )


def _map_in_content(source: ByteSource, content: int, packed: int) -> tuple[tuple[tuple[int, int], ...], int]:
    """Read the map of a sparse 1.0 member: decimal lines at the start of its content, padded to a block."""
    text = source.read(content, min(packed, 24 * _MOST_PIECES))
    lines = text.split(b"\n", 2 * _MOST_PIECES + 2)
    count = min(_decimal(lines[0].decode("ascii", "replace")) or 0, _MOST_PIECES)
    numbers = [_decimal(line.decode("ascii", "replace")) or 0 for line in lines[1 : 1 + 2 * count]]
    used = sum(len(line) + 1 for line in lines[: 1 + 2 * count])
    return tuple(zip(numbers[::2], numbers[1::2], strict=False)), min(packed, _padded(used))


def _extend(extended: _Extended, globals_: dict[str, str], kind: bytes, payload: bytes) -> None:
    if kind == LONG_NAME:
        extended.name = payload.partition(b"\x00")[0]
    elif kind == LONG_LINK:
        extended.link = payload.partition(b"\x00")[0]
    else:
        values = globals_ if kind == PAX_GLOBAL else extended.values
        position = 0
        while position < len(payload):
            length_text, space, _ = payload[position : position + 20].partition(b" ")
            length = _decimal(length_text.decode("ascii", "replace"))
            if not space or not length or length <= len(length_text) + 2:
                return
            record = payload[position + len(length_text) + 1 : position + length - 1]
            key, equals, value = record.partition(b"=")
            if equals and len(values) < 1000:
                values[key.decode("utf-8", "replace")] = value.decode("utf-8", "surrogateescape")
            position += length


def _header_after_end(source: ByteSource, position: int) -> int | None:
    """Return where a header stands behind the end mark, None if only zeros or other data do."""
    rest = source.read(position, _SEARCHED_AFTER_END)
    for at in range(BLOCK, len(rest) - BLOCK + 1, BLOCK):
        if rest[at] and rest[at + 257 : at + 262] == b"ustar" and parse_header(rest[at : at + BLOCK]) is not None:
            return position + at
    return None


def _decimal(text: str | None) -> int | None:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 19:
        return None
    return int(text)


def _padded(size: int) -> int:
    return (size + BLOCK - 1) // BLOCK * BLOCK
