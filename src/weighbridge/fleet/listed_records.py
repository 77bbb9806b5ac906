"""The records of the whole fleet: what may be asked of them. How they are reached, `record_search.py` knows."""

from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, FromClause, Select, exists, select

from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.query_fields import Field, FieldKind
from weighbridge.fleet.query_sql import Searched
from weighbridge.fleet.records import RECORD_DIGESTS, RECORDS

EXAMPLE = "kind:process actor:agent owner:ada received:<7d"
FIELDS = {
    "kind": Field(kind=FieldKind.KEYWORD, about="of record: process, sighting, verdict, finding, gap, ..."),
    "digest": Field(kind=FieldKind.DIGEST, about="an artifact that it names, or that lay where it says"),
    "path": Field(kind=FieldKind.TEXT, about="the file that it is about, or the program of its process"),
    "process": Field(kind=FieldKind.KEYWORD, about="name of the process"),
    "user": Field(kind=FieldKind.KEYWORD, about="account that the process runs as"),
    "actor": Field(kind=FieldKind.KEYWORD, about="who acts: human, agent, service or unknown"),
    "agent": Field(kind=FieldKind.KEYWORD, about="name of the agent"),
    "network": Field(kind=FieldKind.KEYWORD, about="how far the endpoint reached then"),
    "endpoint": Field(kind=FieldKind.KEYWORD, about="id of the endpoint"),
    "name": Field(kind=FieldKind.KEYWORD, about="host name of the endpoint"),
    "owner": Field(kind=FieldKind.KEYWORD, about="whose endpoint it is"),
    "group": Field(kind=FieldKind.KEYWORD, about="the endpoint's group"),
    "received": Field(kind=FieldKind.TIME, about="when it came, by the server's clock"),
    "at": Field(kind=FieldKind.TIME, about="when it was written, by the endpoint's clock"),
    "index": Field(kind=FieldKind.NUMBER, about="its place in the ledger of its endpoint"),
}
OF_ENDPOINT = frozenset({"endpoint", "name", "owner", "group"})
"""Fields that say of which endpoints."""
_WORDS = ("process", "user", "actor", "agent", "path")


class FoundRecord(Struct, frozen=True, kw_only=True):
    """One record as the list shows it. Times are milliseconds since 1970, UTC."""

    endpoint_id: str
    endpoint_name: str
    owner: str
    record_index: int
    kind: str
    at: int | None
    """By the endpoint's clock."""
    received_at: int
    network: str
    process: str
    user: str
    actor: str
    agent: str
    path: str
    """What it is about; of a model that it names without a place, where that lies on the endpoint, or lay last."""


def rows(near: FromClause, here: ColumnElement[bool]) -> Select[Any]:
    """Return the records whose keys stand in `near`, with their endpoints and words; each is found by its key."""
    columns = [
        ENDPOINTS.c.name.label("endpoint_name"),
        ENDPOINTS.c.owner,
        *(RECORDS.c[name] for name in ("endpoint_id", "record_index", "kind", "at", "received_at", "network")),
        *(RECORDS.c[name] for name in _WORDS),
    ]
    return (
        select(*columns)
        .select_from(near)
        .join(RECORDS, here)
        .join(ENDPOINTS, ENDPOINTS.c.endpoint_id == RECORDS.c.endpoint_id)
    )


def searched() -> Searched:
    """Return what a query may ask of these rows."""
    same = (
        RECORD_DIGESTS.c.endpoint_id == RECORDS.c.endpoint_id,
        RECORD_DIGESTS.c.record_index == RECORDS.c.record_index,
    )
    return Searched(
        fields=FIELDS,
        columns={
            "kind": RECORDS.c.kind,
            "digest": RECORD_DIGESTS.c.sha256,
            **{name: RECORDS.c[name] for name in _WORDS},
            "network": RECORDS.c.network,
            **of_endpoint().columns,
            "received": RECORDS.c.received_at,
            "at": RECORDS.c.at,
            "index": RECORDS.c.record_index,
        },
        within={"digest": lambda found: exists().where(*same, found)},
        words=(
            RECORDS.c.kind,
            *(RECORDS.c[name] for name in ("process", "user", "agent", "path")),
            ENDPOINTS.c.name,
        ),
    )


def of_endpoint() -> Searched:
    """Return what a query may ask of the endpoints alone."""
    names = {"endpoint": "endpoint_id", "name": "name", "owner": "owner", "group": "group_name"}
    return Searched(
        fields={name: FIELDS[name] for name in names},
        columns={name: ENDPOINTS.c[column] for name, column in names.items()},
        within={},
        words=(),
    )
