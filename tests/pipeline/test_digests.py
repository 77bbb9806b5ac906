import hashlib

from tests.samples.safetensors_file import small

from weighbridge.host.fake import FakeMachine
from weighbridge.pipeline.cache import open_cache
from weighbridge.pipeline.digests import measure
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.sight import see

HOME = b"/home/ada"
OPTIONS = Options(roots=(HOME,))


def measured(machine: FakeMachine) -> tuple[dict[bytes, str], list[bytes]]:
    cache = open_cache(machine)
    seen = see(machine, OPTIONS, cache, lambda _event: None)
    digests = measure(machine, OPTIONS, cache, seen, lambda _event: None)
    cache.close()
    return {path: digest.sha256 for path, digest in digests.items()}, [item.path for item in seen.unexamined]


def hashed(machine: FakeMachine) -> list[bytes]:
    return [read.path for read in machine.reads if read.operation == "digest"]


def test_artifacts_are_hashed_once_and_remembered() -> None:
    content = small()
    machine = FakeMachine()
    machine.add_file(HOME + b"/a", content)
    machine.add_hard_link(HOME + b"/b", HOME + b"/a")
    expected = hashlib.sha256(content).hexdigest()
    assert measured(machine) == ({HOME + b"/a": expected, HOME + b"/b": expected}, [])
    assert hashed(machine) == [HOME + b"/a"]
    machine.reads.clear()
    assert measured(machine)[0][HOME + b"/b"] == expected
    assert hashed(machine) == []


def test_plain_files_are_never_hashed() -> None:
    machine = FakeMachine()
    machine.add_file(HOME + b"/letter.txt", b"Dear Ada, no model here.")
    assert measured(machine) == ({}, [])
    assert hashed(machine) == []


def test_a_file_that_cannot_be_read_to_its_end_is_a_result() -> None:
    content = small()
    machine = FakeMachine()
    machine.add_file(HOME + b"/a", content)
    machine.break_at(HOME + b"/a", len(content) - 1)
    digests, unexamined = measured(machine)
    assert digests == {}
    assert HOME + b"/a" in unexamined


def test_a_budget_hashes_what_nobody_claims_first_and_small_files_first() -> None:
    machine = FakeMachine()
    blob = hashlib.sha256(small()).hexdigest().encode()
    hub = HOME + b"/.cache/huggingface/hub/models--ada--m"
    machine.add_file(hub + b"/blobs/" + blob, small())
    machine.add_file(hub + b"/refs/main", b"0" * 40)
    machine.add_link(hub + b"/snapshots/" + b"0" * 40 + b"/model.safetensors", b"../../blobs/" + blob)
    machine.add_file(HOME + b"/large", small() + bytes(64))
    machine.add_file(HOME + b"/little", small()[:-1])
    size = len(small())

    def run(most: int) -> list[bytes]:
        machine.reads.clear()
        cache = open_cache(machine)
        options = Options(roots=(HOME,), most_hashed=most)
        measure(machine, options, cache, see(machine, options, cache, lambda _event: None), lambda _event: None)
        cache.close()
        return [path.rpartition(b"/")[2] for path in hashed(machine)]

    assert run(size) == [b"little"]
    assert run(size) == [blob]
    assert run(2 * size + 64) == [b"large"]
