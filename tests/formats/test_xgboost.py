"""XGBoost against the real library, in every encoding that it still writes, and the old one by hand."""

import json
import struct

import numpy
import pytest
import xgboost
from hypothesis import given
from tests.samples import graphs_other
from tests.samples.graphs_reading import damaged, facts, kinds, read, recognized, survives

from weighbridge.formats.xgboost import READER

SEEDS = [c.build()[c.subject] for c in graphs_other.EVASIONS + graphs_other.BENIGN if "xgboost" in c.id]


@pytest.fixture(scope="module")
def booster() -> xgboost.Booster:
    features = numpy.arange(120, dtype="f4").reshape(30, 4) % 7
    data = xgboost.DMatrix(features, features[:, 0] > 3, feature_names=list("abcd"))
    return xgboost.train({"objective": "binary:logistic", "max_depth": 2}, data, 3)


@pytest.mark.parametrize("encoding", ["json", "ubj"])
def test_facts_of_a_real_model(booster: xgboost.Booster, encoding: str) -> None:
    content = bytes(booster.save_raw(encoding))
    reading = read(READER, content)
    assert recognized(READER, content)
    assert facts(reading)["trees"] == 3
    assert facts(reading)["features"] == 4
    assert facts(reading)["objective"] == "binary:logistic"
    assert not reading.observations


def test_the_old_binary_form() -> None:
    parameters = struct.pack("<fIi", 0.5, 12, 0) + bytes(124)
    body = struct.pack("<Q", 15) + b"binary:logistic" + struct.pack("<Q", 6) + b"gbtree" + bytes(160)
    for content in (parameters + body, b"binf" + parameters + body):
        assert recognized(READER, content)
        assert facts(read(READER, content))["features"] == 12


@pytest.mark.parametrize("text", [b'{"name": "x"}', b'{"learner": 5, "a": [', b"{}", b"[1]", b'{"version": [1, 2]}'])
def test_other_json(text: bytes) -> None:
    if recognized(READER, text):
        assert kinds(read(READER, text)) == {"Malformed"}


def test_children_must_exist() -> None:
    for change in ({"left_children": [7, -1, -1]}, {"split_indices": [-1, 0, 0]}, {"right_children": [1]}):
        content = json.dumps(graphs_other.xgboost(**change)).encode()
        assert kinds(read(READER, content)) == {"Malformed"}
    assert not kinds(read(READER, json.dumps(graphs_other.xgboost()).encode()))


@given(damaged(SEEDS))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
