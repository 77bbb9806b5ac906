"""Lock files: what is written is read again, and nothing else is."""

import pytest

from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.hub_lock import Locked, lock_text, read_lock, with_model

CODER = Locked(name="acme/coder", commit="c" * 40, files=(("a.gguf", "a" * 64), ("ü.txt", "b" * 64)))
OTHER = Locked(name="acme/other", commit="d" * 40, files=(("x", "a" * 64),))


def test_what_is_written_is_read_again():
    assert read_lock(lock_text([OTHER, CODER]).encode()) == [CODER, OTHER]


def test_a_model_stands_in_it_once():
    newer = Locked(name="Acme/Coder", commit="e" * 40, files=CODER.files)
    assert with_model([CODER, OTHER], newer) == [OTHER, newer]


@pytest.mark.parametrize(
    "change",
    [
        ("weighbridge.lock/1", "weighbridge.lock/2"),
        ("c" * 40, "main"),
        ("sha256:", "md5:"),
        ('"name": "acme/coder"', '"name": 7'),
        ('"files": {', '"files": [{'),
        ("{", "[["),
        ("}", ""),
    ],
)
def test_anything_else_is_refused(change):
    with pytest.raises(WeighbridgeError) as caught:
        read_lock(lock_text([CODER]).replace(*change).encode())
    assert caught.value.code == "E-pull-lock"


@pytest.mark.parametrize("content", [b"", b"\xff", b"[" * 100_000, b'{"schema": "weighbridge.lock/1", "models": []}'])
def test_what_is_no_json_of_ours_is_refused(content):
    with pytest.raises(WeighbridgeError):
        read_lock(content)
