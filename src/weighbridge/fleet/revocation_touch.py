"""What a revocation touches, seen before and after it: every endpoint, process and person that a digest reached.

Deleted files and ended processes are in it: who had the model once may have passed on what it wrote.
"""

from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Select, Subquery, case, func, select

from weighbridge.fleet import revocations, rulings
from weighbridge.fleet.artifacts import Artifact, artifact
from weighbridge.fleet.endpoints import ACTIVE, ENDPOINTS, PRESENCE
from weighbridge.fleet.inventory import THINGS
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.processes import PROCESSES, WEIGHTS
from weighbridge.fleet.revocations import Revocation
from weighbridge.fleet.sightings import SIGHTINGS
from weighbridge.fleet.visible import visible
from weighbridge.sync.rulings import REVOCATIONS, URGENT, numbers_of

MOST = 200
"""Rows of one kind; the counts are of all."""
_ITS_OWN = ("artifact", "sighting", "finding", "verdict", "process")
"""Kinds of things that are told of elsewhere on the page."""


class Place(Struct, frozen=True, kw_only=True):
    """An endpoint that has or had the model."""

    endpoint_id: str
    name: str
    owner: str
    group: str
    places: int
    """Files there are now; 0: it was deleted."""
    path: str
    running: int
    first_at: int
    last_at: int


class Run(Struct, frozen=True, kw_only=True):
    """A process that runs or ran it."""

    endpoint_id: str
    endpoint: str
    name: str
    user: str
    runtime: str
    actor: str
    agent: str
    first_at: int
    last_at: int
    ended_at: int | None


class Person(Struct, frozen=True, kw_only=True):
    """Somebody whom it reached."""

    name: str
    owns: int
    """Endpoints of theirs that have or had it."""
    ran: int
    """Processes of theirs that run or ran it."""


class Mention(Struct, frozen=True, kw_only=True):
    """Another thing that names the digest: a release, a line of code, a component."""

    kind: str
    name: str
    path: str
    endpoint: str


class Touched(Struct, frozen=True, kw_only=True):
    """Everything known of where a digest went, within a scope. At most `MOST` of each kind; counts are of all."""

    sha256: str
    known: Artifact | None
    """None: nobody ever saw it here; a revocation then waits for it."""
    revocation: Revocation | None
    """That holds now."""
    history: list[Revocation]
    endpoints: int
    """That have it now."""
    gone: int
    """That had it."""
    running: int
    """Processes that run it now."""
    ran: int
    """That ran it before."""
    places: list[Place]
    runs: list[Run]
    people: list[Person]
    mentions: list[Mention]
    told: int
    """Endpoints that say that this revocation is in force on them."""
    active: int
    """Endpoints that there are."""


def touched(connection: Connection, scope: Scope, sha256: str) -> Touched:
    """Return what a digest touches. Raises RefusedError `E-revocation`: it is none."""
    sha256 = revocations.digest_of(sha256)
    places, runs = _places(scope, sha256), _runs(scope, sha256)
    seen = places.subquery()
    have = connection.execute(
        select(func.count(), func.coalesce(func.sum(case((seen.c.places > 0, 1), else_=0)), 0)).select_from(seen)
    ).one()
    all_runs = runs.subquery()
    open_runs = func.coalesce(func.sum(case((all_runs.c.ended_at.is_(None), 1), else_=0)), 0)
    ran = connection.execute(select(func.count(), open_runs).select_from(all_runs)).one()
    holds = revocations.of_digest(connection, sha256)
    told, active = _told(connection, scope, holds)
    return Touched(
        sha256=sha256,
        known=artifact(connection, sha256) if have[0] or ran[0] else None,
        revocation=holds,
        history=revocations.history_of(connection, sha256),
        endpoints=int(have[1]),
        gone=int(have[0]) - int(have[1]),
        running=int(ran[1]),
        ran=int(ran[0]) - int(ran[1]),
        places=_read_places(connection, places, all_runs),
        runs=[
            Run(**row._mapping)
            for row in connection.execute(runs.order_by(PROCESSES.c.last_at.desc(), PROCESSES.c.subject).limit(MOST))
        ],
        people=_people(connection, places, runs),
        mentions=_mentions(connection, scope, sha256),
        told=told,
        active=active,
    )


