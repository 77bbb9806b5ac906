"""Processes that hold nothing and name nothing, matched with what scans measured."""

from weighbridge.discover.process_view import look
from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.host.machine import Digests
from weighbridge.model.running import WeightsEvidence
from weighbridge.pipeline.cache import open_cache
from weighbridge.pipeline.running_reads import Reads

SIZE = 500 << 20
DIGEST = "ab" * 32


def lab() -> tuple[FakeLive, FakeProcess, Reads]:
    machine = FakeMachine()
    cache = open_cache(machine)
    for name, size, digest in ((b"/a", SIZE, DIGEST), (b"/b", 7 << 30, "cd" * 32), (b"/c", 7 << 30, "ef" * 32)):
        machine.add_file(name)
        cache.keep_digests(machine.stat(name), Digests(digest, None, size))
    cache.close()
    live = FakeLive(machine)
    process = live.add(FakeProcess(pid=7, resident_bytes=50 << 20, bytes_read=30 << 20))
    return live, process, Reads(live, open_cache(machine))


def test_growth_by_a_known_size_is_those_weights_as_a_claim() -> None:
    live, process, reads = lab()
    assert reads.find([7], look(live), {}) == {}
    process.bytes_read += SIZE + (5 << 20)
    process.resident_bytes += SIZE
    (held,) = reads.find([7], look(live), {})[7]
    assert (held.weights.evidence, held.weights.claimed_sha256) == ((WeightsEvidence.READ,), DIGEST)
    assert held.weights.sha256 is None
    assert reads.find([7], look(live), {})[7] == (held,)
    assert reads.find([], look(live), {}) == {}


def test_a_size_that_two_contents_share_tells_nothing() -> None:
    live, process, reads = lab()
    process.bytes_read = process.resident_bytes = (7 << 30) + 1000
    assert reads.find([7], look(live), {}) == {}


def test_what_is_hidden_is_said() -> None:
    live, process, reads = lab()
    process.hidden = {"bytes_read"}
    views = look(live)
    assert reads.find([7], views, {}) == {}
    assert any(reason.startswith("bytes read: ") for reason in views[7].shortcomings())


def test_without_a_memory_nothing_is_asked() -> None:
    live, _, _ = lab()
    views = look(live)
    live.reads.clear()
    assert Reads(live, None).find([7], views, {}) == {}
    assert live.reads == []


def test_of_who_only_computes_with_tensors_large_weights_alone_are_told() -> None:
    live, process, reads = lab()
    process.bytes_read = process.resident_bytes = SIZE + 1000
    (held,) = reads.find([], look(live), {}, [7])[7]
    assert held.weights.claimed_sha256 == DIGEST
    live, process, reads = lab()
    small = open_cache(live.machine)
    live.machine.add_file(b"/small")
    small.keep_digests(live.machine.stat(b"/small"), Digests("12" * 32, None, 100 << 20))
    small.close()
    process.bytes_read = process.resident_bytes = (100 << 20) + 1000
    assert reads.find([], look(live), {}, [7]) == {}
    assert Reads(live, open_cache(live.machine)).find([7], look(live), {}, [7]) != {}
