"""Hunting digests on both stores: what is here, what is gone, who ran it, and how little is read for it."""

from sqlalchemy import Connection, insert, update
from tests.fleet.explained import plans, strange_scans
from tests.fleet.small_fleet import DESKTOP, LAPTOP, LLAMA, PICKLE, POET, SERVER, fill

from weighbridge.fleet.artifacts import ARTIFACTS
from weighbridge.fleet.digest_hunt import Hunted, hunt
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.processes import WEIGHTS
from weighbridge.fleet.sightings import SIGHTINGS
from weighbridge.fleet.store import Store

UNKNOWN = "f" * 64


def found(store: Store, *digests: str, scope: Scope = EVERYTHING, places: int = 100) -> list[Hunted]:
    return store.read_now(lambda connection: hunt(connection, scope, digests, places=places))


def test_every_endpoint_is_told_that_has_or_had_a_digest_and_who_ran_it(store: Store) -> None:
    store.write_now(fill)
    llama, poet, unknown = found(store, LLAMA, POET, UNKNOWN)
    assert [(one.endpoint_name, one.places, one.runs) for one in llama.whereabouts] == [
        ("laptop", 2, ["llama-server (ada)"]),
        ("desktop", 0, []),
        ("server", 1, ["llama-server (ada)"]),
    ]
    assert (llama.spread.endpoints, llama.spread.gone, llama.is_more) == (2, 1, False)
    assert llama.whereabouts[0].owner == "ada"
    assert poet.artifact is not None
    assert poet.artifact.commercial == "prohibited"
    assert (unknown.asked, unknown.sha256, unknown.whereabouts) == (UNKNOWN, "", [])


def test_a_beginning_is_every_digest_that_begins_like_it(store: Store) -> None:
    store.write_now(fill)
    twin = LLAMA[:12] + "f" * 52
    store.write_now(lambda c: c.execute(update(ARTIFACTS).where(ARTIFACTS.c.sha256 == POET).values(sha256=twin)))
    assert [(one.asked, one.sha256) for one in found(store, LLAMA[:12], PICKLE)] == [
        (LLAMA[:12], LLAMA),
        (LLAMA[:12], twin),
        (PICKLE, PICKLE),
    ]


def test_beyond_the_scope_a_digest_is_unknown(store: Store) -> None:
    store.write_now(fill)
    lab = Scope(groups=("lab",))
    llama, pickle = found(store, LLAMA, PICKLE, scope=lab)
    assert [one.endpoint_name for one in llama.whereabouts] == ["laptop", "desktop"]
    assert pickle.sha256 == ""
    assert [one.sha256 for one in found(store, PICKLE[:12], scope=lab)] == [""]


def test_what_only_ran_is_found_too(store: Store) -> None:
    def run(connection: Connection) -> None:
        fill(connection)
        known = {"measured": 1, "name": "", "path": "", "first_at": 1}
        connection.execute(insert(WEIGHTS).values(endpoint_id=LAPTOP, subject="p1", sha256=UNKNOWN, **known))

    store.write_now(run)
    (one,) = found(store, UNKNOWN)
    assert [(at.endpoint_id, at.places, at.runs) for at in one.whereabouts] == [(LAPTOP, 0, ["llama-server (ada)"])]


def test_measured_and_claimed_are_one_endpoint(store: Store) -> None:
    def claim(connection: Connection) -> None:
        fill(connection)
        known = {"sha256": LLAMA, "measured": 0, "first_at": 1, "last_at": 2, "count": 1, "places": 3, "path": "/c"}
        connection.execute(insert(SIGHTINGS).values(endpoint_id=DESKTOP, artifact=f"claimed:{LLAMA}", **known))

    store.write_now(claim)
    (one,) = found(store, LLAMA)
    assert [(at.endpoint_id, at.places) for at in one.whereabouts] == [(LAPTOP, 2), (DESKTOP, 3), (SERVER, 1)]
    assert (one.whereabouts[1].path, one.whereabouts[1].first_at) == ("/c", 1)


def test_more_endpoints_than_are_told_are_said(store: Store) -> None:
    store.write_now(fill)
    (one,) = found(store, LLAMA, places=2)
    assert ([at.endpoint_id for at in one.whereabouts], one.is_more) == ([LAPTOP, DESKTOP], True)


def test_no_large_table_is_read_whole(store: Store) -> None:
    store.write_now(fill)
    large = {"artifacts", "sightings", "process_weights", "processes", "verdicts"}
    for scope in (EVERYTHING, Scope(groups=("lab",))):
        asked = [LLAMA, UNKNOWN, POET[:12]]
        found = plans(store, lambda connection, scope=scope, asked=asked: hunt(connection, scope, asked))
        assert [step for plan in found for step in strange_scans(plan, large)] == []
