from tests.export.event_samples import ps_report, scan_report

from weighbridge.export.ecs import document
from weighbridge.export.records import record_events
from weighbridge.ledger.entry import Record


def record(kind: str, data: object) -> Record:
    return Record(
        sequence=3, kind=kind, at="2026-11-21T08:00:00.000Z", monotonic=1.0, boot="b", network="offline", data=data
    )  # type: ignore[arg-type]  # some are not what they should be


def test_models_and_processes_are_what_reports_say_of_them() -> None:
    artifact = scan_report()["artifacts"][0]
    process = next(one for one in ps_report()["processes"] if one["pid"] == 4711)
    found = list(record_events([record("artifact", artifact), record("process", process)], "laptop", "1"))
    assert [event.kind for event in found if event.kind != "finding"] == ["artifact", "process"]
    assert found[0].sha256 == artifact["sha256"]
    assert {(event.index, event.machine) for event in found} == {(3, "laptop")}
    assert found[0].network == "offline"


def test_a_verdict_with_a_single_path_has_it_as_its_place() -> None:
    (found,) = record_events([record("verdict", {"sha256": "ab" * 32, "path": "/m/a.gguf"})], "laptop", "1")
    assert (found.path, found.name) == ("/m/a.gguf", "a.gguf")


def test_every_other_record_is_an_event_of_its_kind() -> None:
    gap, strange = record_events([record("gap", {"reason": "disk full"}), record("", {})], "laptop", "1")
    assert (gap.kind, gap.record_kind, gap.reason) == ("record", "gap", "disk full")
    assert document(gap)["event"] == {
        "id": "record-3",
        "kind": "event",
        "category": ["file"],
        "type": ["info"],
        "action": "gap",
        "dataset": "weighbridge.record",
        "module": "weighbridge",
        "severity": 1,
        "reason": "disk full",
        "sequence": 3,
    }
    assert "not known" in strange.message
