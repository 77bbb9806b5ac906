from sqlalchemy import Connection
from tests.fleet.small_fleet import LAPTOP
from tests.fleet.told import DECISION, FINDING, NOW, RECORD, all_events, tell_all, tell_records

from weighbridge.fleet import findings, outbox, records, triage
from weighbridge.fleet.outbox_events import is_wanted
from weighbridge.fleet.permissions import Role, Viewer
from weighbridge.fleet.store import Store
from weighbridge.fleet.triage import Which


def test_records_findings_and_decisions_become_events(store: Store) -> None:
    store.write_now(tell_all)
    events = store.read_now(all_events)
    assert [one.topic for one in events] == [FINDING, *[RECORD] * 3] * 2 + [FINDING, DECISION]
    assert [one.event.index for one in events[:8]] == [*range(8)]
    assert {one.event.machine for one in events[:9]} == {"laptop"}
    assert events[8].event.check == "ledger-forked"
    assert events[8].event.severity == "critical"
    assert events[9].event.message == "ada decided about 3 findings: accepted"
    assert (events[9].event.user, events[9].event.reason, events[9].endpoint_id) == ("ada", "known", "")


def test_an_event_has_the_same_id_whenever_it_is_sent_and_no_other_has_it(store: Store) -> None:
    store.write_now(tell_all)
    ids = [one.event.id for one in store.read_now(all_events)]
    assert ids == [one.event.id for one in store.read_now(all_events)]
    assert len(set(ids)) == len(ids)


def test_records_that_retention_removed_are_said_to_be_missing(store: Store) -> None:
    def job(connection: Connection) -> None:
        tell_records(connection, 0, 3, NOW)
        records.prune(connection, NOW + 1, 10)
        tell_records(connection, 3, 2, NOW + 2)
        outbox.number(connection)

    store.write_now(job)
    messages = [one.event.message for one in store.read_now(all_events)]
    assert messages[0] == "Retention removed 3 of the records 0 to 2 before they were sent"
    assert len(messages) == 3


def test_what_a_target_asks_for(store: Store) -> None:
    store.write_now(tell_all)
    events = store.read_now(all_events)

    def wanted(topics: tuple[str, ...], severity: str) -> list[str]:
        return [one.topic for one in events if is_wanted(one, topics, severity)]

    assert wanted((FINDING, DECISION), "high") == [FINDING, FINDING, FINDING, DECISION]
    assert wanted((RECORD,), "info") == [RECORD] * 6
    assert wanted((RECORD, DECISION), "low") == [DECISION]
    assert wanted((), "info") == []


def test_what_the_server_finds_is_told_once_until_it_is_over(store: Store) -> None:
    def seen(now: int) -> int:
        store.write_now(lambda c: findings.open_server_finding(c, LAPTOP, "endpoint-silent", now))
        return store.read_now(outbox.count_unnumbered)

    assert [seen(NOW), seen(NOW + 1)] == [1, 1]
    store.write_now(lambda c: findings.end_server_finding(c, LAPTOP, "endpoint-silent", NOW + 2))
    assert seen(NOW + 3) == 2


def test_one_decision_is_one_message_however_many_findings_it_is_about(store: Store) -> None:
    viewer = Viewer(account_id="a", name="ada", role=Role.ANALYST, permissions=frozenset())

    def job(connection: Connection) -> None:
        tell_all(connection)
        which = [Which(LAPTOP, "f2"), Which("cccccccccccccccc", "f1")]
        done = triage.decide(connection, NOW + 9, viewer, which, triage.ACCEPTED, "known", None)
        triage.decide(connection, NOW + 10, viewer, [Which(LAPTOP, "unknown")], triage.ACCEPTED, "known", None)
        triage.undo(connection, NOW + 11, viewer, done.change_id)
        triage.undo(connection, NOW + 12, viewer, done.change_id)
        outbox.number(connection)

    store.write_now(job)
    messages = [one.event.message for one in store.read_now(all_events) if one.topic == DECISION][1:]
    assert messages == ["ada decided about 2 findings: accepted", "ada took a decision about 2 findings back"]
