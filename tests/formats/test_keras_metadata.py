"""Keras metadata beside a SavedModel."""

from hypothesis import given
from tests.samples import graphs_tensorflow
from tests.samples.graphs_reading import damaged, kinds, read, recognized, survives

from weighbridge.formats.keras_metadata import READER

SEEDS = [c.build()[c.subject] for c in graphs_tensorflow.EVASIONS if c.subject == "keras_metadata.pb"]


def test_lambda_is_found_and_the_file_is_no_model() -> None:
    reading = read(READER, SEEDS[0])
    assert recognized(READER, SEEDS[0])
    assert "EmbeddedCode" in kinds(reading)
    assert not reading.holds_model


def test_other_files() -> None:
    assert not recognized(READER, b"\x0a\x05hello_tf_keras")


@given(damaged(SEEDS))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
