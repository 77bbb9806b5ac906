"""A large fleet as rows, made inside the database: what a hundred thousand endpoints leave behind, in minutes.

Everything follows from the numbers of endpoint and thing, and the same statements run on SQLite and on PostgreSQL. Few
artifacts are everywhere and most in one or two places, as in a real fleet. What the server counts along while it takes
rows in is counted afterwards, by its own function.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import Connection, Index, Integer, LargeBinary, Table, text
from sqlalchemy.schema import CreateIndex, DropIndex

from weighbridge.fleet import finding_counts, spread
from weighbridge.fleet.store import Store
from weighbridge.hub.schema import METADATA

_CHUNK = 2_000
"""Endpoints of one transaction."""
_PRIME = 1_000_003
DAY = 86_400_000


class Size(NamedTuple):
    """How large a fleet is. All but the first two are numbers of each endpoint."""

    endpoints: int = 100_000
    artifacts: int = 50_000
    sightings: int = 100
    things: int = 12
    verdicts: int = 10
    findings: int = 5
    processes: int = 10
    records: int = 5
    agents: int = 3


def endpoint_id(number: int) -> str:
    """Return the id of an endpoint."""
    return f"{number:016d}"


def digest(number: int) -> str:
    """Return the digest of an artifact; 0 is on most endpoints."""
    return f"{number:016d}" * 4


def fill(store: Store, size: Size, now: int) -> None:
    """Write a fleet into an empty database.

    Args:
        store: with all tables.
        size: of the fleet.
        now: milliseconds since 1970; everything happened in the month before.
    """
    tables = ["artifacts", *(name for name, *_ in _tables(size, now))]
    with store.database.engine.connect() as connection, _quickly(connection, tables):
        _numbers(connection, max(size.endpoints, size.artifacts, 1000))
        with connection.begin():
            _insert(connection, "artifacts", _artifact(now), "numbers a", f"a.i < {size.artifacts}")
        for table, per, columns in _tables(size, now):
            for first in range(0, size.endpoints, _CHUNK):
                last = min(first + _CHUNK, size.endpoints)
                chosen = f"e.i >= {first} AND e.i < {last} AND k.i < {per}"
                with connection.begin():
                    _insert(connection, table, columns, "numbers e CROSS JOIN numbers k", chosen)
        with connection.begin():
            connection.execute(text("DROP TABLE numbers"))
        with connection.begin():
            spread.rebuild(connection)
            finding_counts.recount(connection)
    with store.database.engine.connect() as connection:
        analyze = connection.execution_options(isolation_level="AUTOCOMMIT")
        analyze.exec_driver_sql("ANALYZE")


@contextmanager
def _quickly(connection: Connection, tables: Sequence[str]) -> Iterator[None]:
    """Leave indexes for the end, and the disk to itself: what is lost with the power is made again."""
    indexes = [index for name in tables for index in METADATA.tables[name].indexes]
    if connection.dialect.name == "sqlite":
        driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        for pragma in ("synchronous=OFF", "cache_size=-262144", "wal_autocheckpoint=20000"):
            driver.execute(f"PRAGMA {pragma}")
    else:
        connection.exec_driver_sql("SET synchronous_commit = off")
        connection.exec_driver_sql("SET maintenance_work_mem = '512MB'")
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.commit()
    dropped = [index for index in indexes if not index.unique]
    with connection.begin():
        for index in dropped:
            connection.execute(DropIndex(index))
    yield
    for index in dropped:
        with connection.begin():
            _create(connection, index)


def _create(connection: Connection, index: Index) -> None:
    connection.execute(CreateIndex(index))


def _numbers(connection: Connection, count: int) -> None:
    with connection.begin():
        connection.execute(text("CREATE TABLE numbers (i BIGINT NOT NULL PRIMARY KEY)"))
        series = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
        connection.execute(text(f"{series} INSERT INTO numbers SELECT i FROM n"), {"last": count - 1})


def _insert(connection: Connection, name: str, columns: Mapping[str, str], source: str, chosen: str) -> None:
    table = METADATA.tables[name]
    given = {column.name: columns.get(column.name) or _default(table, column.name) for column in table.columns}
    unknown = columns.keys() - given.keys()
    if unknown:
        raise ValueError(f"{name} has no {sorted(unknown)}")
    names = ", ".join(f'"{column}"' for column in given)
    statement = f"INSERT INTO {name} ({names}) SELECT {', '.join(given.values())} FROM {source} WHERE {chosen}"
    if connection.dialect.name == "sqlite":
        statement = statement.replace("AS BYTEA", "AS BLOB")
    # Past SQLAlchemy, so that no percent sign is taken for the place of a value.
    cursor = connection.connection.cursor()
    cursor.execute(f"{statement} ON CONFLICT DO NOTHING")
    cursor.close()


def _default(table: Table, name: str) -> str:
    column = table.columns[name]
    if column.nullable:
        return "NULL"
    if isinstance(column.type, LargeBinary):
        return "CAST('' AS BYTEA)"
    return "0" if isinstance(column.type, Integer) else "''"


_ENDPOINT = "substr(CAST(10000000000000000 + e.i AS TEXT), 2)"
_CHANCE = f"((e.i * 7919 + k.i * 104729) % {_PRIME})"
"""Of a thing of an endpoint: 0 to 1,000,002."""


def _digest(number: str) -> str:
    part = f"substr(CAST(10000000000000000 + {number} AS TEXT), 2)"
    return f"{part} || {part} || {part} || {part}"


def _model(size: Size) -> str:
    """Return which artifact the thing is: the cube of a chance, so that the first are on most endpoints."""
    square = f"({_CHANCE} * {_CHANCE} / {_PRIME})"
    cube = f"({square} * {_CHANCE} / {_PRIME})"
    return f"({cube} * {size.artifacts} / {_PRIME})"


def _one_of(number: str, *values: str) -> str:
    cases = " ".join(f"WHEN {at} THEN '{value}'" for at, value in enumerate(values))
    return f"CASE ({number}) % {len(values)} {cases} END"


def _artifact(now: int) -> dict[str, str]:
    return {
        "sha256": _digest("a.i"),
        "measured": "1",
        "format": _one_of("a.i", "gguf", "safetensors", "pickle", "onnx"),
        "size": "4000000000 + a.i",
        "assessment": _one_of("a.i / 3", "clean", "clean", "clean", "review", "hostile"),
        "license": _one_of("a.i / 7", "apache-2.0", "mit", "llama3", "cc-by-nc-4.0"),
        "commercial": _one_of("a.i / 7", "yes", "yes", "conditions", "prohibited"),
        "told_by": "'0000000000000000'",
        "first_at": f"{now - 30 * DAY} + a.i * 1000",
        "last_at": f"{now} - (a.i * 7919 % {_PRIME}) * 1000",
    }


def _tables(size: Size, now: int) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Yield table, rows of each endpoint, and an expression for each column that is not empty."""
    at = f"{now} - {_CHANCE} * 2000"
    model = _model(size)
    place = f"'/home/ada/.cache/models/' || {model} || '/model-' || k.i || '.gguf'"
    times = {"first_at": f"{now - 30 * DAY}", "last_at": at}
    own = {"endpoint_id": _ENDPOINT}
    yield (
        "endpoints",
        1,
        own
        | {
            "public_key": "CAST('key' AS BYTEA)",
            "ledger_key": "'key'",
            "state": "CASE WHEN e.i % 1000 = 999 THEN 'cloned_or_rewritten' ELSE 'active' END",
            "name": "'laptop-' || e.i",
            "platform": _one_of("e.i", "Linux", "macOS", "Windows"),
            "owner": "'person-' || (e.i / 2) || '@example.com'",
            "group_name": _one_of("e.i", "research", "sales", "plant", ""),
            "labels": "'{}'",
            "enrolled_at": f"{now - 30 * DAY} + e.i",
            "changed_at": f"{now - 30 * DAY} + e.i",
        },
    )
    yield (
        "endpoint_presence",
        1,
        own
        | {
            "last_seen_at": f"{now} - ({_CHANCE} % 600000)",
            "network": _one_of("e.i", "corporate", "online", "offline"),
            "policy_version": "'1'",
            "sensor": "'0.1.0'",
        },
    )
    yield (
        "ledger_copies",
        1,
        own
        | {
            "key": "'key'",
            "size": f"{size.records} + e.i % 1000",
            "cosigned": f"{size.records} + e.i % 1000",
            "changed_at": f"{now} - ({_CHANCE} % 600000)",
        },
    )
    yield (
        "sightings",
        size.sightings,
        own
        | times
        | {
            "artifact": _digest(model),
            "sha256": _digest(model),
            "measured": "1",
            "count": "1 + k.i % 3",
            "places": "CASE WHEN k.i % 10 = 9 THEN 0 ELSE 1 END",
            "path": place,
        },
    )
    yield (
        "verdicts",
        size.verdicts,
        own
        | {
            "artifact": _digest(model),
            "sha256": _digest(model),
            "decision": _one_of(model, "warn", "deny", "pending", *["allow"] * 7),
            "policy": "'balanced 1'",
            "rules": "'[\"license-of-weights\"]'",
            "at": at,
        },
    )
    yield (
        "findings",
        size.findings,
        own
        | times
        | {
            "finding_id": "substr(CAST(10000000000000000 + k.i AS TEXT), 2)",
            "source": "'endpoint'",
            "about": "'artifact'",
            "check_id": _one_of("k.i + e.i", "pickle-import", "license-unknown", "secret-in-config", "old-runtime"),
            "severity": _one_of("k.i + e.i", "info", "low", "medium", "high", "critical"),
            "severity_rank": "(k.i + e.i) % 5",
            "confidence": "'high'",
            "message": "'Loading this file runs code that it brings along: os.system'",
            "artifact": _digest(model),
            "path": place,
            "ended_at": f"CASE WHEN k.i % 5 = 4 THEN {now} ELSE NULL END",
        },
    )
    yield (
        "processes",
        size.processes,
        own
        | times
        | {
            "subject": "substr(CAST(10000000000000000 + k.i AS TEXT), 2)",
            "pid": "1000 + k.i",
            "name": "'ollama'",
            "executable": "'/usr/bin/ollama'",
            "user": "'ada'",
            "runtime": _one_of("k.i", "ollama", "llama_cpp", "vllm", "lm_studio"),
            "actor": _one_of("k.i", "human", "agent"),
            "agent": _one_of("k.i", "", "claude-code"),
            "network": "'online'",
            "decision": "'allow'",
            "ended_at": f"CASE WHEN k.i < 2 THEN NULL ELSE {now} END",
        },
    )
    yield (
        "process_weights",
        size.processes,
        own
        | {
            "subject": "substr(CAST(10000000000000000 + k.i AS TEXT), 2)",
            "sha256": _digest(model),
            "measured": "1",
            "name": "'model'",
            "path": place,
            "first_at": at,
        },
    )
    yield (
        "usage",
        size.processes,
        own
        | {
            "day": f"{now // DAY} - k.i",
            "sha256": _digest(model),
            "runtime": "'ollama'",
            "actor": "'human'",
            "network": "'online'",
            "processes": "1 + k.i % 7",
        },
    )
    yield (
        "inventory",
        size.things,
        own
        | times
        | {
            "subject": "substr(CAST(10000000000000000 + k.i AS TEXT), 2)",
            "kind": _one_of(
                "k.i", "sighting", "artifact", "verdict", "sighting", "artifact", "verdict", "agent", "process"
            ),
            "name": _one_of("e.i + k.i", "claude-code", "codex", "cursor", "github", "filesystem", "gguf"),
            "artifact": _digest(model),
            "path": place,
            "ended_at": f"CASE WHEN k.i % 11 = 10 THEN {now} ELSE NULL END",
            "part": "CAST('part' AS BYTEA)",
            "data": 'CAST(\'{"what":"agent","name":"claude-code","version":"1.0"}\' AS BYTEA)',
        },
    )
    agent = _one_of("e.i / 3 + k.i", "claude_code", "codex", "cursor", "goose", "amp", "aider", "zed", "warp")
    yield (
        "agents",
        size.agents,
        own
        | times
        | {
            "agent": agent,
            "version": "'2.' || (e.i % 40)",
            "installed": "1",
            "alone": "CASE WHEN e.i % 5 = 0 THEN 1 ELSE 0 END",
            "outside": "(e.i + k.i) % 3",
            "repositories": "e.i % 2",
            "credentials": "CASE WHEN e.i % 7 = 0 THEN 2 ELSE 0 END",
            "tool_servers": "k.i",
            "skills": "1",
        },
    )
    yield (
        "agent_reach",
        size.agents,
        own
        | {
            "agent": agent,
            "kind": _one_of("k.i", "tool server", "skill", "provider"),
            "name": "'name-' || (e.i % 300)",
        },
    )
    yield (
        "records",
        size.records,
        own
        | {
            "record_index": "k.i",
            "kind": _one_of("k.i", "process", "process-end", "verdict", "sighting", "heartbeat"),
            "at": at,
            "received_at": at,
            "network": "'online'",
            "entry": 'CAST(\'{"kind":"process"}\' AS BYTEA)',
        },
    )
    yield (
        "audit_entries",
        1,
        {
            "entry_id": "substr(CAST(1000000000000 + e.i AS TEXT), 2)",
            "at": f"{now - 30 * DAY} + e.i * 1000",
            "account_name": "'ada'",
            "action": "'finding.triage'",
            "subject": _ENDPOINT,
            "detail": "'{}'",
        },
    )
    yield (
        "triage",
        1,
        own
        | {
            "finding_id": "substr(CAST(10000000000000000 + k.i AS TEXT), 2)",
            "state": _one_of("e.i", "acknowledged", "accepted"),
            "reason": "'known'",
            "by_name": "'ada'",
            "at": at,
            "change_id": "'1'",
        },
    )
