"""What happens in the confined process that writes a checkpoint as safetensors: the bytes of each tensor, copied.

Request and answer are JSON. The new file is written piece by piece; it holds the numbers as they were, sorted by name,
and in its metadata the digest of the file that it was made of. Source: safetensors, "Format".
"""

import json
import struct

import msgspec
from msgspec import Struct

from weighbridge.host.growing_file import GrowingFile
from weighbridge.host.real import RealMachine
from weighbridge.hub.tensor_dictionary import NotSimpleError, plan
from weighbridge.model.source import SourceError

_PIECE = 1 << 20
_ALIGNED = 8
_LARGEST_HEADER = 100 << 20
_MOST_GROWTH = 2
"""Tensors that share their bytes are written each on its own, up to so many times the size of the file."""


class ToConvert(Struct, frozen=True, kw_only=True):
    """Which file, into which."""

    source: str
    target: str
    sha256: str
    """Of the source, for the metadata."""


class Converted(Struct, frozen=True, kw_only=True):
    """What came of it."""

    tensors: list[str]
    """Their names."""
    numbers: int
    """Bytes of the tensors alone."""
    size: int
    refused: str = ""
    """Why it was not converted; empty if it was."""


def prepare() -> None:
    """Nothing has to be started before the rights are given up."""


def main(request: bytes) -> bytes:
    """Convert, or say why not."""
    asked = msgspec.json.decode(request, type=ToConvert)
    try:
        return msgspec.json.encode(_convert(asked))
    except (NotSimpleError, SourceError) as error:
        return msgspec.json.encode(Converted(tensors=[], numbers=0, size=0, refused=str(error)))


def _convert(asked: ToConvert) -> Converted:
    source = RealMachine().open(asked.source.encode())
    tensors = plan(source)
    header: dict[str, object] = {"__metadata__": {"format": "pt", "converted_from": f"sha256:{asked.sha256}"}}
    end = 0
    for one in tensors:
        header[one.name] = {"dtype": one.dtype, "shape": list(one.shape), "data_offsets": [end, end + one.size]}
        end += one.size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNED)
    if len(text) > _LARGEST_HEADER or end > _MOST_GROWTH * source.size:
        raise NotSimpleError("it would become much larger than it is")
    target = GrowingFile(asked.target)
    try:
        target.write(struct.pack("<Q", len(text)) + text)
        for one in tensors:
            for at in range(one.begin, one.begin + one.size, _PIECE):
                wanted = min(_PIECE, one.begin + one.size - at)
                piece = one.storage.read(at, wanted)
                if len(piece) != wanted:
                    raise NotSimpleError(f"{one.name[:100]} ends before its end")
                target.write(piece)
    finally:
        target.close()
    return Converted(tensors=[one.name for one in tensors], numbers=end, size=8 + len(text) + end)
