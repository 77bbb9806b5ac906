"""Archives that are recognized but not read: RAR, ACE, lzip, compress, lrzip, zpaq, legacy LZ4.

They could hold a model, so they are reported as not examined.

Sources: RAR 5.0 technical note; the lzip manual; file signatures as their own tools write them.
"""

from weighbridge.formats.reader import Reader, Reading, Signature
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Unread
from weighbridge.model.source import ByteSource

_KINDS = {
    (b"Rar!\x1a\x07", 0): "RAR",
    (b"**ACE**", 7): "ACE",
    (b"LZIP\x01", 0): "lzip",
    (b"\x1f\x9d", 0): "compress",
    (b"LRZI", 0): "lrzip",
    (b"7kSt\xa01\x83\xd3\x8c\xb2\x28\xb0\xd3zPQ", 0): "zpaq",
    (b"\x02\x21\x4c\x18", 0): "legacy LZ4",
}
_COMPRESS = b"\x1f\x9d"


def _kind(head: bytes) -> str | None:
    for (magic, offset), name in _KINDS.items():
        if head.startswith(magic, offset):
            # Two bytes are little: the third must state a code width that the format has.
            if magic == _COMPRESS and (len(head) < 5 or head[2] & 0x60 or not 9 <= head[2] & 0x1F <= 16):
                continue
            return name
    return None


def _read(source: ByteSource, _budget: Budget) -> Reading:
    kind = _kind(source.read(0, 32)) or "unknown"
    unread = Unread(what=f"{kind} archive", reason=f"{kind} compression is not supported")
    return Reading(format="opaque-archive", holds_model=False, observations=(unread,))


READER = Reader(
    id="opaque-archive",
    title="Archive of a kind that is not read",
    recognize=lambda _source, head: _kind(head) is not None,
    read=_read,
    signatures=tuple(Signature(magic=magic, offset=offset) for magic, offset in _KINDS),
    general=True,
)
