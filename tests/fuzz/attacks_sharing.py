"""Files that name one thing many times: whoever keeps each mention keeps gigabytes."""

import io
import struct
from collections.abc import Callable

import h5py
from tests.samples.graphs_build import number
from tests.samples.graphs_rare import table, table_block, table_tensor


class _Flat:
    """A flatbuffer that is written by hand, so that offsets can meet."""

    def __init__(self) -> None:
        self.content = bytearray(b"\0\0\0\0TFL3")

    def table(self, fields: int, slots: int = 0) -> int:
        """Write a table of `fields` four-byte fields whose vtable has `slots` entries; return where it stands."""
        vtable = len(self.content)
        slots = max(slots, fields)
        places = [4 + 4 * index if index < fields else 0 for index in range(slots)]
        self.content += struct.pack(f"<HH{slots}H", 4 + 2 * slots, 4 + 4 * fields, *places)
        self.content += bytes(-len(self.content) % 4)
        at = len(self.content)
        self.content += struct.pack("<i", at - vtable) + bytes(4 * fields)
        return at

    def vector(self, count: int, content: bytes) -> int:
        at = len(self.content)
        self.content += struct.pack("<I", count) + content + bytes(-len(content) % 4)
        return at

    def point(self, at: int, target: int) -> None:
        struct.pack_into("<I", self.content, at, target - at)


def _tflite(*, tensors: int, slots: int, dimensions: int) -> bytes:
    """A graph whose tensors are one tensor, with a long vtable, a long name and a long shape."""
    flat = _Flat()
    model = flat.table(5)
    struct.pack_into("<I", flat.content, 0, model)
    struct.pack_into("<I", flat.content, model + 4, 3)
    flat.point(model + 8, flat.vector(0, b""))
    graphs = flat.vector(1, bytes(4))
    flat.point(model + 12, graphs)
    flat.point(model + 16, flat.vector(0, b""))
    buffers = flat.vector(1, bytes(4))
    flat.point(model + 20, buffers)
    buffer = flat.table(1)
    flat.point(buffers + 4, buffer)
    flat.point(buffer + 4, flat.vector(64, bytes(64)))
    graph = flat.table(4)
    flat.point(graphs + 4, graph)
    for field in range(1, 4):
        flat.point(graph + 4 + 4 * field, flat.vector(0, b""))
    row = flat.vector(tensors, bytes(4 * tensors))
    flat.point(graph + 4, row)
    tensor = flat.table(4, slots)
    for index in range(tensors):
        flat.point(row + 4 + 4 * index, tensor)
    shape = range(1000, 1000 + dimensions)
    flat.point(tensor + 4, flat.vector(dimensions, struct.pack(f"<{dimensions}i", *shape)))
    flat.point(tensor + 16, flat.vector(400, b"n" * 400))
    return bytes(flat.content)


def _checkpoint_keys() -> bytes:
    """Keys of ten thousand letters of which all but the last stand in the file once."""
    first = (0, b"k" * 9999, table_tensor(4))
    return table(table_block([(0, b"", number(1, 1)), first, *[(9999, b"a", number(1, 1))] * 190_000]))


def _checkpoint_dimensions() -> bytes:
    """One tensor whose number of values has millions of digits."""
    return table(table_block([(0, b"", number(1, 1)), (0, b"w", table_tensor(*[(1 << 63) - 1] * 400_000))]))


def _hdf5_text() -> bytes:
    """An attribute of thousands of texts that are all the same one."""
    packed = io.BytesIO()
    with h5py.File(packed, "w") as file:
        file.attrs.create("model_config", ["A" * 60_000, *["b"] * 3_999], dtype=h5py.string_dtype())
    content = bytearray(packed.getvalue())
    first = content.find(struct.pack("<I", 60_000))
    content[first : first + 16 * 4000] = content[first : first + 16] * 4000
    return bytes(content)


def _hdf5_blocks() -> bytes:
    """An object header continued by thousands of blocks, each the one before without its first message."""
    packed = io.BytesIO()
    with h5py.File(packed, "w", libver="earliest") as file:
        file.create_group("layers")
    content = bytearray(packed.getvalue())
    blocks, region = 3000, 4 << 20
    base = len(content)
    content += struct.pack("<HHB3x", 0x0C, 65528, 0) * (region // 8)
    listed = len(content)
    for index in range(blocks):
        content += struct.pack("<HHB3xQQ", 0x10, 16, 0, base + 8 * index, 1 << 20)
    header = len(content)
    content += struct.pack("<BBHII4x", 1, 0, 1, 1, 24) + struct.pack("<HHB3xQQ", 0x10, 16, 0, listed, 24 * blocks)
    struct.pack_into("<Q", content, 64, header)
    return bytes(content)


def _repeated_keys() -> bytes:
    """A Keras configuration whose last key is the first one that occurs twice."""
    keys = b",".join(b'"%d":1' % key for key in range(150_000))
    return b'{"class_name":"Sequential","config":{"name":"s","layers":[]},"keras_version":"2",' + keys + b',"149999":2}'


SHARING: dict[str, Callable[[], bytes]] = {
    "blocks.h5": _hdf5_blocks,
    "dimensions.index": _checkpoint_dimensions,
    "keys.index": _checkpoint_keys,
    "names.tflite": lambda: _tflite(tensors=190_000, slots=4, dimensions=4),
    "repeated-keys.json": _repeated_keys,
    "shapes.tflite": lambda: _tflite(tensors=190_000, slots=4, dimensions=250),
    "text.h5": _hdf5_text,
    "vtables.tflite": lambda: _tflite(tensors=190_000, slots=1990, dimensions=1),
}
"""File name -> content."""
