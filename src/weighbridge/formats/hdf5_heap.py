"""Heaps of HDF5: local heap, global heap, fractal heap with its version 2 B-tree.

Source: "HDF5 File Format Specification Version 3.0", sections III.A.2 (B-tree v2), III.D (local heap), III.E (global
heap), III.G (fractal heap).
"""

from collections.abc import Iterator

from weighbridge.formats.gathering import StructureError
from weighbridge.formats.hdf5_file import LONGEST_MESSAGE, Hdf5File
from weighbridge.model.observation import Damage
from weighbridge.model.source import LimitReached

_MOST_DEPTH = 20


def local_heap(file: Hdf5File, address: int) -> tuple[int, int]:
    """Return address and size of the data segment of a local heap."""
    head = file.content(address, 8 + 2 * file.length_size + file.offset_size)
    if head[:4] != b"HEAP":
        raise StructureError(Damage.INVALID, "no local heap stands here", address)
    return file.offset(head, 8 + 2 * file.length_size), file.length(head, 8)


def heap_text(file: Hdf5File, segment: tuple[int, int], at: int) -> str:
    """Return a null-terminated string of a local heap."""
    start, size = segment
    if not 0 <= at < size:
        raise StructureError(Damage.CONTRADICTION, "a name lies outside of its heap", start)
    return file.content(start + at, min(size - at, 4096)).split(b"\0", 1)[0].decode("utf-8", "backslashreplace")


def global_object(file: Hdf5File, address: int, index: int) -> bytes:
    """Return one object of a global heap collection."""
    head = file.content(address, 8 + file.length_size)
    if head[:4] != b"GCOL":
        raise StructureError(Damage.INVALID, "no global heap stands here", address)
    size = file.length(head, 8)
    at = 8 + file.length_size
    step = 8 + file.length_size
    while at + step <= size:
        file.spend("heap objects", 1, 200_000)
        entry = file.content(address + at, step)
        length = file.length(entry, 8)
        if int.from_bytes(entry[:2], "little") == index:
            if length > size - at - step:
                raise StructureError(Damage.CONTRADICTION, "a heap object leaves its heap", address + at)
            return file.content(address + at + step, length)
        if not int.from_bytes(entry[:2], "little"):
            break
        at += step + (length + 7 & ~7)
    raise StructureError(Damage.CONTRADICTION, "a heap object is not there", address)


def tree_records(file: Hdf5File, address: int) -> Iterator[bytes]:
    """Yield the records of a version 2 B-tree."""
    head = file.content(address, 22 + file.offset_size + file.length_size)
    if head[:4] != b"BTHD":
        raise StructureError(Damage.INVALID, "no B-tree stands here", address)
    node_size = int.from_bytes(head[6:10], "little")
    record = int.from_bytes(head[10:12], "little")
    depth = int.from_bytes(head[12:14], "little")
    root = file.offset(head, 16)
    count = int.from_bytes(head[16 + file.offset_size : 18 + file.offset_size], "little")
    if not record or node_size < record + 10 or depth > _MOST_DEPTH:
        raise StructureError(Damage.INVALID, "a B-tree has impossible sizes", address)
    if root != file.undefined and count:
        yield from _node_records(file, root, count, depth, node_size, record, _counts(file, node_size, record, depth))


