"""Files that are cheap to send and dear to read: bombs, false lengths, depth, counts."""

import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

import lz4.frame
import zstandard
from tests.samples.packing import xz_asking_for

MEGABYTE = 1 << 20


def _repeat(head: bytes, body: bytes, size: int, end: bytes = b"") -> Callable[[], bytes]:
    return lambda: head + body * (size // len(body)) + end


def _zeros(compress: Callable[[bytes], bytes], count: int = 256 * MEGABYTE) -> Callable[[], bytes]:
    return lambda: compress(bytes(count))


def _zip(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _nested_zip() -> bytes:
    content = _zip({f"{number}.pkl": bytes(8 * MEGABYTE) for number in range(8)})
    for _ in range(6):
        content = _zip({f"{number}.zip": content for number in range(8)})
    return content


def _overlapping_zip() -> bytes:
    """Many directory entries over one large member (Fifield, "A better zip bomb", 2019)."""
    packer = zlib.compressobj(9, wbits=-15)
    plain = bytes(20 * MEGABYTE)
    kernel = packer.compress(plain) + packer.flush()
    fields = struct.pack("<HHHHHIII", 20, 0, 8, 0, 33, zlib.crc32(plain), len(kernel), len(plain))
    local = b"PK\x03\x04" + fields + struct.pack("<HH", 1, 0) + b"a" + kernel
    directory = b""
    for number in range(2000):
        name = f"archive/data{number}.pkl".encode()
        directory += (
            b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0)
        )
        directory += name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 2000, 2000, len(directory), len(local), 0)
    return local + directory + end


def _many_members() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number}.pkl", b"N.")
    return packed.getvalue()


def _many_arrays() -> bytes:
    array = _npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }") + bytes(8)
    return _zip({f"{number}.npy": array for number in range(60_000)})


def _tar(size: int, count: int = 1) -> bytes:
    heads = []
    for number in range(count):
        member = tarfile.TarInfo(f"model{number}.pkl")
        member.size = size
        heads.append(member.tobuf(tarfile.GNU_FORMAT))
    return b"".join(heads) + bytes(1024)


def _laughs(depth: int) -> bytes:
    """A list that holds the previous list ten times, `depth` times over: 10**depth leaves in a few bytes."""
    content = b"\x80\x02]q\x00"
    for level in range(depth):
        content += b"]q" + bytes([level + 1]) + b"(" + (b"h" + bytes([level])) * 10 + b"e"
    return content + b"."


def _gguf(*, tensors: int = 0, keys: int = 0, rest: bytes = b"") -> bytes:
    return b"GGUF" + struct.pack("<IQQ", 3, tensors, keys) + rest


def _gguf_key(name: bytes, kind: int, value: bytes) -> bytes:
    return struct.pack("<Q", len(name)) + name + struct.pack("<I", kind) + value


def _safetensors(header: bytes, *, length: int | None = None) -> bytes:
    return (len(header) if length is None else length).to_bytes(8, "little") + header


def _many_tensors() -> bytes:
    entry = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    return _safetensors(json.dumps({f"t{number}": entry for number in range(400_000)}).encode())


def _xml_laughs(document: str) -> bytes:
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
    types = f'<!DOCTYPE {document} [<!ENTITY a0 "ha">{entities}]>'
    return f'<?xml version="1.0"?>{types}<{document}>&a12;</{document}>'.encode()


def _npy(header: str) -> bytes:
    text = header.encode()
    return b"\x93NUMPY\x02\x00" + struct.pack("<I", len(text)) + text


def _protobuf_nest(field: int, depth: int) -> bytes:
    content = b""
    for _ in range(depth):
        length, size = b"", len(content)
        while size > 127:
            length += bytes([size & 127 | 128])
            size >>= 7
        content = bytes([field << 3 | 2]) + length + bytes([size]) + content
    return b"\x08\x08" + content


def _keras(config: bytes) -> bytes:
    return _zip({"metadata.json": b'{"keras_version": "3.15.1"}', "config.json": config, "model.weights.h5": b""})