def _places(scope: Scope, sha256: str) -> Select[Any]:
    """Return a query with one row for each endpoint: the same content may be there measured and as claimed."""
    return (
        select(
            SIGHTINGS.c.endpoint_id,
            ENDPOINTS.c.name,
            ENDPOINTS.c.owner,
            ENDPOINTS.c.group_name.label("group"),
            func.sum(SIGHTINGS.c.places).label("places"),
            func.max(SIGHTINGS.c.path).label("path"),
            func.min(SIGHTINGS.c.first_at).label("first_at"),
            func.max(SIGHTINGS.c.last_at).label("last_at"),
        )
        .join(ENDPOINTS, ENDPOINTS.c.endpoint_id == SIGHTINGS.c.endpoint_id)
        .where(SIGHTINGS.c.sha256 == sha256, visible(SIGHTINGS, scope))
        .group_by(SIGHTINGS.c.endpoint_id, ENDPOINTS.c.name, ENDPOINTS.c.owner, ENDPOINTS.c.group_name)
    )


def _runs(scope: Scope, sha256: str) -> Select[Any]:
    same = (PROCESSES.c.endpoint_id == WEIGHTS.c.endpoint_id) & (PROCESSES.c.subject == WEIGHTS.c.subject)
    named = ("name", "user", "runtime", "actor", "agent", "first_at", "last_at", "ended_at")
    return (
        select(PROCESSES.c.endpoint_id, ENDPOINTS.c.name.label("endpoint"), *(PROCESSES.c[name] for name in named))
        .select_from(WEIGHTS)
        .join(PROCESSES, same)
        .join(ENDPOINTS, ENDPOINTS.c.endpoint_id == WEIGHTS.c.endpoint_id)
        .where(WEIGHTS.c.sha256 == sha256, visible(WEIGHTS, scope))
    )


def _read_places(connection: Connection, places: Select[Any], runs: Subquery) -> list[Place]:
    counted = select(runs.c.endpoint_id, func.count()).where(runs.c.ended_at.is_(None)).group_by(runs.c.endpoint_id)
    running = {str(row[0]): int(row[1]) for row in connection.execute(counted)}
    order = func.sum(SIGHTINGS.c.places).desc(), func.max(SIGHTINGS.c.last_at).desc(), SIGHTINGS.c.endpoint_id
    rows = connection.execute(places.order_by(*order).limit(MOST))
    return [
        Place(**{**row._mapping, "places": int(row.places), "running": running.get(row.endpoint_id, 0)}) for row in rows
    ]


def _people(connection: Connection, places: Select[Any], runs: Select[Any]) -> list[Person]:
    seen, ran = places.subquery(), runs.subquery()
    owns = select(seen.c.owner, func.count()).where(seen.c.owner != "").group_by(seen.c.owner)
    used = select(ran.c.user, func.count()).where(ran.c.user != "").group_by(ran.c.user)
    counts: dict[str, list[int]] = {}
    for at, query in enumerate((owns, used)):
        for name, number in connection.execute(query.order_by(func.count().desc()).limit(MOST)):
            counts.setdefault(name, [0, 0])[at] = int(number)
    found = [Person(name=name, owns=owned, ran=times) for name, (owned, times) in counts.items()]
    return sorted(found, key=lambda one: (-one.owns, -one.ran, one.name))[:MOST]


def _mentions(connection: Connection, scope: Scope, sha256: str) -> list[Mention]:
    wanted = (
        select(THINGS.c.kind, THINGS.c.name, THINGS.c.path, ENDPOINTS.c.name.label("endpoint"))
        .join(ENDPOINTS, ENDPOINTS.c.endpoint_id == THINGS.c.endpoint_id)
        .where(THINGS.c.artifact == sha256, THINGS.c.kind.not_in(_ITS_OWN), visible(THINGS, scope))
    )
    return [Mention(**row._mapping) for row in connection.execute(wanted.order_by(THINGS.c.last_at.desc()).limit(MOST))]


def _told(connection: Connection, scope: Scope, holds: Revocation | None) -> tuple[int, int]:
    """Return how many endpoints say that rulings as new as this one are in force, and how many there are."""
    joined = ENDPOINTS.outerjoin(PRESENCE, PRESENCE.c.endpoint_id == ENDPOINTS.c.endpoint_id)
    said = func.coalesce(PRESENCE.c.rulings, "")
    counted = select(said, func.count()).select_from(joined)
    rows = connection.execute(
        counted.where(ENDPOINTS.c.state == ACTIVE, visible(ENDPOINTS, scope)).group_by(said)
    ).all()
    active = sum(int(number) for _, number in rows)
    if holds is None or not holds.on_endpoints:
        return 0, active
    role = REVOCATIONS if holds.signed_at is not None else URGENT
    needed = rulings.first_with(connection, role, holds.revocation_id)
    return sum(int(number) for word, number in rows if numbers_of(word).get(role, 0) >= needed), active
