"""Where digests are and ever were: many at once, each by an index, those of files that are deleted too.

A digest costs a handful of lookups however large the fleet is: `artifacts` by its key, `sightings`, `process_weights`
and `verdicts` by their indexes on the digest.
"""

from collections.abc import Collection, Sequence

from msgspec import Struct, structs
from sqlalchemy import ColumnElement, Connection, select

from weighbridge.fleet import listed_artifacts
from weighbridge.fleet.artifacts import ARTIFACTS, Artifact
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.listed_artifacts import Spread
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.processes import PROCESSES, WEIGHTS
from weighbridge.fleet.sightings import SIGHTINGS
from weighbridge.fleet.visible import visible

MOST_PLACES = 1_000
"""Endpoints of one digest that are told by name."""
MOST_ALIKE = 20
"""Digests that may begin like one that was given."""
_RUNS = 10
"""Names of processes that are told of an endpoint."""
_FULL = 64
_AFTER_HEXADECIMAL = "g"
_AT_ONCE = 400


class Whereabouts(Struct, frozen=True, kw_only=True):
    """A digest on an endpoint. Times are milliseconds since 1970, UTC."""

    endpoint_id: str
    endpoint_name: str
    owner: str
    group: str
    path: str
    """Of one place, the last one if there is none now."""
    places: int
    """How many there are now; 0 after it was deleted."""
    first_at: int
    last_at: int
    runs: list[str]
    """Who ran it there: name of the process and its account."""


class Hunted(Struct, frozen=True, kw_only=True):
    """What the fleet knows of one digest that was asked for."""

    asked: str
    sha256: str
    """The whole digest; empty if nothing is known of it within the viewer's scope."""
    artifact: Artifact | None
    spread: Spread
    whereabouts: list[Whereabouts]
    is_more: bool
    """Whether there are more endpoints than were told."""


def hunt(connection: Connection, scope: Scope, digests: Sequence[str], *, places: int = 100) -> list[Hunted]:
    """Return what is known of digests, in their order; a beginning may be that of several.

    Args:
        connection: of a read.
        scope: of the viewer.
        digests: lower-case hexadecimal, whole or their beginnings.
        places: endpoints that are told of each, at most `MOST_PLACES`.
    """
    places = max(1, min(places, MOST_PLACES))
    meant = {one: [one] if len(one) == _FULL else _alike(connection, one) for one in digests}
    whole = list(dict.fromkeys(sha256 for found in meant.values() for sha256 in found))
    artifacts = _artifacts(connection, scope, whole)
    hunted = {sha256: _hunted(connection, scope, sha256, artifacts.get(sha256), places) for sha256 in whole}
    rows = []
    for asked, found in meant.items():
        told = [one for sha256 in found if (one := hunted[sha256]) is not None]
        if not told:
            nothing = Spread()
            rows.append(Hunted(asked=asked, sha256="", artifact=None, spread=nothing, whereabouts=[], is_more=False))
        rows += [structs.replace(one, asked=asked) for one in told]
    return rows


def _alike(connection: Connection, beginning: str) -> list[str]:
    """Return the digests that begin like this, as far as something is known of them."""
    found: set[str] = set()
    for column in (ARTIFACTS.c.sha256, SIGHTINGS.c.sha256, WEIGHTS.c.sha256):
        last = beginning
        while len(found) <= MOST_ALIKE:  # each step is one look into the index, however often a digest stands in it
            beyond = column >= last if last == beginning else column > last
            query = select(column).where(beyond, column < beginning + _AFTER_HEXADECIMAL).order_by(column).limit(1)
            following = connection.execute(query).scalar()
            if following is None:
                break
            found.add(following)
            last = following
    return sorted(found)[:MOST_ALIKE]


def _artifacts(connection: Connection, scope: Scope, digests: Sequence[str]) -> dict[str, Artifact]:
    found: dict[str, Artifact] = {}
    shown = listed_artifacts.listing(scope).rows
    for at in range(0, len(digests), _AT_ONCE):
        for row in connection.execute(shown.where(ARTIFACTS.c.sha256.in_(digests[at : at + _AT_ONCE]))):
            found[row.sha256] = Artifact(
                **{name: getattr(row, name) for name in Artifact.__struct_fields__} | {"measured": bool(row.measured)}
            )
    return found


