"""What was seen in a process, from one run to the next."""

import hashlib

from tests.pipeline.test_weights_files import gguf

from weighbridge.discover.found_weights import FoundWeights
from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.pipeline.cache import open_cache
from weighbridge.pipeline.held_memory import HeldMemory
from weighbridge.pipeline.policies import load_policy
from weighbridge.pipeline.processes import snapshot

HOLDER = (7, 1000, 1, 42)
WEIGHTS = FoundWeights(version=(1, 42, 5), format="gguf", size=5, sha256="ab" * 32, name="tiny")


def test_what_is_kept_comes_back_for_the_same_holder_in_the_same_boot() -> None:
    machine = FakeMachine()
    cache = open_cache(machine)
    HeldMemory(cache, "one").keep(HOLDER, WEIGHTS)
    assert HeldMemory(cache, "one").recall(HOLDER) == WEIGHTS
    cache.close()
    again = open_cache(machine)
    assert HeldMemory(again, "one").recall(HOLDER) == WEIGHTS
    assert HeldMemory(again, "two").recall(HOLDER) is None
    assert HeldMemory(again, "one").recall((8, *HOLDER[1:])) is None


def test_a_damaged_memory_holds_nothing() -> None:
    cache = open_cache(FakeMachine())
    for content in (b"", b"{}", b"[1]", b"\xff"):
        cache.keep_held(b"one 7 1000 1 42", content)
        assert HeldMemory(cache, "one").recall(HOLDER) is None


def test_a_later_run_without_privilege_knows_what_was_deleted() -> None:
    machine = FakeMachine()
    machine.add_file(b"/models/w", gguf())
    live = FakeLive(machine)
    process = live.add(FakeProcess(pid=7))
    live.map(7, b"/models/w")
    policy = load_policy(machine)
    first = open_cache(machine)
    snapshot(machine, live, policy, first)
    first.close()
    machine.add_file(b"/models/w", gguf("other"))
    process.hidden = {"open_mapped"}
    (found,) = snapshot(machine, live, policy, open_cache(machine)).processes
    (weights,) = found.weights
    assert weights.sha256 == hashlib.sha256(gguf()).hexdigest()
    assert (weights.deleted, weights.replaced) == (True, True)
    live.boot = "another"
    assert snapshot(machine, live, policy, open_cache(machine)).processes == ()
