from collections import Counter

import msgspec
import pytest
from sqlalchemy import insert, select, update
from tests.fleet.policy_people import AT, found, publish
from tests.fleet.small_fleet import DESKTOP, LAPTOP, SERVER, fill

from weighbridge.fleet import policy_rings
from weighbridge.fleet.endpoints import PRESENCE
from weighbridge.fleet.labels import set_labels
from weighbridge.fleet.outbox import DECISION, OUTBOX
from weighbridge.fleet.policy_rings import DONE, HALTED, HOUR, ROLLING, USUAL, Ring, Rollout, ring_of, wanted
from weighbridge.fleet.verdicts import VERDICTS
from weighbridge.model.errors import WeighbridgeError

LAB_FIRST = (Ring(percent=0, groups=("lab",), hours=24), Ring(percent=100, hours=1))


def rolled(state=ROLLING, ring=0, number=7, base=5, rings=USUAL):
    return Rollout(
        number=number,
        base=base,
        rings=rings,
        ring=ring,
        budget=2,
        state=state,
        reason="",
        changed_by="",
        began_at=AT,
        ring_at=AT,
        changed_at=AT,
    )


@pytest.fixture
def fleet(store):
    store.write_now(fill)
    store.write_now(found)
    return store


def say(store, endpoint_id, text):
    def job(connection):
        named = update(PRESENCE).where(PRESENCE.c.endpoint_id == endpoint_id).values(policy_version=text)
        if not connection.execute(named).rowcount:
            row = {"endpoint_id": endpoint_id, "last_seen_at": AT, "clock_offset": 0, "network": "", "sensor": ""}
            connection.execute(insert(PRESENCE).values(row | {"policy_version": text, "boot": ""}))

    store.write_now(job)


def deny(store, endpoint_id, number):
    row = {"endpoint_id": endpoint_id, "artifact": f"{number:064x}", "sha256": f"{number:064x}", "decision": "deny"}
    store.write_now(
        lambda connection: connection.execute(insert(VERDICTS).values(row | {"policy": "p", "rules": "[]", "at": AT}))
    )


def tick(store, after=0):
    """Let the server look after its roll-out, and return how it stands."""
    found = store.read_now(lambda connection: policy_rings.due(connection, AT + after))
    if found is not None:
        store.write_now(lambda connection: policy_rings.settle(connection, AT + after, found))
    return store.read_now(policy_rings.current)


def test_rings_take_their_share_and_each_policy_another_one():
    names = [f"endpoint-{number}" for number in range(20_000)]
    counts = Counter(ring_of(rolled(), name, "") for name in names)
    assert 800 < counts[0] < 1200
    assert 3600 < counts[1] < 4400
    first = {name for name in names if ring_of(rolled(), name, "") == 0}
    other = {name for name in names if ring_of(rolled(number=8), name, "") == 0}
    assert len(first & other) < len(first) / 5
    assert ring_of(rolled(rings=LAB_FIRST), "x", "lab") == 0
    assert ring_of(rolled(rings=LAB_FIRST), "x", "") == 1


def test_who_gets_which_policy():
    early = next(name for name in map(str, range(1000)) if ring_of(rolled(), name, "") == 0)
    late = next(name for name in map(str, range(1000)) if ring_of(rolled(), name, "") == 2)
    assert wanted(None, early, "", 0) == 0
    assert wanted(rolled(), early, "", 5) == 7
    assert wanted(rolled(), late, "", 5) == 5
    assert wanted(rolled(), late, "", 0) == 5
    assert wanted(rolled(ring=2), late, "", 5) == 7
    assert wanted(rolled(HALTED), early, "", 5) == 5, "nobody else gets it"
    assert wanted(rolled(HALTED), early, "", 7) == 7, "who has it keeps it"
    assert wanted(rolled(), late, "", 6) == 6, "an endpoint never goes back to a lower number"
    assert wanted(rolled(), late, "", 99) == 7, "nor to what this server never had"


