"""End records of a ZIP archive, from the last bytes of the file.

Source: PKWARE APPNOTE 6.3.10, sections 4.3.14 to 4.3.16.
"""

from collections.abc import Iterator
from struct import Struct

from weighbridge.model.observation import ArchiveAnomaly, Observation
from weighbridge.model.record import record
from weighbridge.model.source import ByteSource

END_MAGIC = b"PK\x05\x06"
_LOCATOR_MAGIC = b"PK\x06\x07"
_END64_MAGIC = b"PK\x06\x06"
_END = Struct("<4s4H2IH")
_LOCATOR = Struct("<4sIQI")
_END64 = Struct("<4sQ2H2I4Q")
_SEARCHED = 65535 + _END.size
_CENTRAL_MAGIC = b"PK\x01\x02"
_MOST = 16
"""More end records than that in one comment are not looked at."""


@record
class EndRecord:
    """One end record that leads to a directory."""

    offset: int
    count: int
    directory_offset: int
    """Where the directory really begins, bytes before the archive included."""
    directory_size: int
    shift: int
    """Bytes before the archive that its own offsets do not know of."""
    comment: bytes
    trailing: int
    """Bytes after the record and its comment."""
    observations: tuple[Observation, ...]


def find_end_records(source: ByteSource) -> Iterator[EndRecord]:
    """Yield the end records in the last 64 KiB whose directory is where they say, in file order."""
    size = source.size
    if size < _END.size:
        return
    short = source.read(size - _END.size, _END.size)
    start = max(0, size - _SEARCHED)
    if short.startswith(END_MAGIC) and short.endswith(b"\x00\x00") and size > 3 * _SEARCHED:
        # The common case by far; two end records without a comment cannot both be last, but one may stand before.
        start = max(0, size - 4096)
    block = source.read(start, size - start)
    positions: list[int] = []
    at = block.rfind(END_MAGIC)
    while at >= 0 and len(positions) < _MOST:
        positions.append(at)
        at = block.rfind(END_MAGIC, 0, at)
    for at in reversed(positions):
        record = _valid(source, block, at, start, size)
        if record is not None:
            yield record


def _valid(source: ByteSource, block: bytes, at: int, start: int, size: int) -> EndRecord | None:
    if at + _END.size > len(block):
        return None
    _, disk, directory_disk, here, count, length, offset, comment_length = _END.unpack_from(block, at)
    position = start + at
    boundary = position
    observations: list[Observation] = []
    wide = _zip64(source, position)
    if wide is not None:
        boundary, count64, length64, offset64 = wide
        narrow = (count, length, offset)
        for small, full, ones in zip(
            narrow, (count64, length64, offset64), (0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF), strict=True
        ):
            if small not in (full, ones):
                detail = "the 64-bit end record contradicts the plain one"
                observations.append(ArchiveAnomaly(kind="end-mismatch", detail=detail, offset=position))
                break
        count, length, offset = count64, length64, offset64
    elif 0xFFFFFFFF in (length, offset):
        return None
    if disk != directory_disk or (here != count and wide is None) or disk not in (0, 0xFFFF):
        observations.append(ArchiveAnomaly(kind="several-volumes", detail="the archive says that it is split"))
    if length + offset > boundary:
        return None
    directory = boundary - length
    if length and source.read(directory, 4) != _CENTRAL_MAGIC:
        # Something stands between directory and end record (a signature block): believe the stated offset.
        if source.read(offset, 4) != _CENTRAL_MAGIC:
            return None
        directory = offset
    comment = source.read(position + _END.size, comment_length)
    trailing = size - position - _END.size - comment_length
    if trailing < 0:
        observations.append(
            ArchiveAnomaly(kind="comment-mismatch", detail="the comment is longer than the file", offset=position)
        )
    return EndRecord(
        offset=position,
        count=count,
        directory_offset=directory,
        directory_size=length,
        shift=directory - offset,
        comment=comment,
        trailing=max(0, trailing),
        observations=tuple(observations),
    )


def _zip64(source: ByteSource, end_offset: int) -> tuple[int, int, int, int] | None:
    """Return offset of the 64-bit end record, and its count, directory size and directory offset."""
    if end_offset < _LOCATOR.size + _END64.size:
        return None
    locator = source.read(end_offset - _LOCATOR.size, _LOCATOR.size)
    if not locator.startswith(_LOCATOR_MAGIC):
        return None
    stated = _LOCATOR.unpack(locator)[2]
    for position in (stated, end_offset - _LOCATOR.size - _END64.size):
        if 0 <= position <= end_offset - _END64.size:
            record = source.read(position, _END64.size)
            if record.startswith(_END64_MAGIC) and len(record) == _END64.size:
                fields = _END64.unpack(record)
                return position, fields[7], fields[8], fields[9]
    return None
