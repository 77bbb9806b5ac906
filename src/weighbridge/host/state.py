"""The state folder: small databases that survive kill -9, a second process and their own corruption.

What is kept here is a memory that can be rebuilt, so trouble with it never stops a scan: a corrupt file is replaced,
and where nothing can be kept the database lives in memory for this run.
"""

import os
import sqlite3
from collections.abc import Iterable, Sequence

Value = bytes | int | str | float | None
_WAIT_SECONDS = 0.5
"""How long a second process that writes is waited for."""


class StateError(Exception):
    """The database could not be read or written just now (locked by another process, disk full, corrupt)."""


class StateDatabase:
    """One SQLite database. `trouble` says why it does not persist, if so; every call may raise `StateError`.

    Args:
        path: file, or None for a database that lives as long as this object.
        schema: statements that make its tables, all of them `IF NOT EXISTS`.
    """

    def __init__(self, path: bytes | None, schema: Sequence[str]) -> None:
        self.trouble: str | None = None
        self._path = path
        self._connection = self._opened(path, schema)

    def query(self, statement: str, parameters: Sequence[Value] = ()) -> list[tuple[Value, ...]]:
        """Return all rows of a SELECT."""
        try:
            return self._connection.execute(statement, parameters).fetchall()
        except sqlite3.Error as error:
            raise StateError(str(error)) from error

    def write(self, statement: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for each row, all or none, and make it durable."""
        try:
            with self._connection:
                self._connection.executemany(statement, rows)
        except sqlite3.Error as error:
            raise StateError(str(error)) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _opened(self, path: bytes | None, schema: Sequence[str]) -> sqlite3.Connection:
        if path is None:
            return _connect(":memory:", schema)
        try:
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            return _connect(os.fsdecode(path), schema)
        except sqlite3.OperationalError as error:  # locked, read-only, no space: leave it alone
            self.trouble = str(error)
        except sqlite3.DatabaseError:
            return self._replaced(path, schema)
        except OSError as error:
            self.trouble = error.strerror or str(error)
        return _connect(":memory:", schema)

    def _replaced(self, path: bytes, schema: Sequence[str]) -> sqlite3.Connection:
        """Start anew over a file that is no database; it held nothing that a scan cannot find again."""
        try:
            for suffix in (b"", b"-wal", b"-shm"):
                if os.path.lexists(path + suffix):
                    os.unlink(path + suffix)
            return _connect(os.fsdecode(path), schema)
        except (sqlite3.Error, OSError) as error:
            self.trouble = str(error)
            return _connect(":memory:", schema)


def _connect(name: str, schema: Sequence[str]) -> sqlite3.Connection:
    connection = sqlite3.connect(name, timeout=_WAIT_SECONDS, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA trusted_schema=OFF")
        for statement in schema:
            connection.execute(statement)
        connection.commit()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def write_atomically(path: bytes, content: bytes) -> None:
    """Replace the file at `path` by `content`, all or nothing, durable. Raises OSError."""
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    temporary = path + b".%d.new" % os.getpid()
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        with open(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, path)
    except OSError:
        os.unlink(temporary)
        raise
