"""LightGBM against the real library."""

import os

import numpy
import pytest
from hypothesis import given
from tests.samples.graphs_reading import damaged, facts, kinds, read, recognized, survives

from weighbridge.formats.lightgbm import READER

try:
    import lightgbm
except OSError as error:  # the wheel brings no OpenMP runtime
    if os.environ.get("CI"):
        raise
    pytest.skip(f"LightGBM does not load here: {error}", allow_module_level=True)

SEED = b"tree\nversion=v4\nnum_class=1\ntree_sizes=20\n\nTree=0\n\nend of trees\n"


def test_facts_of_a_real_model() -> None:
    features = numpy.arange(400, dtype="f4").reshape(100, 4) % 7
    booster = lightgbm.train({"objective": "binary", "verbose": -1}, lightgbm.Dataset(features, features[:, 0] > 3), 2)
    content = booster.model_to_string().encode()
    reading = read(READER, content)
    assert recognized(READER, content)
    assert facts(reading)["trees"] == 2
    assert str(facts(reading)["objective"]).startswith("binary")
    assert not reading.observations
    assert kinds(read(READER, content[:900])) == {"Malformed"}


def test_other_text() -> None:
    assert not recognized(READER, b"tree\nof life\n")
    assert kinds(read(READER, SEED.replace(b"=20", b"=x"))) == {"Malformed"}


@given(damaged([SEED]))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
