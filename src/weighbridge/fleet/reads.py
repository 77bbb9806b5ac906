"""Who looked at what is known of an endpoint: people and programs, by day, for the person whose endpoint it is.

Counted is whoever opens the page of one endpoint or reads its records, not who sees a row of it in a list of many. Its
own person is not counted.
"""

from msgspec import Struct
from sqlalchemy import Column, Connection, String, func, select

from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.permissions import Viewer
from weighbridge.fleet.processes import DAY
from weighbridge.fleet.server import Server
from weighbridge.fleet.statements import insert_or
from weighbridge.fleet.tables import endpoint_table, integer
from weighbridge.fleet.visible import visible

PAGE, RECORDS = "page", "records"
"""What was looked at: all that is known, in short; single records of the ledger."""
MOST = 50

READS = endpoint_table(
    "endpoint_reads",
    integer("day", primary_key=True),
    Column("account_id", String(32), primary_key=True),
    Column("what", String(16), primary_key=True),
    Column("account_name", String(128), nullable=False),
    Column("role", String(16), nullable=False),
    integer("times", nullable=False),
    integer("last_at", nullable=False),
)


class Reader(Struct, frozen=True, kw_only=True):
    """Somebody who looked. Times are milliseconds since 1970, UTC."""

    account_name: str
    role: str
    what: str
    """`page` or `records`."""
    times: int
    last_at: int


async def noted(server: Server, viewer: Viewer, endpoint_id: str, what: str) -> None:
    """Take note that somebody looks, before they are shown it."""
    if viewer.scope.endpoint_id != endpoint_id:
        now = server.clock()
        await server.store.write(lambda connection: note(connection, now, viewer, endpoint_id, what))


def note(connection: Connection, now: int, viewer: Viewer, endpoint_id: str, what: str) -> None:
    """Take note, within a write. Of an endpoint that the viewer does not see, nothing is noted: nothing is shown."""
    seen = select(ENDPOINTS.c.endpoint_id).where(ENDPOINTS.c.endpoint_id == endpoint_id)
    if connection.execute(seen.where(visible(ENDPOINTS, viewer.scope))).first() is None:
        return
    statement = insert_or(connection, READS).values(
        endpoint_id=endpoint_id,
        day=now // DAY,
        account_id=viewer.account_id,
        what=what,
        account_name=viewer.name,
        role=viewer.role.value,
        times=1,
        last_at=now,
    )
    again = {"times": READS.c.times + 1, "last_at": now, "account_name": viewer.name, "role": viewer.role.value}
    connection.execute(
        statement.on_conflict_do_update(index_elements=[one.name for one in READS.primary_key], set_=again)
    )


def of_endpoint(connection: Connection, endpoint_id: str) -> list[Reader]:
    """Return who looked at an endpoint, the latest first."""
    last = func.max(READS.c.last_at).label("last_at")
    query = (
        select(READS.c.account_name, READS.c.role, READS.c.what, func.sum(READS.c.times).label("times"), last)
        .where(READS.c.endpoint_id == endpoint_id)
        .group_by(READS.c.account_name, READS.c.role, READS.c.what)
        .order_by(last.desc(), READS.c.account_name, READS.c.what)
    )
    rows = connection.execute(query.limit(MOST))
    return [Reader(**{**row._mapping, "times": int(row.times)}) for row in rows]
