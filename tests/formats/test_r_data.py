"""R files: headers, compression, models and mere data."""

import bz2
import gzip
import lzma
import struct
import tracemalloc

import pytest
from hypothesis import given
from tests.samples import graphs_other
from tests.samples.graphs_reading import damaged, facts, kinds, read, recognized, survives

from weighbridge.formats.r_data import READER, serialized

SEEDS = [c.build()[c.subject] for c in graphs_other.EVASIONS + graphs_other.BENIGN if "/r-" in c.id or "-r-" in c.id]
SEEDS = [seed for seed in SEEDS if len(seed) < 20_000]
PROMISE = graphs_other.rds(graphs_other._promise())
MODEL = graphs_other.rds(graphs_other._list(graphs_other._NUMBERS, attributes=graphs_other._class("lm")))


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_every_compression(pack) -> None:
    content = pack(PROMISE)
    assert recognized(READER, content)
    assert kinds(read(READER, content)) == {"EmbeddedCode"}


def test_models_and_data() -> None:
    reading = read(READER, gzip.compress(MODEL))
    assert reading.holds_model
    assert facts(reading)["architecture"] == "lm"
    assert facts(reading)["producer.version"] == "4.3.2"
    assert not read(READER, graphs_other.rds(graphs_other._NUMBERS)).holds_model


def test_other_compressed_files() -> None:
    assert not recognized(READER, gzip.compress(b"hello world"))
    assert not recognized(READER, b"\x1f\x8b\x08 broken")
    assert not serialized(b"X\n\0\0\1\2")
    assert serialized(b"RDX3\nX\n\0\0\0\3")


@given(damaged(SEEDS))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)


def test_lists_that_ask_for_a_hundred_million_items_take_no_memory():
    nested = struct.pack(">ii", 19, 200_000) * 500
    content = b"X\n" + struct.pack(">iii", 2, 0x00040302, 0x00020300) + nested
    tracemalloc.start()
    try:
        reading = read(READER, content)
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 1 << 20
    assert [type(item).__name__ for item in reading.observations] == ["Malformed"]
