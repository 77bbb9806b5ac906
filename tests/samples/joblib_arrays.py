"""Evasions and data: joblib files with arrays between the opcodes, raw and compressed."""

import bz2
import gzip
import lzma
import pickle
import struct
import zlib

import lz4.frame

from tests.samples.case import HARD, NOT_CLEAN, Case
from tests.samples.pickle_assembly import SYSTEM, Raw, call, name, stream, value

CLEAN = frozenset({"clean"})


def dtype(code: str = "f8") -> bytes:
    """`numpy.dtype` as its own reduce writes it."""
    state = (3, "|", None, None, None, -1, -1, 63) if code[0] == "O" else (3, "<", None, None, None, -1, -1, 0)
    return call("numpy", "dtype", code, False, True) + value(state) + b"b"


def wrapper(shape: tuple[int, ...], code: str = "f8", aligned: bool = True) -> bytes:
    """A `NumpyArrayWrapper` up to its BUILD, after which joblib reads the array."""
    state: dict[object, object] = {
        "subclass": Raw(name("numpy", "ndarray")),
        "shape": shape,
        "order": "C",
        "dtype": Raw(dtype(code)),
        "allow_mmap": True,
    }
    if aligned:
        state["numpy_array_alignment_bytes"] = 16
    return name("joblib.numpy_pickle", "NumpyArrayWrapper") + b")\x81" + value(state) + b"b"


def array(*numbers: float, aligned: bool = True, padding: int = 3) -> bytes:
    """Padding and items as joblib writes them."""
    items = struct.pack(f"<{len(numbers)}d", *numbers)
    return bytes([padding]) + b"\xff" * padding + items if aligned else items


_PLAIN = b"\x80\x03" + wrapper((3,)) + array(1.0, 2.0, 3.0) + b"."
_AFTER_ARRAY = b"\x80\x03" + wrapper((3,)) + array(1.0, 2.0, 3.0) + b"0" + SYSTEM + b"."
_AFTER_TWO = b"\x80\x03" + b"](" + wrapper((2,)) + array(1.0, 2.0) + wrapper((1,)) + array(5.0) + SYSTEM + b"e."
_OBJECTS = b"\x80\x03" + wrapper((1,), "O8") + stream(SYSTEM, 2) + b"."
_OBJECTS_PLAIN = b"\x80\x03" + wrapper((1,), "O8") + pickle.dumps(["a"], 2) + b"."
_OLD = b"\x80\x03" + wrapper((2,), aligned=False) + array(1.0, 2.0, aligned=False) + b"0" + SYSTEM + b"."
_AS_OPCODES = SYSTEM + b"." + b"\0" * (32 - len(SYSTEM) - 1)
_ARRAY_IS_PROGRAM = b"\x80\x03" + wrapper((4,), aligned=False) + _AS_OPCODES + b"."
_UNKNOWN_TYPE = b"\x80\x03" + wrapper((3,), "q9x") + array(1.0, 2.0, 3.0) + b"."
_CUT = _PLAIN[:-9]
_LYING_SHAPE = b"\x80\x03" + wrapper((1 << 40,)) + array(1.0) + b"0" + SYSTEM + b"."


def zfile(content: bytes) -> bytes:
    """joblib's first own compressed format."""
    return b"ZF" + hex(len(content)).encode().ljust(19) + zlib.compress(content)


_EVASIONS: dict[str, tuple[bytes, str | None]] = {
    "behind-an-array": (_AFTER_ARRAY, "joblib"),
    "behind-two-arrays": (_AFTER_TWO, "joblib"),
    "in-an-array-of-objects": (_OBJECTS, "joblib"),
    "behind-an-unaligned-array": (_OLD, "joblib"),
    "the-array-is-the-program": (_ARRAY_IS_PROGRAM, None),
    "unknown-item-type": (_UNKNOWN_TYPE, None),
    "cut-inside-array": (_CUT, None),
    "array-longer-than-file": (_LYING_SHAPE, None),
    "zlib": (zlib.compress(stream(SYSTEM, 3)), "joblib"),
    "gzip": (gzip.compress(stream(SYSTEM, 3), mtime=0), "joblib"),
    "bzip2": (bz2.compress(stream(SYSTEM, 3)), "joblib"),
    "xz": (lzma.compress(stream(SYSTEM, 3)), "joblib"),
    "lzma": (lzma.compress(stream(SYSTEM, 3), lzma.FORMAT_ALONE), "joblib"),
    "lz4": (lz4.frame.compress(stream(SYSTEM, 3)), None),
    "first-own-format": (zfile(stream(SYSTEM, 3)), None),
    "zlib-behind-an-array": (zlib.compress(_AFTER_ARRAY), "joblib"),
    "gzip-cut-short": (gzip.compress(stream(value([b"x" * 9000, 1]) + b"0" + SYSTEM, 3), mtime=0)[:-4], None),
    "zlib-cut-inside": (zlib.compress(stream(value(list(range(5000))), 3))[:-900], None),
    "gzip-of-protocol-0": (gzip.compress(b"cos\nsystem\n(S'true'\ntR.", mtime=0), "joblib"),
}
_BENIGN = {
    "raw": _PLAIN,
    "objects": _OBJECTS_PLAIN,
    "zlib": zlib.compress(_PLAIN),
    "gzip": gzip.compress(_PLAIN, mtime=0),
    "bzip2": bz2.compress(_PLAIN),
    "xz": lzma.compress(_PLAIN),
    "lzma": lzma.compress(_PLAIN, lzma.FORMAT_ALONE),
    "lz4": lz4.frame.compress(_PLAIN),
    "first-own-format": zfile(stream(value({"a": [1, 2]}), 2)),
}


def _case(kind: str, identity: str, content: bytes, expect: frozenset[str], loader: str | None) -> Case:
    return Case(
        id=f"joblib-{kind}/{identity}",
        build=lambda: {"model.joblib": content},
        subject="model.joblib",
        expect=expect,
        fires=loader,
        lesson="joblib: arrays between opcodes, compression around them",
    )


EVASIONS = tuple(
    _case("evasion", identity, content, HARD if loader else NOT_CLEAN, loader)
    for identity, (content, loader) in _EVASIONS.items()
)
BENIGN = tuple(_case("data", identity, content, CLEAN, None) for identity, content in _BENIGN.items())
