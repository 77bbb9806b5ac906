"""What weighing said about each release: an answer, the whole report, a bill of materials. The last one counts."""

import zlib

import msgspec
from msgspec import Struct
from sqlalchemy import Column, Connection, LargeBinary, String, Text, select

from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.hub.releases import RELEASES
from weighbridge.hub.states import SERVED
from weighbridge.hub.weighing import Weighing

WEIGHED = reference_table(
    "hub_weighed",
    Column("release_id", String(16), primary_key=True),
    integer("weighed_at", nullable=False),
    integer("milliseconds", nullable=False),
    Column("rules", String(512), nullable=False),
    integer("policy_number", nullable=False),
    Column("weighing", Text, nullable=False),
    integer("is_automatic", nullable=False),
    Column("reasons", Text, nullable=False),
    Column("report", LargeBinary, nullable=False),
    Column("bom", LargeBinary, nullable=False),
)


class Weighed(Struct, frozen=True, kw_only=True):
    """How a release was weighed, without the long documents."""

    release_id: str
    weighed_at: int
    """Milliseconds since 1970, UTC."""
    milliseconds: int
    """How long it took."""
    rules: str
    """Which version of Weighbridge and of the policy weighed."""
    policy_number: int
    """Of the fleet's policies; 0 for the pack that ships with Weighbridge."""
    weighing: Weighing
    is_automatic: bool
    """Whether policy alone may approve it."""
    reasons: tuple[str, ...]
    """Why policy alone approves it, or why a person has to look."""


_COLUMNS = [column for column in WEIGHED.columns if column.name not in ("report", "bom")]


def keep(connection: Connection, weighed: Weighed, report: bytes, bom: bytes) -> None:
    """Keep a weighing, in place of the one before."""
    row = {name: getattr(weighed, name) for name in Weighed.__struct_fields__}
    row |= {"weighing": msgspec.json.encode(weighed.weighing).decode(), "is_automatic": int(weighed.is_automatic)}
    row |= {"reasons": "\n".join(weighed.reasons), "rules": weighed.rules[:512]}
    upsert(connection, WEIGHED, [row | {"report": zlib.compress(report), "bom": zlib.compress(bom)}])


def of_release(connection: Connection, release_id: str) -> Weighed | None:
    """Return how a release was weighed last; None if it was not yet."""
    row = connection.execute(select(*_COLUMNS).where(WEIGHED.c.release_id == release_id)).first()
    if row is None:
        return None
    fields = dict(row._mapping)
    fields["weighing"] = msgspec.json.decode(row.weighing, type=Weighing)
    fields["is_automatic"] = bool(row.is_automatic)
    fields["reasons"] = tuple(filter(None, row.reasons.split("\n")))
    return Weighed(**fields)


def report_of(connection: Connection, release_id: str) -> bytes | None:
    """Return the report of the last weighing, `json-v1`; None if there was none."""
    return _document(connection, release_id, "report")


def bom_of(connection: Connection, release_id: str) -> bytes | None:
    """Return the bill of materials, CycloneDX; None if it was not weighed yet."""
    return _document(connection, release_id, "bom")


def outdated(connection: Connection, policy_number: int, begins: str, limit: int) -> list[str]:
    """Return served releases that were weighed last by other rules, those whose weighing is oldest first.

    Args:
        connection: to read with.
        policy_number: of the policy in force.
        begins: how `rules` begins that were made by this version.
        limit: how many at most.
    """
    same = WEIGHED.c.rules.startswith(begins, autoescape=True) & (WEIGHED.c.policy_number == policy_number)
    tables = WEIGHED.join(RELEASES, RELEASES.c.release_id == WEIGHED.c.release_id)
    wanted = select(WEIGHED.c.release_id).select_from(tables).where(RELEASES.c.state.in_(SERVED), ~same)
    return list(connection.execute(wanted.order_by(WEIGHED.c.weighed_at).limit(limit)).scalars())


def _document(connection: Connection, release_id: str, name: str) -> bytes | None:
    row = connection.execute(select(WEIGHED.c[name]).where(WEIGHED.c.release_id == release_id)).scalar()
    return None if row is None else zlib.decompress(row)
