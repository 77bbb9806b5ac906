"""Sightings: which artifact was ever on which endpoint, from when to when. Survives the deletion of the file.

One row an artifact and endpoint, however often it was seen: the question "where was this digest, ever?" does not depend
on how much was recorded.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct
from sqlalchemy import Column, Connection, Index, String, Text, case, select

from weighbridge.fleet import inventory
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.inventory import Before, Change
from weighbridge.fleet.statements import insert_or
from weighbridge.fleet.tables import endpoint_table, integer
from weighbridge.fleet.untrusted import text

SIGHTINGS = endpoint_table(
    "sightings",
    Column("artifact", String(80), primary_key=True),
    Column("sha256", String(64), nullable=False),
    integer("measured", nullable=False),
    integer("first_at", nullable=False),
    integer("last_at", nullable=False),
    integer("count", nullable=False),
    integer("places", nullable=False),
    Column("path", Text, nullable=False),
    Index(None, "sha256", "endpoint_id"),
    Index(None, "sha256", "last_at"),
)


class Sighting(Struct, frozen=True, kw_only=True):
    """An artifact on an endpoint. `places` is how many there are now; 0 after it was deleted."""

    endpoint_id: str
    endpoint_name: str
    sha256: str
    measured: bool
    """Whether the content was hashed; else a store claims this digest."""
    first_at: int
    last_at: int
    count: int
    places: int
    path: str
    """Of one place, the last one if there is none now."""


def take(connection: Connection, endpoint_id: str, changes: Sequence[Change], before: Mapping[str, Before]) -> None:
    """Bring the sightings of an endpoint up to its records, after `inventory.take`."""
    seen: Counter[str] = Counter()
    times: dict[str, list[int]] = {}
    paths: dict[str, str] = {}
    touched = set()
    for change in changes:
        if change.kind != "sighting":
            continue
        old = before.get(change.key)
        if old is not None and old.artifact:
            touched.add(old.artifact)
            times.setdefault(old.artifact, []).append(change.at)
        artifact = "" if change.ended else inventory.artifact_of("sighting", change.record.data)
        if artifact:
            seen[artifact] += 1
            touched.add(artifact)
            times.setdefault(artifact, []).append(change.at)
            paths[artifact] = str(change.record.data.get("path", ""))
    now = inventory.present(connection, endpoint_id, "sighting", sorted(touched))
    rows = []
    for artifact in sorted(touched):
        places, path = now.get(artifact, (0, text(paths.get(artifact), 4096) or ""))
        rows.append(
            {
                "endpoint_id": endpoint_id,
                "artifact": artifact,
                "sha256": artifact.removeprefix("claimed:"),
                "measured": int(not artifact.startswith("claimed:")),
                "first_at": min(times[artifact]),
                "last_at": max(times[artifact]),
                "count": seen[artifact],
                "places": places,
                "path": path,
            }
        )
    if rows:
        statement = insert_or(connection, SIGHTINGS)
        new = statement.excluded
        added = {
            "last_at": new.last_at,
            "count": SIGHTINGS.c.count + new.count,
            "places": new.places,
            "path": case((new.places > 0, new.path), else_=SIGHTINGS.c.path),
        }
        kept = statement.on_conflict_do_update(index_elements=["endpoint_id", "artifact"], set_=added)
        connection.execute(kept, rows)


def of_digest(
    connection: Connection, sha256: str, *, groups: Sequence[str] | None = None, after: str = "", limit: int = 100
) -> list[Sighting]:
    """Return where a digest is or ever was, by endpoint.

    Args:
        connection: of a read.
        sha256: the whole digest, lower-case hexadecimal.
        groups: to which the asker is limited; None for all.
        after: the last endpoint of the page before.
        limit: how many at most.
    """
    columns = [SIGHTINGS.c[name] for name in Sighting.__struct_fields__ if name != "endpoint_name"]
    query = (
        select(*columns, ENDPOINTS.c.name.label("endpoint_name"))
        .join(ENDPOINTS, ENDPOINTS.c.endpoint_id == SIGHTINGS.c.endpoint_id)
        .where(SIGHTINGS.c.sha256 == sha256, SIGHTINGS.c.endpoint_id > after)
    )
    if groups is not None:
        query = query.where(ENDPOINTS.c.group_name.in_(groups))
    rows = connection.execute(query.order_by(SIGHTINGS.c.endpoint_id).limit(limit))
    return [Sighting(**{**row._mapping, "measured": bool(row.measured)}) for row in rows]
