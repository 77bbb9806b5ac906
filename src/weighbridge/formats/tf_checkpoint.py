"""TensorFlow checkpoints: a `.index` table that names tensors, with `.data-…` files beside it.

Source: `tensorflow/core/lib/io/table_format.txt` (footer of 48 bytes, magic 0xdb4775248b80fb57),
`tensorflow/core/protobuf/tensor_bundle.proto` (BundleHeaderProto under the empty key, BundleEntryProto).
"""

from collections.abc import Iterator

from weighbridge.formats.gathering import Gathering, StructureError, gathered
from weighbridge.formats.protobuf_wire import RANGE, VARINT, Wire
from weighbridge.formats.reader import Reader
from weighbridge.formats.tensor_census import TensorCensus
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage, Unread
from weighbridge.model.place import display
from weighbridge.model.source import ByteSource, BytesSource, SourceError

MAGIC = bytes.fromhex("57fb808b247547db")
_FOOTER = 48
_MOST_BLOCK = 16 << 20
_MOST_ENTRIES = 200_000
_LONGEST_KEY = 10_000
_TYPES = {1: "F32", 2: "F64", 3: "I32", 4: "U8", 5: "I16", 6: "I8", 7: "STRING", 8: "C64", 9: "I64", 10: "BOOL",
          14: "BF16", 17: "U16", 19: "F16", 20: "RESOURCE", 21: "VARIANT", 22: "U32", 23: "U64"}  # fmt: skip


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether a table footer ends the file and its first key is empty, as in a tensor bundle."""
    try:
        return (
            source.size > _FOOTER
            and source.read(source.size - 8, 8) == MAGIC
            and len(head) > 3
            and head[0] == 0
            and head[1] == 0
        )
    except SourceError:
        return False


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    footer = source.read(source.size - _FOOTER, _FOOTER)
    position = 0
    handle: list[int] = []
    for _ in range(4):
        value, position = _varint(footer, position)
        handle.append(value)
    census = TensorCensus()
    gathering.fact("producer", "tensorflow", "format")
    try:
        for _key, pointer in _entries(_block(source, handle[2], handle[3]), budget):
            offset, at = _varint(pointer, 0)
            size, _ = _varint(pointer, at)
            block = source.read(offset + size, 1)
            if block not in (b"\0", b""):
                gathering.observe(Unread(what="tensor index", reason="its blocks are compressed with Snappy"))
                continue
            for key, entry in _entries(_block(source, offset, size), budget):
                _entry(key, entry, source, budget, census, gathering)
    finally:
        census.report(gathering, "tensor index")


def _entry(
    key: bytes, content: bytes, source: ByteSource, budget: Budget, census: TensorCensus, gathering: Gathering
) -> None:
    wire = Wire(BytesSource(content), budget)
    kind = 0
    shape: list[int] = []
    shards = 0
    for number, wire_type, value, at in wire.fields():
        if not key and number == 1 and wire_type == VARINT:
            shards = value
        elif key and number == 1 and wire_type == VARINT:
            kind = value
        elif key and number == 2 and wire_type == RANGE:
            for inner, inner_type, size, start in wire.fields(at, at + value):
                if inner == 2 and inner_type == RANGE:
                    sizes = [number for field, _, number, _ in wire.fields(start, start + size) if field == 1]
                    shape.append(sizes[0] if sizes else 0)
    if key:
        census.add(display(key[:1000]), _TYPES.get(kind, f"type {kind}"), tuple(shape))
        return
    if not 0 < shards <= 100_000:
        gathering.damaged(Damage.INVALID, f"{shards} data files are announced")
        return
    stem = display(source.name).removesuffix(".index")
    for index in range(min(shards, 1000)):
        gathering.want(f"{stem}.data-{index:05d}-of-{shards:05d}")


def _block(source: ByteSource, offset: int, size: int) -> bytes:
    if size > _MOST_BLOCK or offset + size > source.size:
        raise StructureError(Damage.CONTRADICTION, "a table block leaves the file", offset)
    return source.read(offset, size)


def _entries(block: bytes, budget: Budget) -> Iterator[tuple[bytes, bytes]]:
    """Yield key and value of each entry of a table block; keys share their beginnings with the one before."""
    if len(block) < 4:
        raise StructureError(Damage.INVALID, "a table block is too short")
    restarts = int.from_bytes(block[-4:], "little")
    end = len(block) - 4 - 4 * restarts
    if end < 0:
        raise StructureError(Damage.INVALID, "a table block has impossible restarts")
    key = b""
    position = 0
    while position < end:
        budget.spend("checkpoint entries", 1, _MOST_ENTRIES)
        shared, position = _varint(block, position)
        own, position = _varint(block, position)
        length, position = _varint(block, position)
        if shared > len(key) or position + own + length > end or shared + own > _LONGEST_KEY:
            raise StructureError(Damage.CONTRADICTION, "a table entry leaves its block", position)
        key = key[:shared] + block[position : position + own]
        yield key, block[position + own : position + own + length]
        position += own + length


def _varint(content: bytes, position: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(content):
            break
        byte = content[position]
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, position
    raise StructureError(Damage.INVALID, "a number is not complete", position)


READER = Reader(
    id="tf-checkpoint",
    title="TensorFlow checkpoint",
    recognize=recognize,
    read=gathered("tf-checkpoint", _read),
    at_end=MAGIC,
)