def _hunted(connection: Connection, scope: Scope, sha256: str, artifact: Artifact | None, places: int) -> Hunted | None:
    rows = _whereabouts(connection, scope, sha256, places + 1)
    runs = _runs(connection, scope, sha256, places)
    if artifact is None and not rows and not runs:
        return None
    told = [*rows, *_only_run(connection, scope, set(runs) - {one.endpoint_id for one in rows})]
    return Hunted(
        asked=sha256,
        sha256=sha256,
        artifact=artifact,
        spread=listed_artifacts.spread(connection, scope, [sha256])[sha256],
        whereabouts=[structs.replace(one, runs=runs.get(one.endpoint_id, [])) for one in told[:places]],
        is_more=len(told) > places,
    )


def _whereabouts(connection: Connection, scope: Scope, sha256: str, limit: int) -> list[Whereabouts]:
    query = (
        select(
            *(SIGHTINGS.c[name] for name in ("endpoint_id", "path", "places", "first_at", "last_at")),
            *_of_endpoint(),
        )
        .join_from(SIGHTINGS, ENDPOINTS, ENDPOINTS.c.endpoint_id == SIGHTINGS.c.endpoint_id)
        .where(SIGHTINGS.c.sha256 == sha256, visible(SIGHTINGS, scope))
        .order_by(SIGHTINGS.c.endpoint_id, SIGHTINGS.c.artifact)
    )
    found: dict[str, Whereabouts] = {}
    for row in connection.execute(query.limit(2 * limit)):  # measured and claimed are two rows of one endpoint
        one = Whereabouts(**row._mapping, runs=[])
        other = found.get(one.endpoint_id)
        found[one.endpoint_id] = one if other is None else _joined(other, one)
    return list(found.values())[:limit]


def _joined(one: Whereabouts, other: Whereabouts) -> Whereabouts:
    return structs.replace(
        one if one.places >= other.places else other,
        places=one.places + other.places,
        first_at=min(one.first_at, other.first_at),
        last_at=max(one.last_at, other.last_at),
    )


def _runs(connection: Connection, scope: Scope, sha256: str, limit: int) -> dict[str, list[str]]:
    same = (PROCESSES.c.endpoint_id == WEIGHTS.c.endpoint_id) & (PROCESSES.c.subject == WEIGHTS.c.subject)
    query = (
        select(WEIGHTS.c.endpoint_id, PROCESSES.c.name, PROCESSES.c.user)
        .distinct()
        .join_from(WEIGHTS, PROCESSES, same)
        .where(WEIGHTS.c.sha256 == sha256, visible(WEIGHTS, scope))
        .order_by(WEIGHTS.c.endpoint_id, PROCESSES.c.name, PROCESSES.c.user)
        .limit(_RUNS * limit)
    )
    found: dict[str, dict[str, None]] = {}
    for row in connection.execute(query):
        who = f"{row.name} ({row.user})" if row.user else row.name
        found.setdefault(row.endpoint_id, {})[who] = None
    return {endpoint_id: list(names)[:_RUNS] for endpoint_id, names in found.items()}


def _only_run(connection: Connection, scope: Scope, names: Collection[str]) -> list[Whereabouts]:
    """Return the endpoints where a digest ran and no file of it was ever seen."""
    query = select(ENDPOINTS.c.endpoint_id, *_of_endpoint()).where(
        ENDPOINTS.c.endpoint_id.in_(sorted(names)[:MOST_PLACES]), visible(ENDPOINTS, scope)
    )
    found = connection.execute(query.order_by(ENDPOINTS.c.endpoint_id))
    return [Whereabouts(**row._mapping, path="", places=0, first_at=0, last_at=0, runs=[]) for row in found]


def _of_endpoint() -> tuple[ColumnElement[str], ...]:
    return ENDPOINTS.c.name.label("endpoint_name"), ENDPOINTS.c.owner, ENDPOINTS.c.group_name.label("group")