def test_a_roll_out_goes_ring_by_ring(fleet):
    fleet.write_now(lambda connection: publish(connection, rings=LAB_FIRST))
    begun = fleet.read_now(policy_rings.current)
    assert (begun.number, begun.base, begun.ring, begun.state) == (1, 0, 0, ROLLING)
    say(fleet, LAPTOP, "1")
    seen = fleet.read_now(lambda connection: policy_rings.progress(connection, begun))
    assert [(one.endpoints, one.have, one.troubled) for one in seen] == [(2, 1, 0), (1, 0, 0)]
    assert tick(fleet, 24 * HOUR - 1).ring == 0
    assert tick(fleet, 24 * HOUR).ring == 1
    assert tick(fleet, 24 * HOUR + 1).state == ROLLING
    assert tick(fleet, 25 * HOUR).state == DONE
    assert fleet.read_now(policy_rings.held) == {"1": 1, "": 2}


def test_endpoints_that_deny_more_than_before_halt_it(fleet):
    deny(fleet, LAPTOP, 1)
    fleet.write_now(lambda connection: publish(connection, rings=LAB_FIRST))
    say(fleet, LAPTOP, "1")
    assert tick(fleet).state == ROLLING, "what was denied before is nothing new"
    deny(fleet, SERVER, 2)
    assert tick(fleet).state == ROLLING, "an endpoint that does not have it yet is no trouble of it"
    deny(fleet, LAPTOP, 3)
    halted = tick(fleet, 48 * HOUR)
    assert (halted.state, halted.ring, halted.changed_by) == (HALTED, 0, "")
    assert halted.reason.startswith("1 of 1 endpoints are in trouble (1 deny more than before, 0 could not take it)")
    assert tick(fleet, 99 * HOUR).state == HALTED
    again = fleet.write_now(lambda connection: policy_rings.go_on(connection, AT, "ada"))
    assert (again.state, again.ring, again.changed_by, again.reason) == (ROLLING, 0, "ada", "")
    assert tick(fleet).state == ROLLING, "somebody looked, and let what is denied now be"


@pytest.mark.parametrize(
    ("said", "state"), [("0 unusable", HALTED), ("0 unsigned", HALTED), ("0 unreachable", ROLLING)]
)
def test_endpoints_that_cannot_take_it_halt_it_and_those_that_are_away_do_not(fleet, said, state):
    fleet.write_now(lambda connection: publish(connection, rings=LAB_FIRST))
    say(fleet, LAPTOP, "1")
    say(fleet, DESKTOP, said)
    assert tick(fleet).state == state


def test_a_budget_is_a_share_of_those_that_answered(fleet):
    seen = [policy_rings.RingProgress(ring=USUAL[0], endpoints=500, have=100, refused=0, denying=2)]
    assert policy_rings.over_budget(rolled(), seen) == ""
    seen = [policy_rings.RingProgress(ring=USUAL[0], endpoints=500, have=100, refused=0, denying=3)]
    assert policy_rings.over_budget(rolled(), seen) != ""


def test_people_halt_it_and_let_it_go_on(fleet):
    for job in (
        lambda connection: policy_rings.halt(connection, AT, "ada", "wait"),
        lambda connection: policy_rings.go_on(connection, AT, "ada"),
    ):
        with pytest.raises(WeighbridgeError, match="there is no roll-out"):
            fleet.write_now(job)
    fleet.write_now(lambda connection: publish(connection))
    halted = fleet.write_now(lambda connection: policy_rings.halt(connection, AT + 1, "ada", "wait"))
    assert (halted.state, halted.reason, halted.changed_by, halted.changed_at) == (HALTED, "wait", "ada", AT + 1)


def test_the_next_policy_replaces_a_roll_out_and_rests_on_what_everybody_has(fleet):
    fleet.write_now(lambda connection: publish(connection, rings=(Ring(percent=100, hours=0),)))
    assert tick(fleet).state == DONE
    for version in (2, 3):
        fleet.write_now(lambda connection, version=version: publish(connection, version))
        begun = fleet.read_now(policy_rings.current)
        assert (begun.number, begun.base) == (version, 1)
    deny(fleet, LAPTOP, 1)
    assert fleet.write_now(policy_rings.forget) >= 0


