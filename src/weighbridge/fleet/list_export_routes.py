"""A list as a file: comma-separated values or JSON lines, written piece by piece, as long as it may be.

Each piece is a read of its own and goes on where the one before ended, so that a long export holds no snapshot open and
no more than a piece in memory. What is beyond `MOST_EXPORTED` rows is left out, and the last line says so.
"""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.params import QueryParameter
from litestar.response import Stream
from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet import agent_routes, list_columns, list_routes, record_routes
from weighbridge.fleet.asking import Columns, Down, Query, Sort, names
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.listing import MOST_ROWS, Asked
from weighbridge.fleet.permissions import Permission, Scope
from weighbridge.fleet.problem import RefusedError, not_found
from weighbridge.fleet.server import Server
from weighbridge.report.csv_text import line

MOST_EXPORTED = 100_000
_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
_Read = Callable[[Connection, str], tuple[list[Any], str]]
"""Rows after a cursor, and the next cursor."""


@get("/api/v1/lists/{what:str}/export", opt=needs(Permission.FLEET_READ))
async def export_list(
    server: GivenServer,
    viewer: GivenViewer,
    what: Id,
    q: Query = "",
    sort: Sort = "",
    down: Down = False,
    columns: Columns = "",
    file_format: Annotated[str, QueryParameter(name="format", max_length=8, description="csv or jsonl.")] = "csv",
) -> Stream:
    """Write what a query finds as a file; of each row all columns, or those that are named."""
    if what not in list_columns.COLUMNS:
        raise not_found("list")
    if file_format not in _TYPES:
        raise RefusedError(400, "E-request", f"there is no format `{file_format}`", "one of csv, jsonl")
    if what == "records" and not viewer.may(Permission.RECORDS_READ):
        raise RefusedError(
            403, "E-not-allowed", f"{viewer.name} does not have the permission `records:read`", "ask an administrator"
        )
    chosen = list_columns.chosen(what, names([columns]))
    asked = Asked(query=q, sort=sort, down=down, limit=MOST_ROWS)
    read = _reader(what, viewer.scope, asked, list_routes.now(server))
    first = await server.store.read(lambda connection: read(connection, ""))  # what cannot be asked is said here
    lines = _lines(server, read, first, chosen, file_format)
    name = f'attachment; filename="{what}.{file_format}"'
    return Stream(lines, media_type=_TYPES[file_format], headers={"Content-Disposition": name})


async def _lines(
    server: Server, read: _Read, first: tuple[list[Any], str], chosen: tuple[str, ...], file_format: str
) -> AsyncIterator[str]:
    if file_format == "csv":
        yield line(chosen)
    (rows, after), written = first, 0
    while True:
        yield "".join(_line(row, chosen, file_format) for row in rows[: MOST_EXPORTED - written])
        written += len(rows)
        if not after or written >= MOST_EXPORTED:
            break
        following = after
        rows, after = await server.store.read(lambda connection, at=following: read(connection, at))  # type: ignore[misc]
    if after or written > MOST_EXPORTED:
        said = f"cut after {MOST_EXPORTED:,} rows; narrow the query"
        yield line([said]) if file_format == "csv" else msgspec.json.encode({"cut": said}).decode() + "\n"


def _line(row: Struct, chosen: tuple[str, ...], file_format: str) -> str:
    values = [list_columns.value(row, name) for name in chosen]
    if file_format == "csv":
        return line(values)
    return msgspec.json.encode(dict(zip(chosen, values, strict=True))).decode() + "\n"


def _reader(what: str, scope: Scope, asked: Asked, moment: datetime) -> _Read:
    if what == "records":

        def read_records(connection: Connection, after: str) -> tuple[list[Any], str]:
            found = record_routes.records(connection, scope, asked.query, moment, after=after, limit=MOST_ROWS)
            return list(found.rows), found.after

        return read_records
    if what == "agents":
        # A line an agent is no list in pieces.
        return lambda connection, _: (agent_routes.agents(connection, scope, asked.query, moment).rows, "")
    lists = {
        "agents-on-endpoints": agent_routes.on_endpoints,
        "artifacts": list_routes.artifacts,
        "endpoints": list_routes.endpoints,
        "findings": list_routes.findings,
    }

    def read(connection: Connection, after: str) -> tuple[list[Any], str]:
        piece = Asked(query=asked.query, sort=asked.sort, down=asked.down, after=after, limit=asked.limit)
        found: Any = lists[what](connection, scope, piece, moment)
        return found.rows, found.after

    return read


ROUTES = [export_list]
