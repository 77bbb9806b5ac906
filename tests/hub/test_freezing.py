"""Manifests are made once, from what the store holds; what is no GGUF header gives nothing, and no error."""

import random

import pytest
from tests.fleet.serving import Running
from tests.hub.calling import run
from tests.hub.shelved import gguf, published

from weighbridge.hub import manifests
from weighbridge.hub.freezing import freeze, header_of
from weighbridge.hub.manifest_ollama import Header


def test_the_header_of_a_model():
    assert header_of(gguf("qwen3", 7, "8B")) == Header(architecture="qwen3", parameters="8B", file_type="Q8_0")
    assert header_of(gguf("qwen3", 99, "8B")[:-10]).architecture == "qwen3"
    assert header_of(b"") == Header()


def test_damaged_headers_give_nothing_and_no_error():
    whole = gguf(more=b"x" * 50)
    dice = random.Random(5)
    for _ in range(300):
        damaged = bytearray(whole[: dice.randrange(len(whole))])
        for _ in range(3):
            if damaged:
                damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        assert isinstance(header_of(bytes(damaged)), Header)


def test_made_once(served: Running):
    release = published(served, {"a.Q8_0.gguf": gguf(), "README.md": b"# tiny"})
    first = run(freeze(served.hub, release.release_id))
    assert [one.kind for one in first] == ["modelpack", "ollama"]
    served.clock.pass_seconds(100)
    assert run(freeze(served.hub, release.release_id)) == first
    (again,) = served.store.read_now(lambda c: manifests.with_digest(c, release.model_id, first[0].digest))
    assert again == first[0]
    content = served.store.read_now(lambda c: manifests.bytes_of(c, first[0]))
    assert len(content) == first[0].size


@pytest.mark.parametrize("body", [b"", b"GGUF", b"not a model"])
def test_a_release_with_what_is_no_model(served: Running, body):
    release = published(served, {"a.gguf": body})
    assert [one.kind for one in run(freeze(served.hub, release.release_id))] == ["modelpack", "ollama"]
