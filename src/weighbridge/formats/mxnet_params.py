"""MXNet parameters (`.params`): a list of arrays behind the number 0x112.

Source: `src/ndarray/ndarray.cc` of MXNet (`kMXAPINDArrayListMagic`, NDArray::Load).
"""

from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.reader import Reader, Signature
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage
from weighbridge.model.source import ByteSource

MAGIC = (0x112).to_bytes(8, "little")
_ARRAY_MAGICS = (0xF993FAC8, 0xF993FAC9, 0xF993FACA)
_MOST_ARRAYS = 1_000_000


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether the list magic, a reserved zero, a count and the first array stand here."""
    return (
        head.startswith(MAGIC)
        and len(head) >= 28
        and head[8:16] == b"\0" * 8
        and int.from_bytes(head[24:28], "little") in _ARRAY_MAGICS
    )


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    head = source.read(0, 32)
    count = int.from_bytes(head[16:24], "little")
    gathering.fact("producer", "mxnet", "format")
    gathering.fact("tensors", count, "list header")
    if count > _MOST_ARRAYS or count * 16 > source.size:
        gathering.damaged(Damage.CONTRADICTION, f"{count} arrays cannot stand in this file", 16)
    gathering.skipped.append("arrays: hold numbers only")


READER = Reader(
    id="mxnet-params",
    title="MXNet parameters",
    recognize=recognize,
    read=gathered("mxnet-params", _read),
    signatures=(Signature(magic=MAGIC),),
)
