"""What is recorded, as conversations: seen before, seen now, records."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as some

from weighbridge.ledger.entry import Record, decode, encode
from weighbridge.pipeline.watch_decide import Item, Known, Seen

BOOT = "boot-1"
WORKER = {"pid": 7, "started": 70, "name": "worker", "weights": [{"sha256": "ab"}]}


def record(item: Item, boot: str = BOOT) -> Record:
    kind, data = item
    made = decode(encode(0, kind, data, at=datetime(2026, 11, 21, tzinfo=UTC), monotonic=1, boot=boot, network=""))
    assert made is not None
    return made


def test_something_new_is_told_once() -> None:
    known = Known()
    assert known.changes([Seen("process", WORKER)], boot=BOOT) == [("process", WORKER)]
    assert known.changes([Seen("process", WORKER)], boot=BOOT) == []


def test_something_else_said_of_the_same_thing_is_told() -> None:
    known = Known()
    known.changes([Seen("process", WORKER)], boot=BOOT)
    other = WORKER | {"weights": [{"sha256": "cd"}]}
    assert known.changes([Seen("process", other)], boot=BOOT) == [("process", other)]


def test_what_is_missing_ends_only_where_everything_was_looked_at() -> None:
    known = Known()
    known.changes([Seen("process", WORKER), Seen("sighting", {"path": "/a/m", "artifact": "ab"})], boot=BOOT)
    assert known.changes([], boot=BOOT) == []
    assert known.changes([], boot=BOOT, scope=["process"]) == [("process-end", {"pid": 7, "started": 70})]
    assert known.changes([], boot=BOOT, scope=["sighting"], below=["/a/mm", "/b"]) == []
    assert known.changes([], boot=BOOT, scope=["sighting"], below=["/a"]) == [("sighting-end", {"path": "/a/m"})]
    assert len(known) == 0


def test_the_end_of_some_processes_says_nothing_of_others() -> None:
    known = Known()
    known.changes([Seen("process", WORKER), Seen("process", WORKER | {"pid": 8})], boot=BOOT)
    assert known.changes([], boot=BOOT, scope=["process"], pids=[8]) == [("process-end", {"pid": 8, "started": 70})]
    assert len(known) == 1


def test_findings_of_processes_end_without_those_of_files() -> None:
    known = Known()
    of_process = {"of": "process", "check": "listener-exposed", "pid": 7, "started": 70}
    of_file = {"of": "artifact", "check": "unsafe-import", "path": "/a/m"}
    known.changes([Seen("finding", of_process), Seen("finding", of_file)], boot=BOOT)
    ended = known.changes([], boot=BOOT, scope=["finding/process"])
    assert ended == [("finding-end", of_process)]
    assert known.changes([], boot=BOOT, scope=["finding/artifact"]) == [("finding-end", of_file)]


def test_a_model_stays_known_when_its_last_place_is_gone() -> None:
    known = Known()
    known.changes([Seen("artifact", {"artifact": "ab"})], boot=BOOT)
    assert known.changes([], boot=BOOT, scope=["artifact"]) == []


def test_processes_of_an_earlier_run_of_the_machine_ended_and_are_not_taken_for_new_ones() -> None:
    known = Known()
    known.changes([Seen("process", WORKER)], boot=BOOT)
    assert known.changes([Seen("process", WORKER)], boot="boot-2", scope=["process"]) == [
        ("process", WORKER),
        ("process-end", {"pid": 7, "started": 70, "boot": BOOT}),
    ]


def test_load_is_told_when_it_begins_and_ends_not_with_every_number() -> None:
    known = Known()
    load = {"accelerator": "nvidia:1", "pid": 7, "started": 70, "busy": 0.9}
    known.changes([Seen("accelerator", load)], boot=BOOT)
    assert known.changes([Seen("accelerator", load | {"busy": 0.5})], boot=BOOT, scope=["accelerator"]) == []
    assert [kind for kind, _ in known.changes([], boot=BOOT, scope=["accelerator"])] == ["accelerator-end"]


def test_places_are_where_models_lie() -> None:
    known = Known()
    known.changes([Seen("sighting", {"path": "/a/m"}), Seen("secret", {"path": "/k", "fingerprint": "1"})], boot=BOOT)
    assert known.places() == ["/a/m"]


THINGS = some.one_of(
    some.builds(lambda pid, name: Seen("process", {"pid": pid, "started": 1, "name": name}), some.integers(1, 4),
                some.sampled_from("ab")),
    some.builds(lambda path, sha: Seen("sighting", {"path": path, "artifact": sha}), some.sampled_from(["/a", "/b"]),
                some.sampled_from("ab")),
)  # fmt: skip


@given(some.lists(some.lists(THINGS, max_size=6), max_size=6))
def test_what_is_known_can_be_rebuilt_from_the_records(looks: list[list[Seen]]) -> None:
    known, rebuilt = Known(), Known()
    for look in looks:
        for item in known.changes(look, boot=BOOT, scope=["process", "sighting"]):
            rebuilt.replay(record(item))
        assert rebuilt.changes(look, boot=BOOT, scope=["process", "sighting"]) == []
