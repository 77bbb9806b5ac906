"""Keras 3 bundles."""

import io
import zipfile

from hypothesis import given
from tests.samples.graphs_build import keras_v3, layer, sequential
from tests.samples.graphs_reading import damaged, facts, kinds, read, recognized, survives

from weighbridge.formats.keras_v3 import READER

PLAIN = keras_v3(sequential(layer("Dense", {"units": 3})))


def archive(**members: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name, text in members.items():
            file.writestr(name.replace("_json", ".json"), text)
    return stream.getvalue()


def test_facts_and_parts() -> None:
    reading = read(READER, PLAIN)
    assert recognized(READER, PLAIN)
    assert facts(reading)["producer.version"] == "3.9.0"
    assert [(child.member, child.expect) for child in reading.children] == [("model.weights.h5", "keras-h5")]
    assert kinds(reading) == {"ClassReference"}


def test_other_archives() -> None:
    assert not recognized(READER, archive(config_json="{}"))
    assert not recognized(READER, archive(metadata_json="{}"))
    assert recognized(READER, archive(config_json="{}", metadata_json="{}"))


def test_an_empty_configuration_is_malformed() -> None:
    assert kinds(read(READER, archive(config_json="", metadata_json="{}"))) == {"Malformed"}


@given(damaged([PLAIN]))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