ATTACKS: dict[str, Callable[[], bytes]] = {
    "none-opcodes.pkl": _repeat(b"\x80\x04", b"N", 10 * MEGABYTE, b"."),
    "marks.pkl": _repeat(b"\x80\x04", b"(", 10 * MEGABYTE, b"."),
    "lists.pkl": _repeat(b"\x80\x04", b"]", 10 * MEGABYTE, b"."),
    "nested-lists.pkl": lambda: b"\x80\x04" + b"]" * 2_000_000 + b"a" * 1_999_999 + b".",
    "nested-tuples.pkl": _repeat(b"\x80\x04N", b"\x85", 5 * MEGABYTE, b"."),
    "duplicates.pkl": _repeat(b"\x80\x04N", b"2", 10 * MEGABYTE, b"."),
    "memoize.pkl": _repeat(b"\x80\x04N", b"\x94", 10 * MEGABYTE, b"."),
    "doubling.pkl": lambda: b"\x80\x02N" + b"2\x86" * 3_000_000 + b".",
    "laughs.pkl": lambda: _laughs(60),
    "long-memo.pkl": lambda: b"\x80\x04N" + b"".join(b"r" + struct.pack("<I", n * 4001) for n in range(900_000)) + b".",
    "names.pkl": lambda: b"\x80\x02" + b"".join(b"cmod%d\nname\n0" % n for n in range(500_000)) + b"N.",
    "calls.pkl": _repeat(b"\x80\x02", b"ccollections\nOrderedDict\n)R0", 8 * MEGABYTE, b"N."),
    "append-lists.pkl": _repeat(b"\x80\x04]", b"]a", 10 * MEGABYTE, b"."),
    "append-self.pkl": _repeat(b"\x80\x04]q\x00", b"h\x00a", 10 * MEGABYTE, b"."),
    "build.pkl": _repeat(b"\x80\x04ccollections\nOrderedDict\n)R", b"}b", 8 * MEGABYTE, b"."),
    "fetch-and-drop.pkl": _repeat(b"Np0\n", b"g0\n0", 10 * MEGABYTE, b"."),
    "fetch-missing.pkl": _repeat(b"\x80\x04", b"h\x070", 10 * MEGABYTE, b"N."),
    "bad-text.pkl": _repeat(b"\x80\x04", b"X\x01\x00\x00\x00\xff0", 10 * MEGABYTE, b"N."),
    "memo-lists.pkl": _repeat(b"\x80\x04", b"(K\x01K\x02K\x03l\x94", 9 * MEGABYTE, b"."),
    "remember-and-drop.pkl": _repeat(b"\x80\x04", b"N\x940", 10 * MEGABYTE, b"N."),
    "numbers-as-text.pkl": _repeat(b"(", b"I1\n", 10 * MEGABYTE, b"l."),
    "instances.pkl": _repeat(b"", b"(ia\nb\n0", 9 * MEGABYTE, b"N."),
    "set-of-numbers.pkl": lambda: (
        b"\x80\x04\x8f" + b"".join(b"(J" + struct.pack("<i", number) + b"\x90" for number in range(1_400_000)) + b"."
    ),
    "marks-and-drops.pkl": _repeat(b"\x80\x04", b"(1", 10 * MEGABYTE, b"N."),
    "gadget-calls.pkl": _repeat(b"\x80\x02", b"cos\nsystem\n(Vid\ntR0", 8 * MEGABYTE, b"N."),
    "no-newline.pkl": _repeat(b"I", b"1", 20 * MEGABYTE),
    "long-integer.pkl": _repeat(b"L", b"9", 8 * MEGABYTE, b"L\n."),
    "false-long4.pkl": lambda: b"\x80\x04\x8b\xff\xff\xff\x7f1.",
    "false-bytes8.pkl": lambda: b"\x80\x04\x8e" + struct.pack("<Q", 1 << 62) + b"1.",
    "false-unicode8.pkl": lambda: b"\x80\x04\x8d" + struct.pack("<Q", 1 << 40) + b"1.",
    "false-frame.pkl": lambda: b"\x80\x04\x95" + struct.pack("<Q", 1 << 60) + b"N.",
    "many-pickles.pkl": _repeat(b"", b"N.", 6 * MEGABYTE),
    "names.npy": lambda: _npy("{'descr': '<f4', 'fortran_order': False, 'shape': (" + "9" * 4_000_000 + ",), }"),
    "depth.npy": lambda: _npy("{'descr': " + "[" * 900_000 + "]" * 900_000 + ", 'shape': ()}"),
    "false-header.npy": lambda: b"\x93NUMPY\x02\x00\xff\xff\xff\xff{",
    "shape.npy": lambda: _npy(f"{{'descr': '|O', 'fortran_order': False, 'shape': ({1 << 62},), }}"),
    "zeros.gz": _zeros(gzip.compress),
    "zeros.bz2": _zeros(bz2.compress),
    "zeros.xz": _zeros(lzma.compress, 128 * MEGABYTE),
    "zeros.lz4": _zeros(lz4.frame.compress),
    "zeros.zst": _zeros(zstandard.compress),
    "zeros.joblib": _zeros(zlib.compress),
    "opcodes.pkl.gz": lambda: gzip.compress(b"\x80\x04" + b"N" * (40 * MEGABYTE) + b"."),
    "dictionary.xz": lambda: xz_asking_for(1536 * MEGABYTE, b"N." * 50),
    "window.zst": lambda: b"\x28\xb5\x2f\xfd\x00\xa8" + b"\x01\x00\x00",
    "gzip-of-gzip.gz": lambda: gzip.compress(gzip.compress(gzip.compress(bytes(400 * MEGABYTE)))),
    "nested.zip": _nested_zip,
    "overlapping.zip": _overlapping_zip,
    "many-members.zip": _many_members,
    "many-arrays.npz": _many_arrays,
    "zeros.zip": lambda: _zip({f"{number}.pkl": bytes(64 * MEGABYTE) for number in range(6)}),
    "archive.pt": lambda: _zip({"archive/data.pkl": bytes(200 * MEGABYTE), "archive/version": b"3"}),
    "false-size.tar": lambda: _tar(1 << 32),
    "many-members.tar": lambda: _tar(0, 40_000),
    "tensors.gguf": lambda: _gguf(tensors=1 << 62),
    "keys.gguf": lambda: _gguf(keys=1 << 62),
    "string.gguf": lambda: _gguf(keys=1, rest=struct.pack("<Q", 1 << 62)),
    "array.gguf": lambda: _gguf(keys=1, rest=_gguf_key(b"a", 9, struct.pack("<IQ", 8, 1 << 50))),
    "array-depth.gguf": lambda: _gguf(keys=1, rest=_gguf_key(b"a", 9, struct.pack("<IQ", 9, 1) * 800_000)),
    "empty-strings.gguf": lambda: _gguf(
        keys=1, rest=_gguf_key(b"a", 9, struct.pack("<IQ", 8, 1_500_000)) + bytes(12_000_000)
    ),
    "empty-keys.gguf": lambda: _gguf(keys=900_000, rest=_gguf_key(b"", 0, b"\x00") * 900_000),
    "depth.safetensors": lambda: _safetensors(b'{"a":' + b"[" * 5_000_000 + b"]" * 5_000_000 + b"}"),
    "spaces.safetensors": lambda: _safetensors(b"{" + b" " * (90 * MEGABYTE) + b"}"),
    "false-length.safetensors": lambda: _safetensors(b"{}", length=99 * MEGABYTE),
    "many-tensors.safetensors": _many_tensors,
    "metadata.safetensors": lambda: _safetensors(b'{"__metadata__":{"a":"' + b"x" * (60 * MEGABYTE) + b'"}}'),
    "numbers.safetensors": lambda: _safetensors(b'{"a":{"shape":[' + b"1," * 5_000_000 + b"1]}}"),
    "depth.onnx": lambda: _protobuf_nest(7, 60_000),
    "empty-nodes.onnx": lambda: b"\x08\x08\x3a\x80\x80\x80\x02" + b"\x0a\x00" * (2 << 20),
    "depth.json": lambda: b'{"learner":' + b"[" * 3_000_000,
    "laughs.xml": lambda: _xml_laughs("net"),
    "laughs.pmml": lambda: _xml_laughs("PMML"),
    "depth.xml": lambda: b'<net name="a" version="11"><layers>' + b"<layer>" * 500_000,
    "attributes.xml": lambda: b'<net name="a" version="11" ' + b"".join(b'a%d="" ' % n for n in range(200_000)) + b"/>",
    "depth.keras": lambda: _keras(b'{"config":' + b"[" * 2_000_000 + b"]" * 2_000_000 + b"}"),
    "wide.keras": lambda: _keras(b'{"config":[' + b'{"module":"a","class_name":"b"},' * 200_000 + b"0]}"),
    "template.jinja": lambda: b"{{ " + b"(" * 300_000 + b"1" + b")" * 300_000 + b" }}",
    "loops.jinja": lambda: b"{% for a in b %}" * 50_000 + b"{% endfor %}" * 50_000,
    "false.7z": lambda: b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<IQQI", 0, 0, 1 << 60, 0) + bytes(64),
    "superblock.h5": lambda: (
        b"\x89HDF\r\n\x1a\n" + b"\x02\x08\x08\x00" + struct.pack("<QQQQ", 0, 2**64 - 1, 1 << 60, 48)
    ),
    "tables.tflite": lambda: struct.pack("<I4s", 8, b"TFL3") + b"\x08\x00\x00\x00" * 500_000,
    "laughs.rds": lambda: b"X\n" + struct.pack(">III", 3, 0x40000, 0x30500) + b"\x00\x00\x04\x02" * 1_000_000,
    "tree.txt": _repeat(b"tree\nversion=v4\n", b"a", 30 * MEGABYTE),
    "program.py": lambda: b"x = " + b"(" * 200_000 + b")" * 200_000,
    "zeros.bin": lambda: bytes(30 * MEGABYTE),
}
"""File name -> content. Each holds, claims or becomes far more than its reader may spend."""
