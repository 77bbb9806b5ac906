"""The store in one SQLite file: one thread writes, and commits together what came while it was busy (group commit).

A wait for the disk costs the same for one write and for fifty, so under load the cost of a write falls. Where a job of
a group fails, the group is done again with a savepoint for each, so that it takes nothing of the others with it. Where
the commit itself fails, every job is done again alone, so that only those fail that must.

Source: sqlite.org, "Write-Ahead Logging", "SAVEPOINT", "PRAGMA synchronous" (FULL: a commit in WAL mode survives a loss
of power). SQLAlchemy, "SQLite: Serializable isolation / Savepoints / Transactional DDL" for how transactions begin.
"""

import os
import sqlite3
import threading
import time
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool, PoolProxiedConnection

from weighbridge.fleet.store import READERS, Job
from weighbridge.fleet.store_errors import cannot_open, cannot_read, cannot_write, closed, too_busy
from weighbridge.host.private_file import make_private

T = TypeVar("T")

_GROUP = 64
"""Writes in one commit at most."""
_MOST_WAITING = 4096
"""Writes that may wait; more would only be answered after their callers had given up."""
_WAIT_SECONDS = 10
"""How long another process that writes is waited for."""
_READ_SECONDS = 30.0
_STEPS = 100_000
"""Steps of SQLite's machine between two looks at the clock."""


class _Taken(NamedTuple):
    job: Job[Any]
    future: "Future[Any]"


class Sqlite:
    """A SQLite file in write-ahead mode.

    Args:
        address: `sqlite:///path`.

    Raises:
        WeighbridgeError: `E-store-open`.
    """

    def __init__(self, address: URL) -> None:
        self.engine = _engine(address, writes=True)
        self._readers = _engine(address, writes=False)
        try:
            make_private(os.fsencode(address.database or ""))
            self._connection: Connection | None = self.engine.connect()
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            self.engine.dispose()
            raise cannot_open(address.database or "", error) from error
        self._queue: SimpleQueue[_Taken | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._open = True
        self._undone = 0
        self._thread = threading.Thread(target=self._run, name="store-write", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Writes that are not done yet."""
        return self._undone

    def submit(self, job: Job[T]) -> "Future[T]":
        """Queue a write; its future holds the result once it is committed."""
        future: Future[T] = Future()
        with self._gate:
            if not self._open:
                raise closed()
            if self._undone >= _MOST_WAITING:
                raise too_busy(self._undone)
            self._undone += 1
            future.add_done_callback(self._done)
            self._queue.put(_Taken(job, future))
        return future

    def read(self, job: Job[T]) -> T:
        """Run `job` on a snapshot that it cannot change."""
        try:
            with self._readers.connect() as connection, connection.begin():
                return job(connection)
        except (OperationalError, PoolTimeout) as error:
            raise cannot_read(error) from error

    def close(self) -> None:
        """Finish what was taken, then close the file."""
        with self._gate:
            if not self._open:
                return
            self._open = False
            self._queue.put(None)
        self._thread.join()
        self._drop()
        self.engine.dispose()
        self._readers.dispose()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            group = [first]
            last = False
            while len(group) < _GROUP and not last:
                try:
                    following = self._queue.get_nowait()
                except Empty:
                    break
                if following is None:
                    last = True
                else:
                    group.append(following)
            self._do([one for one in group if one.future.set_running_or_notify_cancel()])
            if last:
                return

    def _done(self, _: object) -> None:
        with self._gate:
            self._undone -= 1

    def _do(self, group: list[_Taken]) -> None:
        try:
            outcomes = self._commit(group) if group else []
        except SQLAlchemyError as error:
            # After a failed commit nobody knows what the connection holds.
            self._drop()
            if len(group) == 1:
                group[0].future.set_exception(cannot_write(error))
                return
            for one in group:
                self._do([one])
            return
        for (value, failure), one in zip(outcomes, group, strict=True):
            if failure is None:
                one.future.set_result(value)
            else:
                one.future.set_exception(failure)

    def _commit(self, group: list[_Taken]) -> list[tuple[Any, BaseException | None]]:
        """Run every job and commit. Raises SQLAlchemyError if the database cannot go on."""
        connection = self._connection = self._connection or self.engine.connect()
        failure: BaseException | None = None
        with connection.begin() as transaction:
            try:
                outcomes = [(one.job(connection), None) for one in group]
            except BaseException as error:  # whatever a job raises is its caller's, not the thread's
                if _ends_the_transaction(error):
                    raise
                failure = error
                transaction.rollback()
        if failure is None:
            return [*outcomes]
        # Savepoints cost as much as some statements, and jobs hardly ever fail: only now.
        return [(None, failure)] if len(group) == 1 else _commit_apart(connection, group)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def _commit_apart(connection: Connection, group: list[_Taken]) -> list[tuple[Any, BaseException | None]]:
    """Run every job in a savepoint and commit. Raises SQLAlchemyError if the database cannot go on."""
    outcomes: list[tuple[Any, BaseException | None]] = []
    with connection.begin():
        for one in group:
            savepoint = connection.begin_nested()
            try:
                value = one.job(connection)
                savepoint.commit()
            except BaseException as error:  # as above
                if _ends_the_transaction(error):
                    raise
                savepoint.rollback()
                outcomes.append((None, error))
            else:
                outcomes.append((value, None))
    return outcomes


def _ends_the_transaction(error: BaseException) -> bool:
    """Tell whether an error is the database's own trouble (disk full, locked, damaged), not what a job asked for."""
    return isinstance(error, DatabaseError) and not isinstance(error, IntegrityError) and _is_trouble(error.orig)


_TROUBLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_READONLY,
}


def _is_trouble(error: BaseException | None) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _TROUBLE


def _engine(address: URL, *, writes: bool) -> Engine:
    connect = {"timeout": _WAIT_SECONDS, "check_same_thread": False}
    # The writing thread keeps its connection; migrations take one of their own.
    pool: dict[str, Any] = {"poolclass": NullPool} if writes else {"pool_size": READERS, "max_overflow": READERS}
    engine = create_engine(address, connect_args=connect, hide_parameters=True, **pool)
    prepare = ["PRAGMA trusted_schema=OFF", "PRAGMA foreign_keys=ON", "PRAGMA cache_size=-16000"]
    if writes:
        prepare += ["PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA journal_size_limit=67108864"]
    else:
        prepare += ["PRAGMA query_only=ON"]

    def prepared(connection: sqlite3.Connection, _: object) -> None:
        # The driver would begin transactions of its own, and end them at a savepoint.
        connection.isolation_level = None
        for statement in prepare:
            connection.execute(statement)

    def begin(connection: PoolProxiedConnection) -> None:
        if not writes:
            _limit(connection)
        connection.cursor().execute("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", prepared)
    # A listener to the beginning would do, too, but with one every statement looks for listeners of its own.
    engine.dialect.do_begin = begin  # type: ignore[method-assign, assignment]
    return engine


def _limit(connection: PoolProxiedConnection) -> None:
    """Have a read end with an error when it takes too long."""
    end = time.monotonic() + _READ_SECONDS
    driver: Any = connection.driver_connection
    driver.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
