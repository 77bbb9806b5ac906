"""Files that processes hold: judged by content, hashed within a budget, remembered by version."""

import hashlib
from datetime import timedelta

import pytest
from tests.samples.gguf_file import STRING, GgufFile

from weighbridge.host.fake import FakeMachine
from weighbridge.model.artifact import Artifact
from weighbridge.model.events import Progress
from weighbridge.pipeline.cache import open_cache
from weighbridge.pipeline.weights_files import WeightsFiles

PATH = b"/home/ada/blob"


def gguf(name: str = "tiny") -> bytes:
    pairs = [("general.architecture", STRING, "llama"), ("general.name", STRING, name)]
    return GgufFile(pairs=pairs, tensors=[("t", (2048,), 0, bytes(8192))]).build()


def machine(content: bytes, path: bytes = PATH) -> FakeMachine:
    made = FakeMachine()
    made.add_file(path, content)
    return made


def test_weights_are_known_by_content() -> None:
    one = machine(gguf())
    files = WeightsFiles(one, None)
    source = one.open(PATH)
    found = files(source, PATH)
    assert found is not None
    assert (found.format, found.size, found.name) == ("gguf", len(gguf()), "tiny")
    assert found.sha256 == hashlib.sha256(gguf()).hexdigest()
    artifact = files.artifact(found.version)
    assert isinstance(artifact, Artifact)
    assert (artifact.sha256, artifact.places[0].path) == (found.sha256, PATH)


@pytest.mark.parametrize("content", [b"", b"text " * 5000, b"\x7fELF" + bytes(9000), b'{"a": 1}' + b" " * 9000])
def test_what_is_none_is_none(content: bytes) -> None:
    one = machine(content)
    assert WeightsFiles(one, None)(one.open(PATH), PATH) is None


def test_a_file_whose_path_is_gone_is_read_as_it_is_held() -> None:
    one = machine(gguf())
    source = one.open(PATH)
    one.add_file(PATH, gguf("other"))
    found = WeightsFiles(one, None)(source, PATH)
    assert found is not None
    assert (found.name, found.sha256) == ("tiny", hashlib.sha256(gguf()).hexdigest())


def test_a_store_names_it_and_claims_its_digest() -> None:
    digest = hashlib.sha256(gguf()).hexdigest()
    path = b"/home/ada/.cache/huggingface/hub/models--org--tiny/blobs/" + digest.encode()
    one = machine(gguf(), path)
    found = WeightsFiles(one, None, seconds=0.0)(one.open(path), path)
    assert found is not None
    assert found.claimed_sha256 == digest


def test_hashing_goes_on_from_round_to_round() -> None:
    class Slow(FakeMachine):
        def monotonic(self) -> float:
            self.clock += timedelta(seconds=1)
            return super().monotonic()

    content = gguf() + bytes(100 << 20)
    one = Slow()
    one.add_file(PATH, content)
    told: list[Progress] = []
    files = WeightsFiles(one, None, seconds=8.0, listener=told.append)
    digests = []
    for _ in range(20):
        files.begin()
        found = files(one.open(PATH), PATH)
        assert found is not None
        digests.append(found.sha256)
        if found.sha256:
            break
    assert digests[0] is None
    assert digests[-1] == hashlib.sha256(content).hexdigest()
    assert sum(event.bytes_done == len(content) for event in told) == 1


def test_what_an_earlier_run_hashed_is_not_hashed_again() -> None:
    one = machine(gguf())
    cache = open_cache(one)
    first = WeightsFiles(one, cache)(one.open(PATH), PATH)
    cache.close()
    told: list[Progress] = []
    again = WeightsFiles(one, open_cache(one), listener=told.append)(one.open(PATH), PATH)
    assert first == again
    assert told == []


def test_a_change_is_a_new_version() -> None:
    one = machine(gguf())
    files = WeightsFiles(one, None)
    first = files(one.open(PATH), PATH)
    one.change_file(PATH, gguf("other"), keep_mtime=True)
    second = files(one.open(PATH), PATH)
    assert first is not None
    assert second is not None
    assert first.version != second.version
    assert second.name == "other"
