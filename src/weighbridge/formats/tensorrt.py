"""TensorRT engines: compiled kernels for one kind of GPU.

Source: NVIDIA TensorRT developer guide ("engines are not portable ... only deserialize engines from trusted sources").
The layout is private; the magic `ftrt` was seen in plans of versions 7 to 10.
"""

import re

from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.reader import Reader, Signature
from weighbridge.model.budget import Budget
from weighbridge.model.observation import GraphOperator
from weighbridge.model.source import ByteSource

MAGIC = b"ftrt"
_SEARCHED = 2 << 20
_PLUGIN = re.compile(rb"[A-Za-z][A-Za-z0-9_]{1,60}(?:_TRT|Plugin(?:Dynamic|V2|V3)?)(?![A-Za-z0-9_])")


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether the magic stands here and something follows it."""
    return head.startswith(MAGIC) and source.size > 32


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    gathering.observe(GraphOperator(framework="tensorrt", domain="engine", name="compiled engine", offset=0))
    content = source.read(0, _SEARCHED)
    for match in list(dict.fromkeys(_PLUGIN.findall(content)))[:50]:
        gathering.observe(GraphOperator(framework="tensorrt", domain="plugin", name=match.decode()))
    gathering.skipped.append("compiled kernels: their layout is private")


READER = Reader(
    id="tensorrt",
    title="TensorRT engine",
    recognize=recognize,
    read=gathered("tensorrt", _read),
    signatures=(Signature(magic=MAGIC),),
)
