"""Manifests of Core ML packages."""

import json

from hypothesis import given
from tests.samples.graphs_reading import damaged, kinds, read, recognized, survives

from weighbridge.formats.coreml_package import READER


def manifest(path: str) -> bytes:
    items = {"A": {"path": path, "author": "com.apple.CoreML"}}
    return json.dumps({"fileFormatVersion": "1.0.0", "rootModelIdentifier": "A", "itemInfoEntries": items}).encode()


def test_paths() -> None:
    reading = read(READER, manifest("com.apple.CoreML/model.mlmodel"))
    assert recognized(READER, manifest("x"))
    assert [part.relative_path for part in reading.parts_wanted] == ["Data/com.apple.CoreML/model.mlmodel"]
    assert not reading.holds_model
    for path in ("../x", "/x", "a/../../x"):
        assert kinds(read(READER, manifest(path))) == {"OutsideReference"}


def test_other_json() -> None:
    assert not recognized(READER, b'{"name": "x"}')


@given(damaged([manifest("x")]))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
