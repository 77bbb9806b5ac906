"""safetensors: tensors behind a JSON header; holds no code by design.

Only the header is read, whatever the size of the weights. What remains to be judged is whether the header is true:
bytes that belong to no tensor, overlaps, duplicate names and lengths beyond the file are how payloads hide here.
Source: safetensors `README.md`, section "Format".
"""

from weighbridge.formats.json_text import BLANK
from weighbridge.formats.reader import Reader, Reading, Signature
from weighbridge.formats.safetensors_facts import header_facts, shard_facts, table_facts
from weighbridge.formats.safetensors_header import LENGTH_BYTES, LONGEST_HEADER, read_header
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.source import ByteSource

TELLING = (b'"__metadata__"', b'"data_offsets"', b'"dtype"')


def could_be(head: bytes) -> bool:
    """Tell whether the ninth byte opens a JSON object."""
    return len(head) > LENGTH_BYTES and head[LENGTH_BYTES] == 0x7B


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether `source` is safetensors: header length and the start of an object, or its telling keys.

    A file whose header length is absurd is recognized by the keys, so that it is not passed over in silence.
    """
    if not could_be(head):
        return False
    length = int.from_bytes(head[:LENGTH_BYTES], "little")
    if any(key in head for key in TELLING):
        # Text that merely quotes a header has text where the length stands.
        return length <= LONGEST_HEADER or not head[:LENGTH_BYTES].isascii() or b"\0" in head[:LENGTH_BYTES]
    after = head[LENGTH_BYTES + 1 :].lstrip(BLANK)[:1]
    return 2 <= length <= LONGEST_HEADER and (after in (b'"', b"}") or not after)


def read(source: ByteSource, budget: Budget) -> Reading:
    """Return facts and observations of the header. Raises `LimitReached` and `SourceError`."""
    header = read_header(source, budget)
    found: list[Fact] = [*shard_facts(source.name), *header_facts(header)]
    skipped: tuple[str, ...] = ()
    if header.readable:
        found += table_facts(header.tensors)
        data = source.size - LENGTH_BYTES - header.length
        found.append(Fact(name="header_bytes", value=header.length, grade=Grade.MEASURED, source="header"))
        skipped = (f"tensor data, {data} bytes: holds no code",)
    return Reading(
        format="safetensors",
        holds_model=True,
        facts=tuple(found),
        observations=tuple(header.observations),
        skipped=skipped,
    )


READER = Reader(
    id="safetensors",
    title="safetensors",
    recognize=recognize,
    read=read,
    signatures=(Signature(magic=b"{", offset=LENGTH_BYTES),),
    suffixes=(".safetensors",),
)
