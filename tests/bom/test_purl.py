import pytest
from packageurl import PackageURL

from weighbridge.bom.purl import generic, huggingface, oci, pypi

COMMIT, DIGEST = "a" * 40, "b" * 64


@pytest.mark.parametrize(
    "found",
    [
        huggingface("org/Name-1.0", COMMIT, "onnx/model q4.onnx"),
        huggingface("gpt2", COMMIT),
        oci("registry.ollama.ai/library/gemma3", DIGEST, "270m"),
        generic("my model (1).gguf", DIGEST),
        pypi("Example.Package", "1.0+local"),
    ],
)
def test_they_are_what_the_reference_library_writes(found: str | None) -> None:
    assert found is not None
    parsed = PackageURL.from_string(found)
    assert PackageURL.from_string(parsed.to_string()) == parsed


def test_parts_end_up_where_they_belong() -> None:
    parsed = PackageURL.from_string(huggingface("org/Name", COMMIT, "a/b.gguf") or "")
    assert (parsed.namespace, parsed.name, parsed.version, parsed.subpath) == ("org", "Name", COMMIT, "a/b.gguf")
    parsed = PackageURL.from_string(oci("r.example/ns/Name", DIGEST, "v1") or "")
    assert (parsed.name, parsed.version) == ("name", f"sha256:{DIGEST}")
    assert parsed.qualifiers == {"repository_url": "r.example/ns/name", "tag": "v1"}
    assert PackageURL.from_string(generic("x", DIGEST) or "").qualifiers == {"checksum": f"sha256:{DIGEST}"}
    assert pypi("Example.Package", "1") == "pkg:pypi/example-package@1"


def test_doubt_gives_none() -> None:
    assert huggingface("org/name", "main") is None
    assert huggingface("a/b/c", COMMIT) is None
    assert huggingface("../x", COMMIT) is None
    assert oci("x/y", "sha256:1") is None
    assert generic("", DIGEST) is None
    assert generic("x", "") is None
    assert pypi("a b", "1") is None
    assert pypi("a", "") is None
