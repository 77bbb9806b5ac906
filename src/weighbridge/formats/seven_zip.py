"""7z archives: every file is a file of its own.

Sources: 7zFormat.txt of the LZMA SDK; the nullifAI case (ReversingLabs, 2025), in which models on a public hub were
packed as 7z so that scanners passed over them.
"""

import zlib

from weighbridge.formats.member_path import escape_of, link_escapes
from weighbridge.formats.reader import Child, Reader, Reading, Role, Signature
from weighbridge.formats.seven_zip_codecs import NotSupported, codec_of_folder
from weighbridge.formats.seven_zip_header import (
    ENCODED_HEADER,
    HEADER,
    SIGNATURE,
    Cursor,
    File,
    Folder,
    HeaderError,
    read_header,
    read_streams,
)
from weighbridge.formats.sparse_source import SparseSource
from weighbridge.model.budget import Budget
from weighbridge.model.observation import (
    ArchiveAnomaly,
    Damage,
    Escape,
    Excess,
    Malformed,
    Observation,
    OutsideReference,
    Unread,
)
from weighbridge.model.source import ByteSource, SourceError
from weighbridge.model.stream_source import StreamSource

_START = 32
_MOST_LAYERS = 4
SMALLEST = 2
_MOST = 20


def _read(source: ByteSource, budget: Budget) -> Reading:
    observations: list[Observation] = []
    children: tuple[Child, ...] = ()
    try:
        folders, files = _header(source, budget, observations)
        children = _children(source, folders, files, budget, observations)
    except HeaderError as error:
        truncated = _START + int.from_bytes(source.read(12, 8), "little") >= source.size
        damage = Damage.TRUNCATED if truncated else Damage.INVALID
        observations.append(Malformed(damage=damage, reason=str(error)))
    except NotSupported as missing:
        observations.append(Unread(what="list of files", reason=f"packed with {missing}"))
    return Reading(format="seven-zip", holds_model=False, observations=tuple(observations), children=children)


def _header(source: ByteSource, budget: Budget, observations: list[Observation]) -> tuple[list[Folder], list[File]]:
    start = source.read(0, _START)
    if len(start) < _START:
        raise HeaderError("the start header ends early")
    offset = int.from_bytes(start[12:20], "little")
    size = int.from_bytes(start[20:28], "little")
    if zlib.crc32(start[12:32]) != int.from_bytes(start[8:12], "little"):
        observations.append(ArchiveAnomaly(kind="crc-mismatch", detail="the start header's checksum does not fit"))
    if size == 0:
        return [], []
    limit = budget.limits.string_bytes
    if _START + offset + size > source.size or size > limit:
        raise HeaderError("the header lies beyond the end of the file")
    content = source.read(_START + offset, size)
    if zlib.crc32(content) != int.from_bytes(start[28:32], "little"):
        observations.append(ArchiveAnomaly(kind="crc-mismatch", detail="the header's checksum does not fit"))
    for _ in range(_MOST_LAYERS):
        cursor = Cursor(content)
        kind = cursor.byte()
        if kind == HEADER:
            return read_header(cursor)
        if kind != ENCODED_HEADER:
            break
        folders, _ = read_streams(cursor)
        if not folders:
            return [], []
        if folders[0].size > limit:
            raise HeaderError("the packed header is too long")
        packed = _stream(source, folders[0], budget)
        content = packed.read(0, folders[0].size)
        if len(content) < folders[0].size:
            raise HeaderError(packed.damage or "the packed header ends early")
    raise HeaderError("neither a header nor a packed header")


def _stream(source: ByteSource, folder: Folder, budget: Budget) -> StreamSource:
    return StreamSource(
        source,
        codec_of_folder(folder),
        budget,
        offset=_START + folder.offset,
        length=folder.packed_sizes[0],
        size=folder.size,
    )


def _children(
    source: ByteSource, folders: list[Folder], files: list[File], budget: Budget, observations: list[Observation]
) -> tuple[Child, ...]:
    limits = budget.limits
    packed = sum(size for folder in folders for size in folder.packed_sizes)
    expanded = sum(folder.size for folder in folders)
    if expanded > limits.expanded_bytes // 2 and expanded > packed * limits.expansion_ratio:
        what = f"{packed} compressed bytes that become {expanded}"
        observations.append(Excess(what=what, limit=limits.expanded_bytes // 2))
        return ()
    streams: dict[int, StreamSource | None] = {}
    children = []
    for file in files:
        if len(observations) < _MOST and (escape := escape_of(file.name)) is not None:
            observations.append(OutsideReference(escape=escape, target=file.name[:200], member=file.name))
        if file.size < SMALLEST:
            continue
        if file.folder not in streams:
            streams[file.folder] = _folder_stream(source, folders[file.folder], file, budget, observations)
        content = streams[file.folder]
        if content is None:
            continue
        base = file.name.replace("\\", "/").rpartition("/")[2].encode("utf-8", "surrogateescape")
        child = SparseSource(content, file.offset, ((0, file.size),), file.size, base)
        if file.attributes & 0x8000 and file.attributes >> 28 == 0o12:
            target = child.read(0, 4096).decode("utf-8", "replace")
            if link_escapes(file.name, target):
                reference = OutsideReference(escape=Escape.SYMBOLIC_LINK, target=target[:200], member=file.name)
                observations.append(reference)
            continue
        children.append(Child(member=file.name, source=child, role=Role.MEMBER))
    return tuple(children)


def _folder_stream(
    source: ByteSource, folder: Folder, file: File, budget: Budget, observations: list[Observation]
) -> StreamSource | None:
    """Return the folder's content, None with an observation if it cannot be expanded."""
    try:
        return _stream(source, folder, budget)
    except NotSupported as missing:
        reason = f"packed with {missing}"
    except SourceError as error:
        reason = str(error)
    if len(observations) < _MOST:
        observations.append(Unread(what=file.name, reason=reason, member=file.name))
    return None


READER = Reader(
    id="seven-zip",
    title="7z archive",
    recognize=lambda _source, _head: True,
    read=_read,
    signatures=(Signature(magic=SIGNATURE),),
    general=True,
)
