"""A model comes here whole, checked and once."""

import hashlib

import pytest
from tests.pipeline.hub_kit import WEIGHTS, pulled, repository
from tests.pipeline.hub_server import SmallHub

from weighbridge.model.errors import WeighbridgeError


def test_what_is_here_is_checked_and_not_fetched_again(hub, home):
    pulled(hub)
    before = hub.sent
    assert pulled(hub).fetched == 0
    assert hub.sent == before
    blob = repository(home) / "blobs" / hashlib.sha256(WEIGHTS).hexdigest()
    blob.write_bytes(b"\0" + WEIGHTS[1:])
    assert pulled(hub).fetched == len(WEIGHTS)
    assert blob.read_bytes() == WEIGHTS


def test_only_some_files(hub, home):
    found = pulled(hub, include=["*.gguf"])
    assert sorted(one.path for one in found.files) == ["model.gguf", "nested/same.gguf"]
    with pytest.raises(WeighbridgeError) as caught:
        pulled(hub, include=["*.bin"])
    assert caught.value.code == "E-pull-files"


def test_a_hub_that_is_not_there_is_said(home):
    with SmallHub({}) as gone:
        pass
    with pytest.raises(WeighbridgeError) as caught:
        pulled(gone)
    assert caught.value.code == "E-hub-unreachable"
