"""Flax weights, written with a MessagePack library."""

import msgspec
from hypothesis import given
from tests.samples.graphs_rare import flax, flax_array
from tests.samples.graphs_reading import CountedSource, damaged, facts, kinds, read, recognized, survives

from weighbridge.formats.flax_msgpack import READER
from weighbridge.model.budget import Budget

PLAIN = flax(kernel=flax_array(8, 4), bias=flax_array(4))


def test_facts() -> None:
    reading = read(READER, PLAIN)
    assert recognized(READER, PLAIN)
    assert facts(reading)["parameters"] == 36
    assert facts(reading)["quantization"] == "F32"
    assert not reading.observations


def test_arrays_are_not_read() -> None:
    source = CountedSource(flax(kernel=flax_array(1000, 1000)))
    assert facts(READER.read(source, Budget()))["parameters"] == 1_000_000
    assert source.asked < 2000


def test_other_files() -> None:
    assert not recognized(READER, msgspec.msgpack.encode({"name": "value", "list": list(range(50))}))
    assert kinds(read(READER, PLAIN[:-10])) == {"Malformed"}


@given(damaged([PLAIN]))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
