"""Processes that run models: who ran which weights, where, as whom. Stays when the process has ended.

`usage` counts the same by day, so that a year of it fits into a page.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import Column, Connection, Index, String, Table, Text, Update, bindparam, delete, select, update

from weighbridge.fleet import inventory
from weighbridge.fleet.inventory import SUBJECT_LENGTH, Before, Change
from weighbridge.fleet.statements import insert_into, upsert
from weighbridge.fleet.tables import endpoint_table, integer
from weighbridge.fleet.untrusted import digest, mappings, whole, word

PROCESSES = endpoint_table(
    "processes",
    Column("subject", String(SUBJECT_LENGTH), primary_key=True),
    integer("pid"),
    Column("name", String(255), nullable=False),
    Column("executable", Text, nullable=False),
    Column("user", String(255), nullable=False),
    Column("runtime", String(64), nullable=False),
    Column("actor", String(40), nullable=False),
    Column("agent", String(255), nullable=False),
    Column("network", String(40), nullable=False),
    Column("decision", String(16), nullable=False),
    integer("first_at", nullable=False),
    integer("last_at", nullable=False),
    integer("ended_at"),
    Index(None, "ended_at", "runtime", "endpoint_id"),
)
WEIGHTS = endpoint_table(
    "process_weights",
    Column("subject", String(SUBJECT_LENGTH), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    integer("measured", nullable=False),
    Column("name", String(255), nullable=False),
    Column("path", Text, nullable=False),
    integer("first_at", nullable=False),
    integer("last_at", nullable=False, server_default="0"),
    integer("ended_at"),
    Index(None, "sha256", "last_at"),
    Index(None, "sha256", "ended_at", "endpoint_id"),
)
"""Times are those of the process, so that who runs a digest is found without looking at every process that ever did."""
USAGE = endpoint_table(
    "usage",
    integer("day", primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("runtime", String(64), primary_key=True),
    Column("actor", String(40), primary_key=True),
    Column("network", String(40), primary_key=True),
    integer("processes", nullable=False),
    Index(None, "day"),
)
DAY = 86_400_000


class Run(Struct, frozen=True, kw_only=True):
    """One process and one artifact that it ran."""

    endpoint_id: str
    sha256: str
    name: str
    executable: str
    user: str
    runtime: str
    actor: str
    agent: str
    network: str
    """How far the machine reached while the process was looked at."""
    first_at: int
    last_at: int
    ended_at: int | None


def take(connection: Connection, endpoint_id: str, changes: Sequence[Change], before: dict[str, Before]) -> None:
    """Take in what records say about processes, after `inventory.take`."""
    rows: dict[str, dict[str, object]] = {}
    weights: dict[str, dict[str, dict[str, object]]] = {}
    used: Counter[tuple[int, str, str, str, str]] = Counter()
    ends: dict[str, int] = {}
    for change in changes:
        if change.kind != "process":
            continue
        key = change.key
        if change.ended and key in rows and key not in before:
            # It came and went within these changes: it is written as one that ended.
            for one in (rows[key], *weights[key].values()):
                one.update(last_at=change.at, ended_at=change.at)
            continue
        if change.ended:
            ends[key] = change.at
            continue
        ends.pop(key, None)
        row = _row(endpoint_id, key, change)
        held = _weights(endpoint_id, key, change)
        if key in rows:
            row["first_at"] = rows[key]["first_at"]
        elif key not in before:
            day, kind = change.at // DAY, (str(row["runtime"]), str(row["actor"]), str(row["network"]))
            for one in held or [{"sha256": ""}]:
                used[(day, str(one["sha256"]), *kind)] += 1
        rows[key] = row
        run = weights.setdefault(key, {})
        for one in held:
            sha256 = str(one["sha256"])
            run[sha256] = one | {"first_at": run.get(sha256, one)["first_at"]}
    upsert(connection, PROCESSES, [*rows.values()], keep=("first_at",))
    upsert(connection, WEIGHTS, [one for run in weights.values() for one in run.values()], keep=("first_at",))
    if ends:
        ended = [{"whose": endpoint_id, "which": key, "at": at} for key, at in ends.items()]
        for table in (PROCESSES, WEIGHTS):
            connection.execute(_end(table), ended)
    _count(connection, endpoint_id, used)


def of_digest(connection: Connection, sha256: str, *, limit: int = 1000) -> list[Run]:
    """Return who ran a digest, the latest first."""
    named = ["sha256"]
    columns = [(WEIGHTS if name in named else PROCESSES).c[name] for name in Run.__struct_fields__]
    query = (
        select(*columns)
        .join(
            PROCESSES,
            (PROCESSES.c.endpoint_id == WEIGHTS.c.endpoint_id) & (PROCESSES.c.subject == WEIGHTS.c.subject),
        )
        .where(WEIGHTS.c.sha256 == sha256)
        .order_by(WEIGHTS.c.last_at.desc())
        .limit(limit)
    )
    return [Run(**row._mapping) for row in connection.execute(query)]


def prune(connection: Connection, before: int, limit: int) -> int:
    """Remove processes that ended before a time, the earliest first; return how many. `usage` still counts them.

    Args:
        connection: within a write.
        before: milliseconds since 1970.
        limit: how many at most.
    """
    key = (PROCESSES.c.endpoint_id, PROCESSES.c.subject)
    earliest = select(*key).where(PROCESSES.c.ended_at < before).order_by(PROCESSES.c.ended_at, *key).limit(limit)
    keys = [
        {"whose": row[0], "which": row[1]} for row in connection.execute(earliest.with_for_update(skip_locked=True))
    ]
    if keys:
        for table in (WEIGHTS, PROCESSES):
            named = (table.c.endpoint_id == bindparam("whose"), table.c.subject == bindparam("which"))
            connection.execute(delete(table).where(*named), keys)
        inventory.forget(connection, keys)
    return len(keys)


def prune_usage(connection: Connection, before: int, limit: int) -> int:
    """Remove counts of days before a time; return how many. Arguments as those of `prune`."""
    key = [*USAGE.primary_key.columns]
    earliest = select(*key).where(USAGE.c.day < before // DAY).order_by(USAGE.c.day).limit(limit)
    rows = connection.execute(earliest.with_for_update(skip_locked=True)).all()
    if rows:
        one = delete(USAGE).where(*(column == bindparam(f"of_{column.name}") for column in key))
        connection.execute(one, [{f"of_{name}": value for name, value in row._mapping.items()} for row in rows])
    return len(rows)


def _row(endpoint_id: str, key: str, change: Change) -> dict[str, object]:
    data = change.record.data
    actor, verdict = data.get("actor"), data.get("verdict")
    of_actor = actor if isinstance(actor, dict) else {}
    return {
        "endpoint_id": endpoint_id,
        "subject": key,
        "pid": whole(data.get("pid")),
        "name": word(data, "name") or "",
        "executable": word(data, "executable", 4096) or "",
        "user": word(data, "user") or "",
        "runtime": word(data, "runtime", 64) or "",
        "actor": word(of_actor, "kind", 40) or "",
        "agent": word(of_actor, "agent") or "",
        "network": word(data, "network", 40) or "",
        "decision": word(verdict, "decision", 16) or "" if isinstance(verdict, dict) else "",
        "first_at": change.at,
        "last_at": change.at,
        "ended_at": None,
    }


def _weights(endpoint_id: str, key: str, change: Change) -> list[dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for one in mappings(change.record.data.get("weights")):
        measured, claimed = digest(one.get("sha256")), digest(one.get("claimed_sha256"))
        sha256 = measured or claimed
        if sha256 is not None:
            found[sha256] = {
                "endpoint_id": endpoint_id,
                "subject": key,
                "sha256": sha256,
                "measured": int(measured is not None),
                "name": word(one, "name") or "",
                "path": word(one, "path", 4096) or "",
                "first_at": change.at,
                "last_at": change.at,
                "ended_at": None,
            }
    return [*found.values()]


@lru_cache(2)
def _end(table: Table) -> Update:
    named = (table.c.endpoint_id == bindparam("whose"), table.c.subject == bindparam("which"))
    return update(table).where(*named).values(ended_at=bindparam("at"), last_at=bindparam("at"))


def _count(connection: Connection, endpoint_id: str, used: Counter[tuple[int, str, str, str, str]]) -> None:
    if not used:
        return
    names = ("day", "sha256", "runtime", "actor", "network")
    rows = [
        {"endpoint_id": endpoint_id, **dict(zip(names, key, strict=True)), "processes": count}
        for key, count in sorted(used.items())
    ]
    connection.execute(_add_usage(connection.dialect.name), rows)


@lru_cache(2)
def _add_usage(dialect: str) -> Any:  # noqa: ANN401  (an insert of the dialect)
    statement = insert_into(dialect, USAGE)
    added = {"processes": USAGE.c.processes + statement.excluded.processes}
    return statement.on_conflict_do_update(index_elements=[*USAGE.primary_key.columns], set_=added)
