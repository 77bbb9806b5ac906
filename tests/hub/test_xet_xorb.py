"""Reading xorbs: whole, in pieces, broken, hostile."""

import random

import lz4.frame
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hub.xet_writing import GROUPED, LZ4, PLAIN, Xorb, head

from weighbridge.hub import xet_xorb
from weighbridge.hub.xet_xorb import XorbReader, ungrouped
from weighbridge.model.errors import WeighbridgeError

DICE = random.Random(7)
CHUNKS = [DICE.randbytes(size) for size in (1, 2, 3, 4, 5, 8_192, 70_001)] + [bytes(131_072), b"ab" * 30_000]


def read(body: bytes, name: str, size: int = 10_000) -> list[bytes]:
    """Read a xorb that comes in pieces."""
    reader = XorbReader()
    chunks = [chunk for at in range(0, len(body), size) for chunk in reader.take(body[at : at + size])]
    reader.finish(name)
    return chunks


@pytest.mark.parametrize("scheme", [PLAIN, LZ4, GROUPED])
@pytest.mark.parametrize("size", [997, 1 << 20])
def test_every_way_to_compress(scheme, size):
    xorb = Xorb(CHUNKS, scheme)
    assert read(xorb.body, xorb.name, size) == CHUNKS


def test_a_table_at_the_end_is_passed_over():
    xorb = Xorb(CHUNKS)
    assert read(xorb.body + b"XETBLOB\x01" + DICE.randbytes(5_000), xorb.name, 4_999) == CHUNKS


def test_groups_of_four():
    for length in range(12):
        content = bytes(range(length))
        assert ungrouped(b"".join(content[position::4] for position in range(4))) == content


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0",
        head(PLAIN, 5, 5) + b"abc",
        head(PLAIN, 5, 4) + b"abcde",
        head(PLAIN, 0, 0),
        head(7, 1, 1) + b"a",
        head(PLAIN, 1, 1, version=1) + b"a",
        head(LZ4, 4, 4) + b"abcd",
        head(LZ4, 0xFFFFFF, 10) + bytes(100),
        head(PLAIN, 1, 0xFFFFFF) + b"a",
        head(LZ4, len(bomb := lz4.frame.compress(bytes(100 << 20))) & 0xFFFFFF, 131_072) + bomb,
        head(LZ4, len(short := lz4.frame.compress(b"abc")), 4) + short,
    ],
    ids=range(12),
)
def test_what_no_client_writes(body):
    with pytest.raises(WeighbridgeError) as wrong:
        read(body, "0" * 64)
    assert wrong.value.code == "E-hub-xorb"


def test_another_name():
    xorb = Xorb(CHUNKS)
    for name in ("0" * 64, Xorb(CHUNKS[1:]).name):
        with pytest.raises(WeighbridgeError, match="hash is another"):
            read(xorb.body, name)


def test_bounds(monkeypatch):
    xorb = Xorb([b"a"] * 20, PLAIN)
    for name, value in (("LARGEST", 50), ("MOST_CHUNKS", 19), ("_LARGEST_RAW", 19)):
        with monkeypatch.context() as patch:
            patch.setattr(xet_xorb, name, value)
            with pytest.raises(WeighbridgeError):
                read(xorb.body, xorb.name, 10)


GOOD = Xorb([b"one", b"two" * 100, bytes(2_000)])


@given(st.integers(0, len(GOOD.body)), st.binary(max_size=40), st.integers(1, 400))
def test_whatever_comes_is_read_or_refused(at, noise, size):
    body = GOOD.body[:at] + noise + GOOD.body[at + len(noise) // 2 :]
    try:
        chunks = read(body, GOOD.name, size)
    except WeighbridgeError as error:
        code = error.code
    else:
        code = "E-hub-xorb" if chunks == GOOD.chunks else ""
    assert code == "E-hub-xorb"
