"""Counts of findings that are kept along are those that counting gives."""

import random

import pytest
from sqlalchemy import Connection, select
from tests.fleet.small_fleet import AT, DESKTOP, LAPTOP, LLAMA, SERVER, fill
from tests.fleet.things import tell

from weighbridge.fleet import finding_counts, findings, grouping
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.finding_counts import COUNTS, SEVERITIES, Held
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.migrate import migrate, names
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.sightings import SIGHTINGS
from weighbridge.fleet.store import Store

CHECKS = ("pickle-call", "secret-in-config", "listener-exposed")


def counts(connection: Connection) -> dict[tuple[str, str], tuple[int, ...]]:
    """Return all that is counted; rows in which nothing is left are as good as none."""
    columns = [COUNTS.c[name] for name in ("endpoints", *SEVERITIES)]
    rows = connection.execute(select(COUNTS.c.group_name, COUNTS.c.check_id, *columns))
    return {(row[0], row[1]): tuple(row[2:]) for row in rows if any(row[2:])}


def is_right(store: Store) -> None:
    kept = store.read_now(counts)
    assert kept
    store.write_now(finding_counts.recount)
    assert store.read_now(counts) == kept


def finding(chance: random.Random) -> tuple[str, dict[str, object]]:
    """Return a record of a finding that begins, becomes worse or ends."""
    told = {"of": "artifact", "check": chance.choice(CHECKS), "artifact": LLAMA, "path": f"/m/{chance.randrange(3)}"}
    if chance.random() < 0.3:
        return "finding-end", told
    severity = chance.choice([*SEVERITIES, "dreadful"])
    return "finding", told | {"severity": severity, "confidence": "high", "message": "says so"}


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_along_is_what_counting_gives(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    store.write_now(fill)
    sizes = dict.fromkeys((LAPTOP, DESKTOP, SERVER), 0)

    def step(connection: Connection) -> None:
        endpoint_id = chance.choice([*sizes])
        match chance.randrange(6):
            case 0:
                findings.open_server_finding(connection, endpoint_id, "endpoint-silent", AT)
            case 1:
                findings.end_server_finding(connection, endpoint_id, "endpoint-silent", AT)
            case 2:
                grouping.by_hand(connection, endpoint_id, chance.choice(["lab", "ops", "new"]), AT)
            case _:
                told = [finding(chance) for _ in range(chance.randrange(1, 5))]
                tell(connection, endpoint_id, told, first=sizes[endpoint_id])
                sizes[endpoint_id] += len(told)

    for _ in range(25):
        store.write_now(step)
    is_right(store)


def test_what_is_written_about_many_endpoints_at_once_is_counted(store: Store) -> None:
    store.write_now(fill)
    where = select(SIGHTINGS.c.endpoint_id, SIGHTINGS.c.path).where(SIGHTINGS.c.sha256 == LLAMA)
    store.write_now(
        lambda connection: findings.open_on_endpoints(connection, "revoked-model", LLAMA, where, AT, "It was revoked.")
    )
    held = store.read_now(lambda connection: finding_counts.held(connection, EVERYTHING))
    assert held["revoked-model"] == Held(endpoints=3, critical=3)
    is_right(store)
    store.write_now(lambda connection: findings.end_on_endpoints(connection, "revoked-model", LLAMA, AT))
    assert "revoked-model" not in store.read_now(lambda connection: finding_counts.held(connection, EVERYTHING))
    is_right(store)


def test_a_scope_sees_its_own_counts(store: Store) -> None:
    store.write_now(fill)

    def of(scope: Scope) -> dict[str, Held]:
        return store.read_now(lambda connection: finding_counts.held(connection, scope))

    assert of(EVERYTHING) == {"pickle-call": Held(1, critical=1), "license-prohibits": Held(1, medium=1)}
    assert of(Scope(groups=("lab",))) == {"license-prohibits": Held(1, medium=1)}
    assert of(Scope(groups=("lab", "ops"))) == of(EVERYTHING)
    assert of(Scope(groups=())) == {}
    assert of(Scope(endpoint_id=SERVER)) == {"pickle-call": Held(1, critical=1)}


def test_who_moves_is_counted_where_it_is(store: Store) -> None:
    store.write_now(fill)
    store.write_now(lambda connection: grouping.by_hand(connection, SERVER, "lab", AT))
    kept = store.read_now(counts)
    assert ("ops", "pickle-call") not in kept
    assert kept[("lab", "pickle-call")] == kept[("*", "pickle-call")] == (1, 0, 0, 0, 0, 1)
    groups = select(ENDPOINTS.c.group_name).distinct()
    assert store.read_now(lambda connection: {*connection.execute(groups).scalars()}) == {"lab"}
    is_right(store)


def test_what_was_there_before_is_counted(database_url: str) -> None:
    store = Store.open(database_url)
    migrate(store)
    store.write_now(fill)
    kept = store.read_now(counts)
    ranks = select(FINDINGS.c.finding_id, FINDINGS.c.severity_rank).order_by(FINDINGS.c.finding_id)
    ranked = store.read_now(lambda connection: connection.execute(ranks).all())
    step = next(name for name in names() if name.endswith("counts_of_findings"))
    migrate(store, names()[names().index(step) - 1])
    migrate(store)
    assert store.read_now(counts) == kept
    assert store.read_now(lambda connection: connection.execute(ranks).all()) == ranked
    store.close()
