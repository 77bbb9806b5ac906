import json

import pytest

from weighbridge.formats.weights_index import READER, could_be
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Malformed, OutsideReference
from weighbridge.model.source import BytesSource


def read(config: object):
    return READER.read(BytesSource(json.dumps(config).encode()), Budget())


def test_facts():
    reading = read({"metadata": {"total_size": 12}, "weight_map": {"a": "m-1.safetensors", "b": "m-2.safetensors"}})

    assert {fact.name: fact.value for fact in reading.facts} == {"shard.count": 2, "tensor_bytes": 12}
    assert reading.observations == ()


@pytest.mark.parametrize("file", ["../x", "/etc/passwd", "C:\\x", "http://a/b"])
def test_files_outside_are_observed(file):
    [seen] = read({"weight_map": {"a": file}}).observations

    assert isinstance(seen, OutsideReference)
    assert seen.target == file


def test_a_map_to_anything_else_is_invalid():
    [seen] = read({"weight_map": {"a": 1}}).observations

    assert isinstance(seen, Malformed)


def test_recognition():
    assert could_be(b'{"metadata": {"total_size": 1}}')
    assert not could_be(b'{"weights": {}}')
