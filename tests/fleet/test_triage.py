"""Decisions about findings, on both stores."""

from sqlalchemy import Connection
from tests.fleet.small_fleet import AT, LAPTOP, NOW, SERVER, fill

from weighbridge.fleet import triage
from weighbridge.fleet.listed_findings import listing
from weighbridge.fleet.listing import Asked, piece
from weighbridge.fleet.permissions import EVERYTHING, GRANTED, Role, Scope, Viewer
from weighbridge.fleet.store import Store
from weighbridge.fleet.triage import ACCEPTED, ACKNOWLEDGED, NEW, Done, Which

BAD, LICENSE = Which(SERVER, "f1"), Which(LAPTOP, "f2")
HOUR = 3_600_000


def viewer(name: str = "ada", scope: Scope = EVERYTHING) -> Viewer:
    permissions = GRANTED[Role.APPROVER]
    return Viewer(account_id=f"id-{name}", name=name, role=Role.APPROVER, permissions=permissions, scope=scope)


def decide(
    store: Store, which: list[Which], state: str = ACKNOWLEDGED, *, who: Viewer | None = None, until: int | None = None
) -> Done:
    def job(connection: Connection) -> Done:
        return triage.decide(connection, AT, who or viewer(), which, state, "because", until)

    return store.write_now(job)


def undo(store: Store, change: str, who: Viewer | None = None) -> int:
    return store.write_now(lambda connection: triage.undo(connection, AT, who or viewer(), change)).changed


def states(store: Store, now: int = AT, query: str = "open:yes") -> dict[str, str]:
    found = store.read_now(lambda c: piece(c, listing(EVERYTHING, now), Asked(query=query), NOW))
    return {row.finding_id: row.state for row in found.rows}


def test_a_decision_shows_in_the_list_and_can_be_asked_for(store: Store) -> None:
    store.write_now(fill)
    assert states(store) == {"f1": NEW, "f2": NEW}
    assert decide(store, [BAD]).changed == 1
    assert states(store) == {"f1": ACKNOWLEDGED, "f2": NEW}
    assert states(store, query="state:acknowledged") == {"f1": ACKNOWLEDGED}
    assert states(store, query="decider:ada reason:because") == {"f1": ACKNOWLEDGED}
    assert states(store, query="open:yes state:new") == {"f2": NEW}


def test_what_was_decided_together_is_undone_together(store: Store) -> None:
    store.write_now(fill)
    first = decide(store, [BAD])
    both = decide(store, [BAD, LICENSE, LICENSE], ACCEPTED)
    assert both.changed == 2
    assert undo(store, both.change_id) == 2
    assert states(store) == {"f1": ACKNOWLEDGED, "f2": NEW}
    assert undo(store, both.change_id) == 0
    assert undo(store, first.change_id) == 1
    assert states(store) == {"f1": NEW, "f2": NEW}


def test_what_somebody_decided_since_is_left_alone(store: Store) -> None:
    store.write_now(fill)
    both = decide(store, [BAD, LICENSE])
    decide(store, [LICENSE], ACCEPTED, who=viewer("bob"))
    assert undo(store, both.change_id) == 1
    assert states(store) == {"f1": NEW, "f2": ACCEPTED}


def test_a_decision_ends(store: Store) -> None:
    store.write_now(fill)
    decide(store, [BAD], ACCEPTED, until=AT + HOUR)
    assert states(store)["f1"] == ACCEPTED
    assert states(store, AT + HOUR)["f1"] == NEW
    assert states(store, AT + HOUR, "state:new") == {"f1": NEW, "f2": NEW, "f3": NEW}


def test_every_decision_is_kept_even_an_undone_one(store: Store) -> None:
    store.write_now(fill)
    undo(store, decide(store, [BAD]).change_id)
    decide(store, [BAD], ACCEPTED, who=viewer("bob"))
    kept = store.read_now(lambda connection: triage.history(connection, EVERYTHING, BAD))
    assert {(one.by_name, one.state) for one in kept} == {("ada", ACKNOWLEDGED), ("bob", ACCEPTED)}


def test_nobody_decides_or_reads_beyond_their_scope(store: Store) -> None:
    store.write_now(fill)
    lab = viewer("eve", Scope(groups=("lab",)))
    assert decide(store, [BAD, LICENSE, Which("nobody", "f9")], who=lab).changed == 1
    assert states(store) == {"f1": NEW, "f2": ACKNOWLEDGED}
    change = decide(store, [BAD]).change_id
    assert undo(store, change, lab) == 0
    assert store.read_now(lambda connection: triage.history(connection, lab.scope, BAD)) == []
