import gzip

import pytest
from tests.samples.safetensors_file import small

from weighbridge.host.fake import FakeMachine
from weighbridge.model.events import Progress
from weighbridge.pipeline.cache import open_cache
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.sight import Seen, see

HOME = b"/home/ada"


def seen_on(machine: FakeMachine, **options: object) -> Seen:
    cache = open_cache(machine)
    seen = see(machine, Options(roots=(HOME,), digest=False, **options), cache, lambda _event: None)
    cache.close()
    return seen


def test_content_decides_whatever_the_name() -> None:
    machine = FakeMachine()
    machine.add_file(HOME + b"/notes", small())
    machine.add_file(HOME + b"/firmware.bin", b"\x00\x01\x02" * 900)
    assert list(seen_on(machine).sightings) == [HOME + b"/notes"]


def test_an_unchanged_file_is_not_opened_again() -> None:
    machine = FakeMachine()
    machine.add_file(HOME + b"/a.safetensors", small())
    first = seen_on(machine)
    machine.reads.clear()
    second = seen_on(machine)
    assert second.sightings == first.sightings
    assert [read for read in machine.reads if read.operation in ("open", "peek", "read")] == []


def test_a_changed_file_is_opened_again_even_if_its_time_was_set_back() -> None:
    machine = FakeMachine()
    path = HOME + b"/a.safetensors"
    machine.add_file(path, small())
    seen_on(machine)
    machine.change_file(path, small()[:-1], keep_mtime=True)
    machine.reads.clear()
    assert seen_on(machine).sightings[path].outcome.examined[0].assessment != "clean"
    assert any(read.operation == "open" for read in machine.reads)


def test_the_same_file_under_another_ending_is_read_for_itself() -> None:
    machine = FakeMachine()
    machine.add_file(HOME + b"/a.safetensors", small())
    machine.add_hard_link(HOME + b"/b.gguf", HOME + b"/a.safetensors")
    found = seen_on(machine).sightings
    checks = {
        path.rsplit(b"/")[-1]: {finding.check for piece in item.outcome.examined for finding in piece.findings}
        for path, item in found.items()
    }
    assert checks[b"a.safetensors"] == set()
    assert "name-mismatch" in checks[b"b.gguf"]
    assert found[HOME + b"/a.safetensors"].identity == found[HOME + b"/b.gguf"].identity


def test_a_link_inside_is_a_place_and_a_link_outside_is_said() -> None:
    machine = FakeMachine()
    machine.add_file(HOME + b"/blob", small())
    machine.add_link(HOME + b"/model.safetensors", b"blob")
    machine.add_file(b"/srv/far.safetensors", small())
    machine.add_link(HOME + b"/far.safetensors", b"/srv/far.safetensors")
    seen = seen_on(machine)
    assert [place.path for place in seen.sightings[HOME + b"/blob"].links] == [HOME + b"/model.safetensors"]
    assert [item.path for item in seen.unexamined] == [HOME + b"/far.safetensors"]


def test_what_cannot_be_opened_is_a_result() -> None:
    machine = FakeMachine()
    machine.add_file(HOME + b"/a.safetensors", small())
    machine.forbid(HOME + b"/a.safetensors")
    seen = seen_on(machine)
    assert [item.path for item in seen.unexamined] == [HOME + b"/a.safetensors"]


def test_ctrl_c_keeps_what_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = FakeMachine()
    for name in (b"a", b"b", b"c"):
        machine.add_file(HOME + b"/" + name, small())
    listed = machine.peek

    def peek(path: bytes, head: int, tail: int) -> tuple[bytes, bytes]:
        if path.endswith(b"/sub/d"):
            raise KeyboardInterrupt
        return listed(path, head, tail)

    machine.add_file(HOME + b"/sub/d", small())
    monkeypatch.setattr(machine, "peek", peek)
    seen = seen_on(machine)
    assert seen.interrupted
    assert sorted(seen.sightings) == [HOME + b"/a", HOME + b"/b", HOME + b"/c"]


def test_progress_names_the_folder_at_hand() -> None:
    machine = FakeMachine()
    for number in range(600):
        machine.add_file(HOME + b"/many/%d.txt" % number, b"plain words, nothing else")
    events: list[Progress] = []
    see(machine, Options(roots=(HOME,), cache=False), None, events.append)
    assert [(event.stage, event.current) for event in events] == [("discover", "/home/ada/many")]


def test_a_budget_ends_the_sweep_and_the_next_run_goes_on() -> None:
    machine = FakeMachine()
    for number in range(6):
        machine.add_file(HOME + b"/%d/model" % number, small())
    first = seen_on(machine, most_peeks=3)
    assert len(first.sightings) == 3
    assert "scan again" in first.unexamined[-1].reason
    assert len(seen_on(machine, most_peeks=4).sightings) == 6


def test_what_holds_no_model_is_neither_kept_nor_looked_at_again() -> None:
    machine = FakeMachine()
    machine.add_file(HOME + b"/manual.gz", gzip.compress(b"NAME\n  wb"))
    machine.add_file(HOME + b"/a.safetensors", small())
    assert list(seen_on(machine).sightings) == [HOME + b"/a.safetensors"]
    machine.add_file(HOME + b"/new", b"nothing")
    machine.reads.clear()
    assert list(seen_on(machine).sightings) == [HOME + b"/a.safetensors"]
    assert [read.path for read in machine.reads if read.operation in ("open", "peek")] == [HOME + b"/new"]
