"""The header of a 7z archive: packed streams, folders, files. Every count is checked against the bytes at hand.

Source: 7zFormat.txt of the LZMA SDK.
"""

from collections.abc import Iterator

from weighbridge.model.record import record

SIGNATURE = b"7z\xbc\xaf\x27\x1c"

_END = 0x00
_PACK_INFO = 0x06
_UNPACK_INFO = 0x07
_SUBSTREAMS_INFO = 0x08
_SIZE = 0x09
_CRC = 0x0A
_FOLDER = 0x0B
_UNPACK_SIZE = 0x0C
_NUM_UNPACK_STREAM = 0x0D
_EMPTY_STREAM = 0x0E
_NAMES = 0x11
_ATTRIBUTES = 0x15

HEADER = 0x01
ENCODED_HEADER = 0x17
_ARCHIVE_PROPERTIES = 0x02
_ADDITIONAL_STREAMS = 0x03
_MAIN_STREAMS = 0x04
_FILES_INFO = 0x05

_MOST_CODERS = 32
_MOST_FILES = 200_000
_MOST_FOLDERS = 50_000


class HeaderError(Exception):
    """The header breaks the format's rules."""


@record
class Coder:
    """One step of a folder's decoding."""

    method: bytes
    properties: bytes
    inputs: int
    outputs: int


@record
class Folder:
    """Files that are packed together."""

    coders: tuple[Coder, ...]
    bonds: tuple[tuple[int, int], ...]
    """(input, output) that are connected."""
    packed_inputs: tuple[int, ...]
    sizes: tuple[int, ...]
    """Expanded size of each output."""
    offset: int
    """Of the first packed stream, from the end of the start header."""
    packed_sizes: tuple[int, ...]

    @property
    def size(self) -> int:
        """Expanded size of the whole folder: the output that feeds no other coder."""
        bound = {output for _, output in self.bonds}
        for index in reversed(range(len(self.sizes))):
            if index not in bound:
                return self.sizes[index]
        return 0


@record
class File:
    """One file as the header lists it."""

    name: str
    folder: int
    """Index of its folder, -1 if it has no content."""
    offset: int
    size: int
    attributes: int