def test_what_somebody_did_meanwhile_stands(fleet):
    fleet.write_now(lambda connection: publish(connection, rings=LAB_FIRST))
    found = fleet.read_now(lambda connection: policy_rings.due(connection, AT + 24 * HOUR))
    fleet.write_now(lambda connection: policy_rings.halt(connection, AT + 1, "ada", "wait"))
    fleet.write_now(lambda connection: policy_rings.settle(connection, AT + 24 * HOUR, found))
    halted = fleet.read_now(policy_rings.current)
    assert (halted.state, halted.ring) == (HALTED, 0)


@pytest.mark.parametrize("rings", [(), (Ring(percent=50),), (Ring(percent=50), Ring(percent=5), Ring(percent=100))])
def test_rings_grow_to_everybody(fleet, rings):
    with pytest.raises(WeighbridgeError, match="rings grow"):
        fleet.write_now(lambda connection: publish(connection, rings=rings))
    assert fleet.read_now(policy_rings.current) is None


def told(store):
    """Return what the outbox tells of policies."""
    rows = store.read_now(
        lambda connection: connection.execute(select(OUTBOX.c.body).where(OUTBOX.c.topic == DECISION)).scalars().all()
    )
    return [one["message"] for one in map(msgspec.json.decode, rows) if one.get("about") == "policy"]


def test_a_ring_can_be_those_with_a_label(fleet):
    def label(connection):
        set_labels(connection, SERVER, {"site": "berlin"}, AT)

    fleet.write_now(label)
    rings = policy_rings.rings_of("0:24:site=berlin 100:0")
    fleet.write_now(lambda connection: publish(connection, rings=rings))
    begun = fleet.read_now(policy_rings.current)
    assert begun.rings[0].labels == ["site=berlin"]
    seen = fleet.read_now(lambda connection: policy_rings.progress(connection, begun))
    assert [one.endpoints for one in seen] == [1, 2]
    labels = fleet.read_now(lambda connection: policy_rings.labelled(connection, begun))
    assert labels == {SERVER: ["site=berlin"]}
    assert wanted(begun, SERVER, "", 0, labels[SERVER]) == 1
    assert wanted(begun, LAPTOP, "", 0) == 0


@pytest.mark.parametrize("text", ["x", "101", "5:x", "-1", "5:9999", "٥", "5:٢"])
def test_what_is_no_ring_is_said(text):
    with pytest.raises(WeighbridgeError, match="is no ring"):
        policy_rings.rings_of(f"5:24 {text}")


def test_rings_are_read_as_people_write_them():
    assert policy_rings.rings_of("") == ()
    assert policy_rings.rings_of("0:24:lab,site=berlin 5 100:0") == (
        Ring(percent=0, hours=24, groups=["lab"], labels=["site=berlin"]),
        Ring(percent=5, hours=24),
        Ring(percent=100, hours=0),
    )


def test_who_watches_from_elsewhere_is_told_of_every_step(fleet):
    fleet.write_now(lambda connection: publish(connection, rings=LAB_FIRST))
    fleet.write_now(lambda connection: policy_rings.halt(connection, AT + 1, "ada", "the lab cannot work"))
    fleet.write_now(lambda connection: policy_rings.go_on(connection, AT + 2, "ada", "it was another problem"))
    tick(fleet, 25 * HOUR)
    tick(fleet, 60 * HOUR)
    assert [one for one in told(fleet) if "Policy 1 (" in one]
    steps = " | ".join(told(fleet))
    for words in ("is rolled out", "was halted", "goes on", "goes on to", "is open to everybody"):
        assert words in steps, steps


def test_a_clock_of_the_server_that_was_ahead_holds_no_ring_up(fleet):
    ahead = 3650 * 24 * HOUR
    fleet.write_now(lambda connection: publish(connection, rings=LAB_FIRST, now=AT + ahead))
    assert tick(fleet, 0).ring == 0
    assert tick(fleet, 24 * HOUR - 1).ring == 0
    assert tick(fleet, 24 * HOUR).ring == 1
