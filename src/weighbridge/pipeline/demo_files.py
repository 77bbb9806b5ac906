"""Model files for the sample machine, made from nothing: small headers, and weights that exist only as a length.

No payload here does anything: what looks like an attack names `echo` as its command, and nothing loads it.
"""

import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Sequence

GgufValue = str | int | float | tuple[str, ...]
Tensor = tuple[str, tuple[int, ...], str]
"""Name, shape, type."""

_GGUF_TYPES = {"F32": (0, 4, 1), "F16": (1, 2, 1), "Q8_0": (8, 34, 32), "Q4_K": (12, 144, 256), "Q6_K": (14, 210, 256)}
"""Type name to number, bytes per block, values per block. Source: ggml `ggml_type` and its block sizes."""
_SAFETENSORS_BYTES = {"F32": 4, "F16": 2, "BF16": 2, "I64": 8}
_ALIGNMENT = 32


class Weights:
    """A header followed by as many zero bytes as the weights would take.

    Args:
        head: the first bytes.
        size: of the whole file, in bytes.
    """

    __slots__ = ("_head", "name", "size")

    def __init__(self, head: bytes, size: int) -> None:
        self._head = head
        self.size = size
        self.name = b""

    def read(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes at `offset`."""
        length = max(0, min(length, self.size - offset))
        part = self._head[offset : offset + length]
        return part + bytes(length - len(part))


def gguf(metadata: dict[str, GgufValue], tensors: Sequence[Tensor], *, missing: int = 0) -> Weights:
    """Return a GGUF v3 file (source: ggml `docs/gguf.md`).

    Args:
        metadata: header keys; `general.alignment` is left at its default.
        tensors: in file order.
        missing: bytes by which the file is too short, as after a broken download.
    """
    out = [b"GGUF", struct.pack("<IQQ", 3, len(tensors), len(metadata))]
    for key, value in metadata.items():
        out += [_gguf_string(key), _gguf_value(value)]
    offset = 0
    for name, shape, kind in tensors:
        number, block_bytes, block_values = _GGUF_TYPES[kind]
        count = 1
        for extent in shape:
            count *= extent
        out.append(_gguf_string(name) + struct.pack("<I", len(shape)))
        out.append(struct.pack(f"<{len(shape)}QIQ", *shape, number, offset))
        offset += -(-(count // block_values * block_bytes) // _ALIGNMENT) * _ALIGNMENT
    head = b"".join(out)
    head += bytes(-len(head) % _ALIGNMENT)
    return Weights(head, len(head) + offset - missing)


def safetensors(tensors: Sequence[Tensor], metadata: dict[str, str] | None = None, *, overlap: bool = False) -> Weights:
    """Return a safetensors file (source: safetensors README, "Format").

    Args:
        tensors: in file order.
        metadata: the `__metadata__` table.
        overlap: make every tensor start at the first byte, as no honest writer does.
    """
    header: dict[str, object] = {"__metadata__": metadata} if metadata else {}
    offset = 0
    for name, shape, kind in tensors:
        size = _SAFETENSORS_BYTES[kind]
        for extent in shape:
            size *= extent
        begin = 0 if overlap else offset
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [begin, begin + size]}
        offset = begin + size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return Weights(struct.pack("<Q", len(text)) + text, 8 + len(text) + offset)


def archive(members: dict[str, bytes]) -> bytes:
    """Return a ZIP with stored members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as writer:
        for name, content in members.items():
            writer.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return buffer.getvalue()


def locked_archive(name: str, size: int) -> bytes:
    """Return a ZIP with one encrypted member of `size` bytes (source: ZIP application note, sections 4.3 and 6.1)."""
    stored = size + 12
    noise = b"".join(hashlib.sha256(bytes((number & 0xFF, number >> 8))).digest() for number in range(stored // 32 + 1))
    encoded = name.encode()
    checksum = zlib.crc32(encoded)
    common = struct.pack("<HHHHHIIIHH", 20, 1, 0, 0, 0x5C21, checksum, stored, size, len(encoded), 0)
    local = b"PK\x03\x04" + common + encoded + noise[:stored]
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0o644 << 16, 0) + encoded
    return local + entry + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(local), 0)


def call_pickle(module: str, name: str, argument: str) -> bytes:
    """Return a protocol-0 pickle that calls `module.name(argument)` when it is loaded."""
    return f"c{module}\n{name}\n(V{argument}\ntR.".encode()


def object_pickle(module: str, name: str, state: dict[str, float]) -> bytes:
    """Return a protocol-2 pickle of an object of one class with plain state."""
    items = b"".join(_unicode(key) + b"G" + struct.pack(">d", value) for key, value in state.items())
    return b"\x80\x02c" + f"{module}\n{name}\n".encode() + b")\x81}(" + items + b"ub."


def checkpoint(tensors: Sequence[tuple[str, int]], wrapped_in: tuple[str, str] | None = None) -> bytes:
    """Return a PyTorch ZIP checkpoint of one-dimensional float tensors (source: `torch.serialization`).

    Args:
        tensors: name and length.
        wrapped_in: module and name of a class whose object holds the tensors; a plain dictionary if None.
    """
    items, members = [], {}
    for number, (name, length) in enumerate(tensors):
        storage = b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\n" + _unicode(str(number)) + _unicode("cpu")
        storage += b"J" + struct.pack("<i", length) + b"tQ"
        shape = b"J" + struct.pack("<i", length) + b"\x85K\x01\x85\x89ccollections\nOrderedDict\n)R"
        items.append(_unicode(name) + b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + b"K\x00" + shape + b"tR")
        members[f"archive/data/{number}"] = bytes(4 * length)
    table = b"}(" + b"".join(items) + b"u"
    if wrapped_in is not None:
        module, name = wrapped_in
        table = f"c{module}\n{name}\n".encode() + b")\x81" + table + b"b"
    return archive({"archive/data.pkl": b"\x80\x02" + table + b".", **members, "archive/version": b"3\n"})


def onnx(producer: str, operators: Sequence[str]) -> bytes:
    """Return an ONNX model that applies `operators` one after the other (source: onnx.proto, IR version 8)."""
    nodes = b""
    for number, operator in enumerate(operators):
        node = _field(1, f"x{number}".encode()) + _field(2, f"x{number + 1}".encode()) + _field(4, operator.encode())
        nodes += _field(1, node)
    dimension = _field(1, b"\x08\x01")
    tensor_type = b"\x08\x01" + _field(2, dimension)
    ends = b""
    for number, tag in ((0, 11), (len(operators), 12)):
        ends += _field(tag, _field(1, f"x{number}".encode()) + _field(2, _field(1, tensor_type)))
    graph = nodes + _field(2, b"main") + ends
    opset = _field(8, b"\x10\x11")
    return b"\x08\x08" + _field(2, producer.encode()) + _field(7, graph) + opset


def array(length: int) -> bytes:
    """Return a NumPy array of floats (source: NumPy format specification, version 1.0)."""
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({length},), }}".encode()
    header += b" " * (-(10 + len(header) + 1) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + bytes(4 * length)


def _field(number: int, content: bytes) -> bytes:
    length, size = len(content), b""
    while length > 0x7F:
        size += bytes((length & 0x7F | 0x80,))
        length >>= 7
    return bytes((number << 3 | 2,)) + size + bytes((length,)) + content


def _unicode(text: str) -> bytes:
    encoded = text.encode()
    return b"X" + struct.pack("<I", len(encoded)) + encoded


def _gguf_string(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def _gguf_value(value: GgufValue) -> bytes:
    match value:
        case str():
            return struct.pack("<I", 8) + _gguf_string(value)
        case int():
            return struct.pack("<II", 4, value)
        case float():
            return struct.pack("<If", 6, value)
    return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(_gguf_string(item) for item in value)
