"""Pointers and web pages under the name of a model are gaps and no attacks; other text is left alone."""

import pytest
from tests.samples.inspection import assessments, look

from weighbridge.formats.stand_in import recognize
from weighbridge.model.source import BytesSource

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4d" * 32 + b"\nsize 12345\n"
PAGE = b"<!DOCTYPE html>\n<html><head><title>404</title></head><body>Not found</body></html>\n"


@pytest.mark.parametrize(
    "content", [POINTER, PAGE, b"\xef\xbb\xbf\n<HTML>" + b" " * 5000], ids=["pointer", "page", "mark"]
)
@pytest.mark.parametrize("ending", ["pkl", "pt", "bin", "npy", "npz", "gguf", "safetensors", "onnx", "h5", "joblib"])
def test_under_the_name_of_a_model(content: bytes, ending: str) -> None:
    assert assessments(content, f"model.{ending}") == {None: "incomplete"}


def test_says_what_it_is() -> None:
    (found,) = look(POINTER, "pytorch_model.bin")
    assert any("Git LFS pointer" in getattr(note, "reason", "") for note in found.observations)


def test_what_a_pointer_stands_for() -> None:
    (found,) = look(POINTER, "model.safetensors")
    assert {fact.name: fact.value for fact in found.facts} == {"lfs.sha256": "4d" * 32, "lfs.size": 12345}
    (broken,) = look(POINTER.replace(b"oid sha256", b"oid md5"), "model.safetensors")
    assert [fact.name for fact in broken.facts] == ["lfs.size"]


def test_elsewhere() -> None:
    assert not recognize(BytesSource(PAGE, b"index.html"), PAGE)
    assert not recognize(BytesSource(POINTER, b"photo.psd"), POINTER)
    assert not recognize(BytesSource(POINTER + b" " * 2000, b"model.bin"), POINTER)
