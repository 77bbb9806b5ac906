"""Who pulled what, by day: with which tool, and which AI agent drove it, as they say of themselves.

This answers who has a release when it is revoked. Pulls are summed up in memory for a moment and written together: a
model of many files would be as many writes.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

from msgspec import Struct
from sqlalchemy import Column, Connection, Index, String, delete, select, tuple_

from weighbridge.fleet import fleet_settings
from weighbridge.fleet.statements import insert_or
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.hub import heads
from weighbridge.hub.call import Call
from weighbridge.hub.hub import Hub
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.releases import Release
from weighbridge.model.errors import WeighbridgeError

DAY = 24 * 3600 * 1000
_WAIT_SECONDS = 1.0
_AT_ONCE = 1_000
_FEW = 100

PULLS = reference_table(
    "hub_pulls",
    Column("release_id", String(16), primary_key=True),
    Column("account_id", String(32), primary_key=True),
    Column("tool", String(100), primary_key=True),
    Column("agent", String(64), primary_key=True),
    integer("day", primary_key=True),
    integer("requests", nullable=False),
    integer("refused", nullable=False),
    integer("bytes", nullable=False),
    integer("first_at", nullable=False),
    integer("last_at", nullable=False),
    Index(None, "account_id", "day"),
    Index(None, "day"),
)
_KEY = ("release_id", "account_id", "tool", "agent", "day")


class Pull(Struct, frozen=True, kw_only=True):
    """What one account did with one release on one day, with one tool. Times are milliseconds since 1970, UTC."""

    release_id: str
    account_id: str
    """Empty for somebody without an account."""
    tool: str
    agent: str
    day: int
    """Days since 1970, UTC."""
    requests: int
    """How often bytes were sent."""
    refused: int
    """How often they were not."""
    bytes: int
    first_at: int
    last_at: int


def note_pull(
    hub: Hub, call: Call, release: Release, file: ReleaseFile | None, size: int, status: int, *, by: str | None = None
) -> None:
    """Take note of a request for bytes of a release; it is written within a moment.

    Args:
        hub: whom it reached.
        call: who asked.
        release: of what.
        file: which file; None for what was derived from the release. A request for its headers alone is no pull.
        size: bytes that went out.
        status: what was answered; 0 if nothing was.
        by: whose pull it is, if not the caller's: the account that a link was made for.
    """
    if call.method != "GET" or status == 304:
        return
    now, caller = hub.server.clock(), call.caller
    account = by if by is not None else caller.viewer.account_id if caller.viewer else ""
    key = (release.release_id, account, caller.tool[:100], caller.agent[:64], now // DAY)
    row = hub.pulled.get(key)
    if row is None:
        row = hub.pulled[key] = {"requests": 0, "refused": 0, "bytes": 0, "first_at": now, "last_at": now}
    row["requests" if 0 < status < 400 else "refused"] += 1
    row["bytes"] += size
    row["last_at"] = now
    if hub.writing_pulls is None or hub.writing_pulls.done():
        hub.writing_pulls = asyncio.get_running_loop().create_task(_write_soon(hub))


async def write_pulls(hub: Hub) -> None:
    """Write what was noted so far. Raises WeighbridgeError; what could not be written is kept for the next time."""
    noted, hub.pulled = hub.pulled, {}
    rows = [dict(zip(_KEY, key, strict=True)) | sums for key, sums in sorted(noted.items())]
    if not rows:
        return
    try:
        await hub.server.store.write(lambda connection: _add(connection, rows))
    except WeighbridgeError:
        for key, sums in noted.items():
            later = hub.pulled.setdefault(key, dict.fromkeys(sums, 0) | {"first_at": sums["first_at"]})
            for name in ("requests", "refused", "bytes"):
                later[name] += sums[name]
            later["last_at"] = max(later["last_at"], sums["last_at"])
            later["first_at"] = min(later["first_at"], sums["first_at"])
        raise


def of_releases(connection: Connection, release_ids: Sequence[str], *, limit: int = 1_000) -> list[Pull]:
    """Return who pulled releases, the latest first."""
    wanted = select(PULLS).where(PULLS.c.release_id.in_(list(release_ids))).limit(limit)
    return [Pull(**row._mapping) for row in connection.execute(wanted.order_by(PULLS.c.last_at.desc(), *_columns()))]


def of_account(connection: Connection, account_id: str, *, limit: int = 1_000) -> list[Pull]:
    """Return what an account pulled, the latest first."""
    wanted = select(PULLS).where(PULLS.c.account_id == account_id).limit(limit)
    return [Pull(**row._mapping) for row in connection.execute(wanted.order_by(PULLS.c.last_at.desc(), *_columns()))]


def prune(connection: Connection, before: int, limit: int) -> int:
    """Remove what was noted on days before a time (milliseconds since 1970); return how many rows at most `limit`."""
    earliest = select(*_columns()).where(PULLS.c.day < before // DAY).limit(limit)
    rows = connection.execute(earliest).all()
    for row in rows:
        same = [column == value for column, value in zip(_columns(), row, strict=True)]
        connection.execute(delete(PULLS).where(*same))
    heads.count_pulls(connection, {row.release_id for row in rows})
    return len(rows)


async def forget_old(hub: Hub) -> int:
    """Remove what was noted longer ago than the fleet keeps its counts by day; return how many rows."""
    now, gone = hub.server.clock(), 0
    days = (await hub.server.store.read(fleet_settings.current)).usage_days
    while days is not None:
        some = await hub.server.store.write(partial(prune, before=now - days * DAY, limit=_AT_ONCE))
        gone += some
        if some < _AT_ONCE:
            break
    return gone


async def _write_soon(hub: Hub) -> None:
    while hub.pulled:
        await asyncio.sleep(_WAIT_SECONDS)
        try:
            await write_pulls(hub)
        except WeighbridgeError as error:
            hub.server.log.event("warning", "pulls could not be noted", error=error.code)


def _columns() -> list[Column[Any]]:
    return [PULLS.c[name] for name in _KEY]


def _add(connection: Connection, rows: list[dict[str, Any]]) -> None:
    _count_new(connection, rows)
    statement = insert_or(connection, PULLS)
    new = statement.excluded
    sums = {name: PULLS.c[name] + new[name] for name in ("requests", "refused", "bytes")}
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(_KEY), set_=sums | {"last_at": new.last_at}), rows
    )


def _count_new(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Count pulls for the catalog: an account, with one tool, on one day is one, however many files it takes."""
    got = {tuple(row[name] for name in _KEY): row["release_id"] for row in rows if row["requests"]}
    for at in range(0, len(got), _FEW):
        some = list(got)[at : at + _FEW]
        known = select(*_columns()).where(tuple_(*_columns()).in_(some), PULLS.c.requests > 0)
        for row in connection.execute(known):
            del got[tuple(row)]
    if got:
        heads.add_pulls(connection, Counter(got.values()))
