"""CatBoost models."""

import struct

from hypothesis import given
from tests.samples.graphs_build import Flat
from tests.samples.graphs_reading import damaged, facts, kinds, read, recognized, survives

from weighbridge.formats.catboost import READER


def model(core: bytes) -> bytes:
    return b"CBM1" + struct.pack("<I", len(core)) + core


PLAIN = model(Flat(b"\0\0\0\0").finish({0: "FlabuffersModel_v1", 1: {0: 1}, 2: [{0: "model_guid", 1: "abc"}]}))


def test_facts() -> None:
    assert recognized(READER, PLAIN)
    reading = read(READER, PLAIN)
    assert facts(reading)["uuid"] == "abc"
    assert not reading.observations


def test_damage() -> None:
    assert kinds(read(READER, PLAIN[:-20])) == {"Malformed"}
    assert kinds(read(READER, model(Flat(b"\0\0\0\0").finish({0: "x"})))) == {"Malformed"}
    assert kinds(read(READER, b"CBM1")) == {"Malformed"}


@given(damaged([PLAIN]))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
