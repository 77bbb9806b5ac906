"""Records are those that the sensor writes: the same functions make them."""

import json
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st
from tests.export.test_events import JSON, KEYS
from tests.export.test_ocsf import faults
from tests.samples.scan import scan
from tests.tui.snapshots import EVERYTHING

from weighbridge.export.cef import line as cef
from weighbridge.export.ecs import document
from weighbridge.export.event import Event
from weighbridge.export.ocsf import document as ocsf
from weighbridge.export.records import record_events
from weighbridge.export.syslog import line as syslog
from weighbridge.ledger.entry import KINDS, Record
from weighbridge.pipeline.watch_seen import Seen, of_scan, of_snapshot


def events(seen: Iterable[Seen]) -> list[Event]:
    records = [
        Record(
            sequence=index,
            kind=one.kind,
            at="2026-11-21T08:00:00.000Z",
            monotonic=1.0,
            boot="b",
            network="offline",
            data=one.data,
        )
        for index, one in enumerate(seen)
    ]
    return list(record_events(records, "laptop", "1"))


def test_a_snapshot_comes_back_with_weights_listeners_and_decisions() -> None:
    found = events(of_snapshot(EVERYTHING))
    (server,) = [event for event in found if event.pid == 4711 and event.kind == "process"]
    assert (server.decision, server.runtime, server.sha256) == ("deny", "llama_cpp", "3f9a" + "0" * 60)
    assert server.severity == "high"
    listening = [event for event in found if event.record_kind == "listener"]
    assert all(event.listeners for event in listening)
    assert {event.network for event in found} == {"offline"}


def test_a_scan_comes_back_by_digest() -> None:
    found = events(of_scan(scan()))
    assert {event.kind for event in found} == {"artifact", "finding"}
    assert all(event.sha256 or event.path for event in found)
    assert all(event.check and event.message for event in found if event.kind == "finding")
    assert {event.decision for event in found if event.record_kind == "verdict"} <= {"allow", "warn", "pending", "deny"}


def test_every_kind_fits_the_event_formats() -> None:
    found = [*events(of_scan(scan())), *events(of_snapshot(EVERYTHING)), *events(Seen(kind, {}) for kind in KINDS)]
    assert [fault for event in found for fault in faults(ocsf(event))] == []


def test_every_other_record_is_an_event_of_its_kind() -> None:
    gap, strange = events([Seen("gap", {"reason": "disk full"}), Seen("x", {})])
    assert (gap.kind, gap.record_kind, gap.reason) == ("record", "gap", "disk full")
    assert document(gap)["event"]["action"] == "gap"
    assert "not known" in strange.message


def test_what_has_no_field_of_its_own_is_said_and_kept() -> None:
    (limited,) = events([Seen("capability", {"not_visible": ["maps of others", "sockets of others"]})])
    assert limited.message.endswith("what it would need: maps of others, sockets of others")
    assert json.loads(limited.original) == {"not_visible": ["maps of others", "sockets of others"]}
    for carried in (document(limited)["event"]["original"], ocsf(limited)["raw_data"], syslog(limited), cef(limited)):
        assert "sockets of others" in carried


def test_ids_are_unique_and_short_enough_for_every_format() -> None:
    ids = [event.id for event in events([Seen("sighting", {})] * 3000)]
    assert len(set(ids)) == 3000
    assert max(map(len, ids)) <= 40


@given(st.dictionaries(st.sampled_from((*KEYS, "artifact", "address", "exposed")), JSON, max_size=6))
def test_data_of_any_shape_is_read(data: dict[str, object]) -> None:
    assert len(events([Seen(kind, data) for kind in KINDS])) == len(KINDS)
