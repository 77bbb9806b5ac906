"""The list of ledgers that the server keeps a copy of, and the records of one of them, as lists that can be asked."""

from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import Connection, func, select

from weighbridge.fleet import listed_endpoints
from weighbridge.fleet.endpoints import ENDPOINTS, STATES
from weighbridge.fleet.listing import Listing
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.query_fields import Field, FieldKind
from weighbridge.fleet.query_sql import Searched
from weighbridge.fleet.records import RECORDS
from weighbridge.fleet.visible import visible
from weighbridge.fleet.witness import COPIES

EXAMPLE = "state:active size:>=1000 changed:<1d"
RECORD_EXAMPLE = "kind:verdict at:<7d network:offline"
FIELDS = {
    "endpoint": Field(kind=FieldKind.KEYWORD, about="id of its endpoint"),
    "name": Field(kind=FieldKind.KEYWORD, about="host name of its endpoint"),
    "group": Field(kind=FieldKind.KEYWORD, about="group of its endpoint"),
    "state": Field(kind=FieldKind.CHOICE, about="whether its endpoint belongs to the fleet", choices=STATES),
    "size": Field(kind=FieldKind.NUMBER, about="records in it"),
    "skipped": Field(kind=FieldKind.NUMBER, about="records that retention removed before they were sent"),
    "changed": Field(kind=FieldKind.TIME, about="when the last checkpoint was cosigned"),
}
RECORD_FIELDS = {
    "kind": Field(kind=FieldKind.KEYWORD, about="of record: process, verdict, gap, ..."),
    "index": Field(kind=FieldKind.NUMBER, about="its place in the ledger"),
    "at": Field(kind=FieldKind.TIME, about="when it was written, by the endpoint's clock"),
    "received": Field(kind=FieldKind.TIME, about="when it came, by the server's clock"),
    "network": Field(kind=FieldKind.KEYWORD, about="how far the endpoint reached then"),
}


class Ledger(Struct, frozen=True, kw_only=True):
    """One ledger as far as the server has it. Times are milliseconds since 1970, UTC."""

    endpoint_id: str
    name: str
    state: str
    reason: str
    size: int
    """Records."""
    cosigned: int
    """Records that the last checkpoint under the server's signature covers."""
    skipped: int
    """Records that retention removed at the endpoint before they were sent."""
    changed_at: int


class KeptRecord(Struct, frozen=True, kw_only=True):
    """One record as it is kept; `entry` is the record itself, as it was signed."""

    record_index: int
    kind: str
    at: int | None
    received_at: int
    network: str
    entry: bytes


def listing(scope: Scope) -> Listing:
    """Return the ledgers of the endpoints that a viewer may see."""
    of_endpoint = ("name", "state", "reason")
    columns = [(ENDPOINTS if name in of_endpoint else COPIES).c[name] for name in Ledger.__struct_fields__]
    rows = select(*columns).join_from(COPIES, ENDPOINTS, ENDPOINTS.c.endpoint_id == COPIES.c.endpoint_id)
    here = COPIES.c.endpoint_id
    return Listing(
        rows=rows.where(visible(COPIES, scope)),
        searched=Searched(
            fields=FIELDS,
            columns={
                "endpoint": here,
                "name": ENDPOINTS.c.name,
                "group": ENDPOINTS.c.group_name,
                "state": ENDPOINTS.c.state,
                "size": COPIES.c.size,
                "skipped": COPIES.c.skipped,
                "changed": COPIES.c.changed_at,
            },
            within={},
            words=(ENDPOINTS.c.name, here),
        ),
        sorts={"changed": COPIES.c.changed_at, "name": ENDPOINTS.c.name, "size": COPIES.c.size},
        key=(here,),
        newest_first=True,
    )


def ledger(connection: Connection, scope: Scope, endpoint_id: str) -> Ledger | None:
    """Return one ledger, empty while nothing was sent; None if there is no such endpoint within the scope."""
    found = listed_endpoints.endpoint(connection, scope, endpoint_id)
    if found is None:
        return None
    row = connection.execute(listing(scope).rows.where(COPIES.c.endpoint_id == endpoint_id)).first()
    if row is not None:
        return Ledger(**row._mapping)
    nothing = {"size": 0, "cosigned": 0, "skipped": 0, "changed_at": found.enrolled_at}
    return Ledger(endpoint_id=endpoint_id, name=found.name, state=found.state, reason=found.reason, **nothing)


def cosigned(connection: Connection, endpoint_ids: Collection[str]) -> dict[str, int]:
    """Return how many records of each ledger a checkpoint under the server's signature covers."""
    query = select(COPIES.c.endpoint_id, COPIES.c.cosigned).where(COPIES.c.endpoint_id.in_(endpoint_ids))
    return {row.endpoint_id: row.cosigned for row in connection.execute(query)}


def gaps(connection: Connection, endpoint_id: str) -> int:
    """Return how many records of a ledger say that nothing was recorded for a while."""
    query = select(func.count()).select_from(RECORDS)
    return connection.execute(query.where(RECORDS.c.endpoint_id == endpoint_id, RECORDS.c.kind == "gap")).scalar_one()


def records(endpoint_id: str) -> Listing:
    """Return the records of one endpoint, the newest first. Whether a viewer may see the endpoint, `ledger` says."""
    columns = [RECORDS.c[name] for name in KeptRecord.__struct_fields__]
    return Listing(
        rows=select(*columns).where(RECORDS.c.endpoint_id == endpoint_id),
        searched=Searched(
            fields=RECORD_FIELDS,
            columns={
                "kind": RECORDS.c.kind,
                "index": RECORDS.c.record_index,
                "at": RECORDS.c.at,
                "received": RECORDS.c.received_at,
                "network": RECORDS.c.network,
            },
            within={},
            words=(RECORDS.c.kind,),
        ),
        sorts={"index": RECORDS.c.record_index},
        key=(RECORDS.c.record_index,),
        newest_first=True,
    )