class Cursor:
    """Bounded reading of header bytes. Every method raises `HeaderError` at the end."""

    __slots__ = ("_bytes", "position")

    def __init__(self, content: bytes) -> None:
        self._bytes = content
        self.position = 0

    @property
    def left(self) -> int:
        """Bytes that are still there."""
        return len(self._bytes) - self.position

    def take(self, length: int) -> bytes:
        """Return the next `length` bytes."""
        if length < 0 or length > self.left:
            raise HeaderError("the header ends early")
        self.position += length
        return self._bytes[self.position - length : self.position]

    def byte(self) -> int:
        """Return the next byte."""
        return self.take(1)[0]

    def number(self) -> int:
        """Return a number of one to nine bytes."""
        first = self.byte()
        mask = 0x80
        value = 0
        for index in range(8):
            if not first & mask:
                return value | (first & (mask - 1)) << (8 * index)
            value |= self.byte() << (8 * index)
            mask >>= 1
        return value

    def count(self, most: int | None = None) -> int:
        """Return a number of things that each take at least one byte, at most `most` of them."""
        value = self.number()
        if value > min(self.left, _MOST_FILES if most is None else most):
            raise HeaderError(f"the header counts {value} items in {self.left} bytes")
        return value

    def bits(self, count: int) -> list[bool]:
        """Return `count` bits, most significant first."""
        content = self.take((count + 7) // 8)
        return [bool(content[index >> 3] & 0x80 >> (index & 7)) for index in range(count)]

    def digests(self, count: int) -> None:
        """Pass over `count` optional digests."""
        defined = [True] * count if self.byte() else self.bits(count)
        self.take(4 * sum(defined))


def read_streams(cursor: Cursor) -> tuple[list[Folder], list[list[int]]]:
    """Return the folders, and for each the sizes of the files in it."""
    offset = 0
    packed: list[int] = []
    folders: list[Folder] = []
    contents: list[list[int]] | None = None
    while (kind := cursor.byte()) != _END:
        if kind == _PACK_INFO:
            offset, packed = _pack_info(cursor)
        elif kind == _UNPACK_INFO:
            folders = _folders(cursor, offset, packed)
        elif kind == _SUBSTREAMS_INFO:
            contents = _substreams(cursor, folders)
        else:
            raise HeaderError(f"unknown property {kind} among the streams")
    return folders, contents if contents is not None else [[folder.size] for folder in folders]


def _pack_info(cursor: Cursor) -> tuple[int, list[int]]:
    offset = cursor.number()
    count = cursor.count()
    sizes: list[int] = []
    while (kind := cursor.byte()) != _END:
        if kind == _SIZE:
            sizes = [cursor.number() for _ in range(count)]
        elif kind == _CRC:
            cursor.digests(count)
        else:
            raise HeaderError(f"unknown property {kind} among the packed streams")
    return offset, sizes


def _folders(cursor: Cursor, offset: int, packed: list[int]) -> list[Folder]:
    if cursor.byte() != _FOLDER:
        raise HeaderError("no folder where one must be")
    count = cursor.count(_MOST_FOLDERS)
    if cursor.byte() != 0:
        raise HeaderError("folders are kept outside of the header")
    shapes = [_folder(cursor) for _ in range(count)]
    if cursor.byte() != _UNPACK_SIZE:
        raise HeaderError("no expanded sizes where they must be")
    sizes = [tuple(cursor.number() for _ in range(sum(coder.outputs for coder in shape[0]))) for shape in shapes]
    while (kind := cursor.byte()) != _END:
        if kind != _CRC:
            raise HeaderError(f"unknown property {kind} among the folders")
        cursor.digests(count)
    folders = []
    first = 0
    for (coders, bonds, inputs), expanded in zip(shapes, sizes, strict=True):
        mine = tuple(packed[first : first + len(inputs)])
        if len(mine) != len(inputs):
            raise HeaderError("a folder has no packed stream")
        first += len(inputs)
        folders.append(
            Folder(coders=coders, bonds=bonds, packed_inputs=inputs, sizes=expanded, offset=offset, packed_sizes=mine)
        )
        offset += sum(mine)
    return folders


def _folder(cursor: Cursor) -> tuple[tuple[Coder, ...], tuple[tuple[int, int], ...], tuple[int, ...]]:
    coders = []
    for _ in range(cursor.count(_MOST_CODERS)):
        flags = cursor.byte()
        method = cursor.take(flags & 0x0F)
        inputs = outputs = 1
        if flags & 0x10:
            inputs, outputs = cursor.count(_MOST_CODERS), cursor.count(_MOST_CODERS)
        properties = cursor.take(cursor.number()) if flags & 0x20 else b""
        coders.append(Coder(method=method, properties=properties, inputs=inputs, outputs=outputs))
    all_inputs = sum(coder.inputs for coder in coders)
    all_outputs = sum(coder.outputs for coder in coders)
    bonds = tuple((cursor.number(), cursor.number()) for _ in range(max(0, all_outputs - 1)))
    packed = all_inputs - len(bonds)
    if packed == 1:
        bound = {bond[0] for bond in bonds}
        inputs_packed = tuple(index for index in range(all_inputs) if index not in bound)[:1]
    else:
        inputs_packed = tuple(cursor.number() for _ in range(max(0, packed)))
    return tuple(coders), bonds, inputs_packed


def _substreams(cursor: Cursor, folders: list[Folder]) -> list[list[int]]:
    counts = [1] * len(folders)
    kind = cursor.byte()
    if kind == _NUM_UNPACK_STREAM:
        counts = [cursor.number() for _ in folders]
        # Each file but the last of its folder states a size of at least one byte.
        if sum(max(0, count - 1) for count in counts) > min(cursor.left, _MOST_FILES):
            raise HeaderError("more files than the header has room for")
        kind = cursor.byte()
    contents: list[list[int]] = []
    for folder, count in zip(folders, counts, strict=True):
        sizes = [cursor.number() for _ in range(count - 1)] if kind == _SIZE else []
        if count:
            sizes.append(folder.size - sum(sizes))
            if sizes[-1] < 0:
                raise HeaderError("files are longer than their folder")
        contents.append(sizes)
    if kind == _SIZE:
        kind = cursor.byte()
    while kind != _END:
        if kind != _CRC:
            raise HeaderError(f"unknown property {kind} among the files of folders")
        # How many digests stand here depends on which folders have one; they end the section, so find its end.
        cursor.digests(_digests_left(cursor, counts))
        kind = cursor.byte()
    return contents


def _digests_left(cursor: Cursor, counts: list[int]) -> int:
    """Return how many digests the section holds: all, unless folders of one file have theirs already."""
    every = sum(counts)
    several = sum(count for count in counts if count != 1)
    start = cursor.position
    for count in (every, several):
        try:
            cursor.digests(count)
            fits = cursor.byte() == _END and cursor.left > 0 and cursor.byte() in (_END, _FILES_INFO)
        except HeaderError:
            fits = False
        finally:
            cursor.position = start
        if fits:
            return count
    return every


def read_files(cursor: Cursor, contents: list[list[int]]) -> list[File]:
    """Return the files with their places in the folders."""
    count = cursor.count()
    empty = [False] * count
    names: list[str] = []
    attributes = [0] * count
    while (kind := cursor.byte()) != _END:
        inner = Cursor(cursor.take(cursor.number()))
        if kind == _EMPTY_STREAM:
            empty = inner.bits(count)
        elif kind == _NAMES:
            if inner.byte() != 0:
                raise HeaderError("names are kept outside of the header")
            names = inner.take(inner.left).decode("utf-16-le", "replace").split("\x00", count)[:count]
        elif kind == _ATTRIBUTES:
            defined = [True] * count if inner.byte() else inner.bits(count)
            if inner.byte() == 0:
                attributes = [int.from_bytes(inner.take(4), "little") if known else 0 for known in defined]
    files = []
    following = _places(contents)
    for index in range(count):
        name = names[index] if index < len(names) else f"file {index}"
        folder, offset, size = -1, 0, 0
        if not empty[index]:
            place = next(following, None)
            if place is None:
                raise HeaderError("more files than contents")
            folder, offset, size = place
        files.append(File(name=name, folder=folder, offset=offset, size=size, attributes=attributes[index]))
    return files


def _places(contents: list[list[int]]) -> Iterator[tuple[int, int, int]]:
    """Yield folder, offset in it and size of each content, in order."""
    for folder, sizes in enumerate(contents):
        offset = 0
        for size in sizes:
            yield folder, offset, size
            offset += size


def read_header(cursor: Cursor) -> tuple[list[Folder], list[File]]:
    """Return folders and files of a plain header, whose first byte was taken."""
    folders: list[Folder] = []
    contents: list[list[int]] = []
    files: list[File] = []
    while (kind := cursor.byte()) != _END:
        if kind == _ARCHIVE_PROPERTIES:
            while cursor.byte() != _END:
                cursor.take(cursor.number())
        elif kind == _ADDITIONAL_STREAMS:
            read_streams(cursor)
        elif kind == _MAIN_STREAMS:
            folders, contents = read_streams(cursor)
        elif kind == _FILES_INFO:
            files = read_files(cursor, contents)
        else:
            raise HeaderError(f"unknown property {kind} in the header")
    return folders, files
