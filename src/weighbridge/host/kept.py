"""A small database of what a person put in: never replaced, never made anew over a damaged file.

The opposite of `host/state.py`, whose memories can be rebuilt. The file is opened for each call: looking makes no file
and works in a folder that cannot be written, writing waits for another process and is all or nothing.
Source: sqlite.org, "Atomic Commit In SQLite" and "URI filenames" (`mode`, `immutable`).
"""

import os
import sqlite3
from collections.abc import Iterable, Sequence
from urllib.parse import quote_from_bytes

from weighbridge.host.state import StateError, Value

_WAIT_SECONDS = 10.0
_LOGS = (b"-wal", b"-journal")


class DamagedError(StateError):
    """The file is no database, or a broken one. It was left as it is."""


class KeptDatabase:
    """One SQLite database. Every call may raise `StateError`, and `DamagedError` for a file that cannot be trusted.

    Args:
        path: its file, or None for a database that lives as long as this object.
        schema: statements that make its tables, all of them `IF NOT EXISTS`.
    """

    def __init__(self, path: bytes | None, schema: Sequence[str]) -> None:
        self._schema = schema
        self._held = path if path is not None else _prepared(":memory:", schema)

    def query(self, statement: str, parameters: Sequence[Value] = ()) -> list[tuple[Value, ...]]:
        """Return all rows of a SELECT; none if nothing was ever kept."""
        try:
            if not isinstance(self._held, bytes):
                return self._held.execute(statement, parameters).fetchall()
            return [] if os.stat(self._held).st_size == 0 else _read(self._held, statement, parameters)
        except FileNotFoundError:
            return []
        except (sqlite3.Error, OSError) as error:
            raise _trouble(error) from error

    def write(self, statement: str, rows: Iterable[Sequence[Value]]) -> int:
        """Run one statement for each row, all or none, durably; return how many rows changed."""
        try:
            if not isinstance(self._held, bytes):
                return _written(self._held, statement, rows)
            os.makedirs(os.path.dirname(self._held), mode=0o700, exist_ok=True)
            # Only this user may read it, whatever the folder allows.
            os.close(os.open(self._held, os.O_WRONLY | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600))
            connection = _prepared(_address(self._held, "rwc"), self._schema)
            try:
                return _written(connection, statement, rows)
            finally:
                connection.close()
        except (sqlite3.Error, OSError) as error:
            raise _trouble(error) from error


_UNWRITABLE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _trouble(error: sqlite3.Error | OSError) -> StateError:
    if isinstance(error, OSError):
        return StateError((error.strerror or str(error)).lower())
    return (DamagedError if _code(error) in _BROKEN else StateError)(str(error))


def _address(path: bytes, mode: str) -> str:
    absolute = os.path.abspath(path).replace(b"\\", b"/") if os.sep == "\\" else os.path.abspath(path)
    start = "file://" if absolute.startswith(b"/") else "file:///"
    return f"{start}{quote_from_bytes(absolute, safe=b'/:')}?mode={mode}"


def _read(path: bytes, statement: str, parameters: Sequence[Value]) -> list[tuple[Value, ...]]:
    try:
        return _rows(_address(path, "rw"), statement, parameters)
    except sqlite3.OperationalError as error:
        # A file in write-ahead mode needs another beside it; where none is and none can be, the file alone is all.
        if _code(error) not in _UNWRITABLE or any(os.path.lexists(path + ending) for ending in _LOGS):
            raise
        return _rows(_address(path, "ro") + "&immutable=1", statement, parameters)


def _rows(address: str, statement: str, parameters: Sequence[Value]) -> list[tuple[Value, ...]]:
    connection = sqlite3.connect(address, timeout=_WAIT_SECONDS, uri=True)
    try:
        connection.execute("PRAGMA trusted_schema=OFF")
        return connection.execute(statement, parameters).fetchall()
    finally:
        connection.close()


def _prepared(address: str, schema: Sequence[str]) -> sqlite3.Connection:
    connection = sqlite3.connect(address, timeout=_WAIT_SECONDS, uri=address != ":memory:", check_same_thread=False)
    try:
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA synchronous=FULL")
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise DamagedError(str(found)[:200])
        for statement in schema:
            connection.execute(statement)
    except (sqlite3.Error, StateError):
        connection.close()
        raise
    return connection


def _written(connection: sqlite3.Connection, statement: str, rows: Iterable[Sequence[Value]]) -> int:
    with connection:
        return connection.executemany(statement, rows).rowcount
