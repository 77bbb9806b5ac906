"""Keras HDF5: models, weight files, science data, disguises."""

import json

from hypothesis import given
from tests.samples.graphs_build import hdf5, keras_h5, layer, sequential, weights_h5
from tests.samples.graphs_reading import CountedSource, damaged, facts, kinds, read, recognized, survives, walk_bytes

from weighbridge.formats.gathering import Gathering
from weighbridge.formats.keras_h5 import READER, parse_configuration
from weighbridge.model.budget import Budget

DENSE = sequential(layer("Dense", {"units": 3}))
SEEDS = [keras_h5(DENSE), keras_h5(DENSE, libver="latest"), weights_h5()]


def test_facts() -> None:
    reading = read(READER, keras_h5(DENSE))
    found = facts(reading)
    assert reading.holds_model
    assert found["parameters"] == 12
    assert found["producer.version"] == "2.15.0"
    assert found["architecture"] == "Sequential"
    assert found["layers"] == 1
    assert kinds(reading) == {"ClassReference"}


def test_weights_alone_are_a_model_and_science_is_not() -> None:
    assert read(READER, weights_h5()).holds_model
    science = hdf5(lambda file: file.create_dataset("temperature", data=[1.0, 2.0]))
    assert recognized(READER, science)
    assert not read(READER, science).holds_model


def test_tensors_are_not_read() -> None:
    import numpy

    def fill(file) -> None:
        file.attrs["model_config"] = json.dumps(DENSE)
        file.create_dataset("model_weights/d/kernel:0", data=numpy.zeros((1500, 1000), "f4"))

    content = hdf5(fill)
    source = CountedSource(content)
    assert facts(READER.read(source, Budget()))["parameters"] == 1_500_000
    assert source.asked < 100_000 < len(content)


def test_configurations_that_are_not_plain_json() -> None:
    gathering = Gathering("x")
    assert parse_configuration(b'{"a": NaN, "b": -Infinity}', "c", gathering) is not None
    assert not gathering.reading().observations
    value = parse_configuration(b'{"a": 1, "a": {"class_name": "x"}}', "c", gathering)
    assert isinstance(value, dict)
    assert value["repeated keys"] == [1, {"class_name": "x"}]
    assert parse_configuration(b"[" * 100_000, "c", gathering) is None
    assert len(gathering.reading().observations) == 2


def test_pytables_pickles_become_parts() -> None:
    import numpy

    def fill(file) -> None:
        file.attrs["PYTABLES_FORMAT_VERSION"] = "2.1"
        file.create_group("g").attrs["note"] = numpy.bytes_(b"(lp0\nI1\na.")

    assert [child.member for child in read(READER, hdf5(fill)).children] == ["/g@note"]


def test_cut_anywhere() -> None:
    for content in walk_bytes(SEEDS[0], 1009):
        survives(READER, content)


@given(damaged(SEEDS))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
