"""Artifacts: what is known of each digest, whichever endpoint told it last. Small, and the same for all endpoints.

What one endpoint says about a digest is in its inventory; this is what a page about the digest begins with.
"""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Column, Connection, Index, String, Text, select

from weighbridge.fleet.inventory import Change, is_digest
from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.fleet.untrusted import whole, word

ARTIFACTS = reference_table(
    "artifacts",
    Column("sha256", String(64), primary_key=True),
    integer("measured", nullable=False),
    Column("format", String(64), nullable=False),
    integer("size"),
    Column("assessment", String(40), nullable=False),
    Column("license", Text, nullable=False),
    Column("commercial", String(40), nullable=False),
    Column("told_by", String(16), nullable=False),
    integer("first_at", nullable=False),
    integer("last_at", nullable=False),
    Index(None, "last_at"),
    Index(None, "first_at"),
)


class Artifact(Struct, frozen=True, kw_only=True):
    """What is known of one digest."""

    sha256: str
    measured: bool
    format: str
    size: int | None
    assessment: str
    license: str
    commercial: str
    told_by: str
    """The endpoint that said so last."""
    first_at: int
    last_at: int


def take(connection: Connection, endpoint_id: str, changes: Sequence[Change]) -> None:
    """Take in what records say about artifacts."""
    rows: dict[str, dict[str, object]] = {}
    for change in changes:
        data = change.record.data
        named = data.get("artifact")
        if change.kind != "artifact" or not isinstance(named, str) or not is_digest(named):
            continue
        sha256 = named.removeprefix("claimed:")
        first = rows.get(sha256, {}).get("first_at", change.at)
        rows[sha256] = {
            "sha256": sha256,
            "measured": int(named == sha256),
            "format": word(data, "format", 64) or "",
            "size": whole(data.get("size")),
            "assessment": word(data, "assessment", 40) or "",
            "license": word(data, "license", 1000) or "",
            "commercial": word(data, "commercial", 40) or "",
            "told_by": endpoint_id,
            "first_at": first,
            "last_at": change.at,
        }
    # In order of the key, so that two writers at once wait for each other instead of for both.
    upsert(connection, ARTIFACTS, [rows[key] for key in sorted(rows)], keep=("first_at",))


def artifact(connection: Connection, sha256: str) -> Artifact | None:
    """Return what is known of a digest; None if nothing is."""
    columns = [ARTIFACTS.c[name] for name in Artifact.__struct_fields__]
    row = connection.execute(select(*columns).where(ARTIFACTS.c.sha256 == sha256)).first()
    return None if row is None else Artifact(**{**row._mapping, "measured": bool(row.measured)})
