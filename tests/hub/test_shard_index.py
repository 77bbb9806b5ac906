"""The index of converted parts: right about each tensor, or none at all."""

import json

import pytest

from weighbridge.hub.shard_index import Part, converted
from weighbridge.hub.tensor_dictionary import NotSimpleError

PARTS = {
    "x-00001-of-00002.bin": Part(name="x-00001-of-00002.safetensors", tensors=("a", "b"), size=8),
    "x-00002-of-00002.bin": Part(name="x-00002-of-00002.safetensors", tensors=("c",), size=4),
}
RIGHT = {"a": "x-00001-of-00002.bin", "b": "x-00001-of-00002.bin", "c": "x-00002-of-00002.bin"}


def text(weight_map: object) -> bytes:
    return json.dumps({"metadata": {"total_size": 99, "x": 1}, "weight_map": weight_map}).encode()


def test_it_names_the_new_files_and_their_size() -> None:
    said = json.loads(converted(text(RIGHT), PARTS))
    assert said["metadata"] == {"total_size": 12}
    assert said["weight_map"] == {name: file.replace(".bin", ".safetensors") for name, file in RIGHT.items()}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (text({**RIGHT, "d": "../secret"}), "not there"),
        (text({**RIGHT, "a": "x-00002-of-00002.bin"}), "where a is"),
        (text({**RIGHT, "d": "x-00002-of-00002.bin"}), "where d is"),
        (text({"a": 1}), "does not say"),
        (b"[" * 100_000, "does not say"),
        (b"\xff", "does not say"),
    ],
)
def test_what_is_not_right_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(NotSimpleError, match=why):
        converted(content, PARTS)