def _counts(file: Hdf5File, node_size: int, record: int, depth: int) -> list[tuple[int, int]]:
    """Return per depth the width of a record count and of a subtree total in pointers to nodes of that depth."""
    most = (node_size - 10) // record
    widths = [(_width(most), 0)]
    total = most
    for level in range(1, depth + 1):
        pointer = file.offset_size + widths[0][0] + widths[level - 1][1]
        most = max(0, (node_size - 10 - pointer) // (record + pointer))
        total = (most + 1) * total + most
        widths.append((widths[0][0], _width(total)))
    return widths


def _node_records(
    file: Hdf5File, address: int, count: int, depth: int, node_size: int, record: int, widths: list[tuple[int, int]]
) -> Iterator[bytes]:
    file.spend("tree nodes", 1, 100_000)
    node = file.content(address, node_size)
    if node[:4] != (b"BTIN" if depth else b"BTLF"):
        raise StructureError(Damage.INVALID, "no B-tree node stands here", address)
    if 6 + count * record > node_size:
        raise StructureError(Damage.CONTRADICTION, "a B-tree node counts more records than it holds", address)
    for index in range(count):
        yield node[6 + index * record : 6 + (index + 1) * record]
    if not depth:
        return
    at = 6 + count * record
    for _ in range(count + 1):
        try:
            child = file.offset(node, at)
            number = file.integer(node, at + file.offset_size, widths[depth - 1][0])
        except IndexError:
            raise StructureError(Damage.INVALID, "a B-tree node is too short", address) from None
        at += file.offset_size + widths[depth - 1][0] + (widths[depth - 1][1] if depth > 1 else 0)
        yield from _node_records(file, child, number, depth - 1, node_size, record, widths)


def _width(number: int) -> int:
    return max(1, (number.bit_length() + 7) // 8)


class FractalHeap:
    """The heap that holds links or attributes once an object has many of them."""

    def __init__(self, file: Hdf5File, address: int) -> None:
        self._file = file
        size, place = file.length_size, file.offset_size
        head = file.content(address, 26 + 12 * size + 3 * place)
        if head[:4] != b"FRHP":
            raise StructureError(Damage.INVALID, "no fractal heap stands here", address)
        self.filtered = int.from_bytes(head[7:9], "little") != 0
        """Whether its blocks are compressed; such heaps are not followed."""
        self._huge = file.offset(head, 14 + size)
        longest = int.from_bytes(head[10:14], "little")
        at = 14 + 2 * place + 10 * size
        self._width = int.from_bytes(head[at : at + 2], "little")
        self._start = file.length(head, at + 2)
        self._largest = file.length(head, at + 2 + size)
        bits = int.from_bytes(head[at + 2 + 2 * size : at + 4 + 2 * size], "little")
        self._root = file.offset(head, at + 6 + 2 * size)
        self._rows = int.from_bytes(head[at + 6 + 2 * size + place : at + 8 + 2 * size + place], "little")
        self._offset_bytes = (bits + 7) // 8
        self._length_bytes = (max(1, min(self._largest, longest)).bit_length() - 1) // 8 + 1
        if not self._width or not self._start or self._largest < self._start or bits > 64:
            raise StructureError(Damage.INVALID, "a fractal heap has impossible sizes", address)

    def object(self, identity: bytes) -> bytes:
        """Return the object that a heap id names."""
        kind = identity[0] >> 4 & 3
        if kind == 2:
            return identity[1 : 2 + (identity[0] & 15)]
        if kind == 1:
            return self._huge_object(identity[1:])
        offset = int.from_bytes(identity[1 : 1 + self._offset_bytes], "little")
        first = 1 + self._offset_bytes
        length = int.from_bytes(identity[first : first + self._length_bytes], "little")
        if not self._rows:
            return self._file.content(self._root + offset, length)
        return self._file.content(self._managed(self._root, 0, self._rows, offset, 0), length)

    def _huge_object(self, identity: bytes) -> bytes:
        file = self._file
        if len(identity) >= file.offset_size + file.length_size:
            return self._bounded(file.offset(identity, 0), file.length(identity, file.offset_size))
        wanted = int.from_bytes(identity[: file.length_size], "little")
        for record in tree_records(file, self._huge):
            if file.length(record, file.offset_size + file.length_size) == wanted:
                return self._bounded(file.offset(record, 0), file.length(record, file.offset_size))
        raise StructureError(Damage.CONTRADICTION, "a large heap object is not there", self._huge)

    def _bounded(self, address: int, length: int) -> bytes:
        if length > LONGEST_MESSAGE:
            raise LimitReached("HDF5 object bytes", LONGEST_MESSAGE)
        return self._file.content(address, length)

    def _managed(self, block: int, block_offset: int, rows: int, wanted: int, depth: int) -> int:
        """Return the address of the byte at heap offset `wanted` below an indirect block."""
        file = self._file
        if depth > _MOST_DEPTH or block == file.undefined:
            raise StructureError(Damage.CONTRADICTION, "a heap block is not there", block)
        at = block + 5 + file.offset_size + self._offset_bytes
        position = block_offset
        for row in range(min(rows, 64)):
            size = self._start << max(0, row - 1)
            for column in range(self._width):
                if position <= wanted < position + size:
                    child = file.offset(file.content(at + column * file.offset_size, file.offset_size), 0)
                    if size <= self._largest:
                        return child + wanted - position
                    below = (size // (self._start * self._width)).bit_length()
                    return self._managed(child, position, below, wanted, depth + 1)
                position += size
            at += self._width * file.offset_size
        raise StructureError(Damage.CONTRADICTION, "a heap object lies outside of its heap", block)
