from tests.pipeline.hub_feeds import revoked
from tests.pipeline.test_processes import PATH, machine, taken
from tests.samples.agent_homes import ALL_SECRETS, faulty

from weighbridge.host.fake_live import FakeLive
from weighbridge.ledger.canonical import canonical
from weighbridge.ledger.entry import timestamp
from weighbridge.pipeline.agent_audit import audit_agents
from weighbridge.pipeline.demo_machine import demo_machine
from weighbridge.pipeline.hub_feed import KeptFeed, keep_feed
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.run import scan
from weighbridge.pipeline.watch_decide import Known, Seen
from weighbridge.pipeline.watch_seen import AUDIT_SCOPE, LOOK_SCOPE, REVOKED, SCAN_SCOPE, of_audit, of_scan, of_snapshot
from weighbridge.policy.rulings import REVOKED_RULE


def test_a_process_with_weights_and_a_listener_are_two_things() -> None:
    made, live = machine()
    live.map(7, PATH)
    live.listen(7, "0.0.0.0", 8080)
    things = {one.kind: one.data for one in of_snapshot(taken(made, live)) if one.kind != "finding"}
    assert set(things) == {"process", "listener"}
    assert things["process"]["weights"][0]["path"] == "/home/ada/blob"  # type: ignore[index]
    assert things["process"]["verdict"]["decision"] == "warn"  # type: ignore[index]
    assert things["listener"]["pid"] == 7
    assert things["listener"]["exposed"] is True


def test_numbers_that_change_by_themselves_are_no_news() -> None:
    made, live = machine()
    live.map(7, PATH)
    known = Known()
    known.changes(of_snapshot(taken(made, live)), boot="b", scope=LOOK_SCOPE)
    grown(live)
    assert known.changes(of_snapshot(taken(made, live)), boot="b", scope=LOOK_SCOPE) == []


def grown(live: FakeLive) -> None:
    for process in live._processes.values():
        process.resident_bytes += 1 << 20
        process.cpu_ticks += 100


def test_a_scan_gives_models_places_and_verdicts_and_the_second_nothing_new() -> None:
    demo = demo_machine()
    first = [*of_scan(scan(demo, Options()))]
    kinds = {one.kind for one in first}
    assert kinds == {"artifact", "finding", "sighting", "verdict"}
    known = Known()
    assert len(known.changes(first, boot="b", scope=SCAN_SCOPE)) == len(known)
    assert known.changes(of_scan(scan(demo, Options())), boot="b", scope=SCAN_SCOPE) == []


def test_what_was_revoked_says_why_and_what_to_use_instead() -> None:
    machine = demo_machine()
    (first, *_) = [one.sha256 for one in scan(machine, Options()).artifacts if one.sha256]
    gone = revoked(first, "it leaks", "acme/good")
    keep_feed(machine, KeptFeed(hub="https://hub.example.com", revoked=(gone,), refreshed_at=timestamp(machine.now())))
    verdicts = [one.data for one in of_scan(scan(machine, Options())) if one.kind == "verdict"]
    (said,) = [one for one in verdicts if REVOKED in one["rules"]]
    assert REVOKED == REVOKED_RULE
    assert said["artifact"] == first
    assert said["revoked"] == "Revoked on 2026-11-21 by grace at hub.example.com: it leaks"
    assert said["remedy"] == "Use acme/good instead. Remove it and stop what runs it."


def test_an_audit_gives_agents_keys_and_tools_and_no_value_of_a_key() -> None:
    made = faulty()
    things = [*of_audit(audit_agents(made))]
    assert {one.kind for one in things} == {"agent", "finding", "secret", "toolchain"}
    assert {one.data["what"] for one in things if one.kind == "agent"} >= {"agent", "tool server", "skill", "hook"}
    text = b"".join(canonical(one.data) for one in things).decode()
    assert not [secret for secret in ALL_SECRETS if secret in text]
    known = Known()
    known.changes(things, boot="b", scope=AUDIT_SCOPE)
    assert known.changes(of_audit(audit_agents(made)), boot="b", scope=AUDIT_SCOPE) == []


def test_everything_that_is_seen_can_be_told_apart() -> None:
    for things in ([*of_audit(audit_agents(faulty()))], [*of_scan(scan(demo_machine(), Options()))]):
        known, texts = Known(), set()
        known.changes(things, boot="b")
        for one in things:
            texts.add(canonical({"kind": one.kind, **one.data}))
        assert len(known) == len(texts), lost(things)


def lost(things: list[Seen]) -> list[Seen]:
    found = []
    for one in things:
        known = Known()
        if known.changes([other for other in things if other is not one], boot="b") and not known.changes(
            [one], boot="b"
        ):
            found.append(one)
    return found
