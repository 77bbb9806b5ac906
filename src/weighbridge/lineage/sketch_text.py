"""A sketch as bytes, for the atlas, and back.

Version, CRC-32 of the rest, then compressed JSON and numbers. Bytes that are no sketch (of another version, damaged)
give None.
"""

import json
import zlib
from typing import Any

from weighbridge.lineage.sketch import Sketch

VERSION = b"wbl2"
LARGEST = 1 << 20
"""Bytes of an unpacked sketch."""


def to_bytes(sketch: Sketch) -> bytes:
    """Return the stored form of a sketch."""
    document = {
        "container": sketch.container,
        "architecture": sketch.architecture,
        "shapes": sketch.shapes,
        "names": sketch.names,
        "dtypes": sketch.dtypes,
        "dimensions": sketch.dimensions,
        "each": sketch.each,
        "norms": sketch.norms,
        "sorted_norms": sketch.sorted_norms,
        "left_out": sketch.left_out,
    }
    packed = zlib.compress(json.dumps(document, separators=(",", ":")).encode("ascii"), 9)
    content = len(packed).to_bytes(4, "little") + packed + sketch.scales + sketch.values
    return VERSION + zlib.crc32(content).to_bytes(4, "little") + content


def from_bytes(content: bytes) -> Sketch | None:
    """Return the sketch that `to_bytes` wrote; None for anything else."""
    if content[:4] != VERSION or zlib.crc32(content[8:]).to_bytes(4, "little") != content[4:8]:
        return None
    content = content[8:]
    length = int.from_bytes(content[:4], "little")
    try:
        opened = zlib.decompressobj()
        text = opened.decompress(content[4 : 4 + length], LARGEST)
        document: dict[str, Any] = json.loads(text)
        names, each = tuple(map(str, document["names"])), int(document["each"])
        scales = content[4 + length : 4 + length + 4 * len(names)]
        values = content[4 + length + 4 * len(names) :]
        dimensions = tuple((int(rows), int(columns)) for rows, columns in document["dimensions"])
        dtypes = tuple(map(str, document["dtypes"]))
        if not len(names) == len(dtypes) == len(dimensions) or len(values) != 2 * each * len(names):
            return None
        return Sketch(
            container=str(document["container"]),
            architecture=str(document["architecture"]),
            shapes=str(document["shapes"]),
            names=names,
            dtypes=dtypes,
            dimensions=dimensions,
            each=each,
            values=values,
            scales=scales,
            norms=tuple((str(name), str(digest)) for name, digest in document["norms"]),
            sorted_norms=str(document["sorted_norms"]),
            left_out=tuple(map(str, document["left_out"])),
        )
    except (zlib.error, ValueError, KeyError, TypeError):
        return None
