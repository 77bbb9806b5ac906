"""The notes that `hf download --local-dir` leaves."""

from tests.samples.stores import COMMIT, add_huggingface_folder, sha256

from weighbridge.discover.huggingface_folder import PROBE
from weighbridge.discover.registry import PROBES
from weighbridge.discover.sweep import Sighted, sweep
from weighbridge.host.fake import FakeMachine

WEIGHTS = b"GGUF" + bytes(100)


def test_notes_give_commit_and_claim():
    machine = FakeMachine()
    add_huggingface_folder(machine, b"/models/tiny", {"sub/model.gguf": WEIGHTS})
    (said,) = PROBE.explore(machine, b"/models/tiny")
    assert said.path == b"/models/tiny/sub/model.gguf"
    assert (said.claimed_sha256, said.store_name) == (sha256(WEIGHTS), f"commit {COMMIT}")


def test_a_damaged_note_claims_nothing():
    machine = FakeMachine()
    machine.add_file(b"/m/.cache/huggingface/download/a.metadata", b"\xff\n")
    machine.add_file(b"/m/.cache/huggingface/download/a.lock", b"")
    (said,) = PROBE.explore(machine, b"/m")
    assert (said.claimed_sha256, said.store_name, said.facts) == (None, None, ())


def test_a_home_with_the_hub_cache_is_no_download_folder():
    machine = FakeMachine()
    machine.add_directory(machine.home + b"/.cache/huggingface/hub")
    assert not PROBE.looks_like(machine, machine.home, frozenset({b".cache"}))


def test_files_without_a_note_keep_the_store_around_them():
    machine = FakeMachine()
    folder = machine.home + b"/.lmstudio/models/acme/tiny"
    add_huggingface_folder(machine, folder, {"noted.gguf": WEIGHTS})
    machine.add_file(folder + b"/other.gguf", WEIGHTS)
    stores = {
        item.candidate.path.rpartition(b"/")[2]: (item.candidate.store, item.candidate.store_name)
        for item in sweep(machine, [machine.home], PROBES, lambda _n, _s, head, _t: head.startswith(b"GGUF"))
        if isinstance(item, Sighted)
    }
    assert stores == {
        b"noted.gguf": ("huggingface-folder", f"commit {COMMIT}"),
        b"other.gguf": ("lm-studio", "acme/tiny"),
    }
