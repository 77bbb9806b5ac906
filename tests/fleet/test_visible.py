"""Scopes, over a table of endpoints."""

from sqlalchemy import select
from tests.fleet.small_fleet import DESKTOP, LAPTOP, SERVER, fill

from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.sightings import SIGHTINGS
from weighbridge.fleet.store import Store
from weighbridge.fleet.visible import of_joined, visible


def seen(store: Store, scope: Scope) -> set[str]:
    query = select(SIGHTINGS.c.endpoint_id).where(visible(SIGHTINGS, scope))
    return set(store.read_now(lambda connection: connection.execute(query).scalars().all()))


def joined(store: Store, scope: Scope) -> set[str]:
    same = ENDPOINTS.c.endpoint_id == SIGHTINGS.c.endpoint_id
    query = select(SIGHTINGS.c.endpoint_id).join_from(SIGHTINGS, ENDPOINTS, same).where(of_joined(scope))
    return set(store.read_now(lambda connection: connection.execute(query).scalars().all()))


def test_joined_endpoints_are_seen_as_others(store: Store) -> None:
    store.write_now(fill)
    for groups in (None, (), ("ops",), ("ops", "lab")):
        for endpoint_id in (None, DESKTOP):
            scope = Scope(groups=groups, endpoint_id=endpoint_id)
            assert joined(store, scope) == seen(store, scope)


def test_a_scope_lets_through_its_own_endpoints_and_no_others(store: Store) -> None:
    store.write_now(fill)
    assert seen(store, EVERYTHING) == {LAPTOP, DESKTOP, SERVER}
    assert seen(store, Scope(groups=("ops",))) == {SERVER}
    assert seen(store, Scope(groups=("ops", "lab"))) == {LAPTOP, DESKTOP, SERVER}
    assert seen(store, Scope(groups=())) == set()
    assert seen(store, Scope(endpoint_id=DESKTOP)) == {DESKTOP}
    assert seen(store, Scope(endpoint_id=DESKTOP, groups=("ops",))) == {DESKTOP}
