"""The decoding of a 7z folder as one codec.

Source: Methods.txt of the LZMA SDK. Filters for machine code come with the LZMA library.
"""

import lzma
from collections.abc import Iterator
from typing import Any

from weighbridge.formats.codec import MEMORY_LIMIT, expand_bzip2, expand_copy, expand_deflate, expand_lz4, raw_lzma
from weighbridge.formats.seven_zip_header import Folder
from weighbridge.formats.zstd_frames import expand_zstd
from weighbridge.model.source import SourceError
from weighbridge.model.stream_marks import Codec, Pull
from weighbridge.model.stream_source import joined

_LZMA = b"\x03\x01\x01"
_LZMA2 = b"\x21"
_DELTA = b"\x03"
_BRANCH = {
    b"\x03\x03\x01\x03": lzma.FILTER_X86,
    b"\x04": lzma.FILTER_X86,
    b"\x03\x03\x02\x05": lzma.FILTER_POWERPC,
    b"\x05": lzma.FILTER_POWERPC,
    b"\x03\x03\x04\x01": lzma.FILTER_IA64,
    b"\x06": lzma.FILTER_IA64,
    b"\x03\x03\x05\x01": lzma.FILTER_ARM,
    b"\x07": lzma.FILTER_ARM,
    b"\x03\x03\x07\x01": lzma.FILTER_ARMTHUMB,
    b"\x08": lzma.FILTER_ARMTHUMB,
    b"\x03\x03\x08\x05": lzma.FILTER_SPARC,
    b"\x09": lzma.FILTER_SPARC,
}
_SIMPLE: dict[bytes, Codec] = {
    b"\x00": expand_copy,
    b"": expand_copy,
    b"\x04\x01\x08": expand_deflate,
    b"\x04\x02\x02": expand_bzip2,
    b"\x04\xf7\x11\x01": expand_zstd,
    b"\x04\xf7\x11\x04": expand_lz4,
}
_NAMES = {
    b"\x06\xf1\x07\x01": "AES encryption",
    b"\x03\x04\x01": "PPMd",
    b"\x04\x01\x09": "deflate64",
    b"\x03\x03\x01\x1b": "BCJ2",
    b"\x04\xf7\x11\x02": "brotli",
    b"\x0a": "ARM64 filter",
}


_SMALLEST_WINDOW = 4096


class NotSupported(Exception):  # noqa: N818  (a gap of ours, not an error of the file)
    """A method that is not read here; the text says which."""


def codec_of_folder(folder: Folder) -> Codec:
    """Return one codec that expands the folder's packed stream. Raises `NotSupported`."""
    order = _order(folder)
    steps: list[Codec] = []
    waiting: list[dict[str, Any]] = []
    window = 0
    for index in order:
        coder = folder.coders[index]
        size = folder.sizes[index]
        method = coder.method
        if method in (_LZMA, _LZMA2):
            base = _lzma1(coder.properties) if method == _LZMA else _lzma2(coder.properties)
            # No distance reaches back before the first byte, so a window longer than the content is never used.
            base["dict_size"] = max(_SMALLEST_WINDOW, min(base["dict_size"], size))
            window += base["dict_size"]
            if window > MEMORY_LIMIT:
                raise NotSupported(f"decoders that need {window} bytes of memory together")
            waiting = [base]
            after = order[order.index(index) + 1 :]
            while after and (filter_ := _filter(folder.coders[after[0]].method, folder.coders[after[0]].properties)):
                waiting.insert(0, filter_)
                after = after[1:]
            steps.append(raw_lzma(waiting, "7z", size))
        elif waiting and _filter(method, coder.properties) is not None:
            continue
        elif method in _SIMPLE:
            waiting = []
            steps.append(_SIMPLE[method])
        else:
            raise NotSupported(_NAMES.get(method, f"method {method.hex()}"))
    if not steps:
        raise NotSupported("a folder without coders")

    def expand(pull: Pull) -> Iterator[bytes]:
        for step in steps[:-1]:
            pull = joined(step(pull))
        return steps[-1](pull)

    return expand


def _order(folder: Folder) -> list[int]:
    """Return the coders from the packed stream to the content; only plain chains are read."""
    for coder in folder.coders:
        if coder.inputs != 1 or coder.outputs != 1:
            raise NotSupported(_NAMES.get(coder.method, f"method {coder.method.hex()}"))
    if len(folder.packed_inputs) != 1 or len(folder.bonds) != len(folder.coders) - 1:
        raise NotSupported("a folder of several streams")
    following = {output: input_ for input_, output in folder.bonds}
    order = [folder.packed_inputs[0]]
    while order[-1] in following and len(order) <= len(folder.coders):
        order.append(following[order[-1]])
    if len(order) != len(folder.coders) or len(set(order)) != len(order) or max(order) >= len(folder.coders):
        raise NotSupported("a folder whose coders are not a chain")
    return order


def _filter(method: bytes, properties: bytes) -> dict[str, Any] | None:
    if method == _DELTA:
        return {"id": lzma.FILTER_DELTA, "dist": (properties[0] if properties else 0) + 1}
    if method in _BRANCH:
        return {"id": _BRANCH[method]}
    return None


def _lzma1(properties: bytes) -> dict[str, Any]:
    if len(properties) != 5 or properties[0] >= 225:
        raise SourceError("damaged 7z data: no valid LZMA properties")
    rest, lc = divmod(properties[0], 9)
    pb, lp = divmod(rest, 5)
    return {
        "id": lzma.FILTER_LZMA1,
        "lc": lc,
        "lp": lp,
        "pb": pb,
        "dict_size": max(4096, int.from_bytes(properties[1:], "little")),
    }


def _lzma2(properties: bytes) -> dict[str, Any]:
    if len(properties) != 1 or properties[0] > 40:
        raise SourceError("damaged 7z data: no valid LZMA2 properties")
    bits = properties[0]
    size = 0xFFFFFFFF if bits == 40 else (2 | bits & 1) << (bits // 2 + 11)
    return {"id": lzma.FILTER_LZMA2, "dict_size": size}
