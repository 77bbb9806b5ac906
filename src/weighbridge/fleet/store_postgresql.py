"""The store in PostgreSQL: a pool of connections, a transaction for each job, any number of servers beside this one.

Source: PostgreSQL documentation, appendix A "Error Codes" (40001 serialization failure, 40P01 deadlock, 23505 unique
violation: try again; 25006 read-only transaction), section 34.1.2 for the parameters of a connection; several hosts in
an address find the primary that is writable.
"""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from weighbridge.fleet.store import READERS, Job
from weighbridge.fleet.store_errors import cannot_open, cannot_read, cannot_write, closed, too_busy

T = TypeVar("T")

_WRITERS = 8
_MOST_WAITING = 4096
_TRIES = 4
_AGAIN = {"40001", "40P01"}
_IS_THERE = "23505"
"""Somebody else wrote the same key first. A job that looked for it in vain before will find it the next time."""
_NO_PRIMARY = "25006"
"""The node only reads: it was the primary when the connection was made, and is not any more."""
_LIMITS = {"statement_timeout": "30s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s"}


class Postgresql:
    """A PostgreSQL database through psycopg.

    Args:
        address: `postgresql://user:password@host/name`, with libpq's parameters after a question mark.

    Raises:
        WeighbridgeError: `E-store-open`.
    """

    def __init__(self, address: URL) -> None:
        driver = address.set(drivername="postgresql+psycopg")
        limits = " ".join(f"-c {name}={value}" for name, value in _LIMITS.items())
        given = driver.query.get("options", "")
        options = f"{limits} {given if isinstance(given, str) else ' '.join(given)}".strip()
        self.engine = create_engine(
            driver.difference_update_query(["options"]),
            pool_size=_WRITERS + READERS,
            max_overflow=0,
            hide_parameters=True,
            connect_args={"connect_timeout": 10, "application_name": "weighbridge", "options": options},
        )
        self._snapshots = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        try:
            self.engine.connect().close()
        except SQLAlchemyError as error:
            self.engine.dispose()
            raise cannot_open(address.render_as_string(hide_password=True), error) from error
        self._threads = ThreadPoolExecutor(_WRITERS, thread_name_prefix="store-write")
        self._gate = threading.Lock()
        self._open = True
        self._undone = 0

    @property
    def waiting(self) -> int:
        """Writes that are not done yet."""
        return self._undone

    def submit(self, job: Job[T]) -> "Future[T]":
        """Start a write; its future holds the result once it is committed."""
        with self._gate:
            if not self._open:
                raise closed()
            if self._undone >= _MOST_WAITING:
                raise too_busy(self._undone)
            self._undone += 1
            future = self._threads.submit(self._write, job)
        future.add_done_callback(self._done)
        return future

    def read(self, job: Job[T]) -> T:
        """Run `job` on a snapshot that it cannot change."""
        for attempt in range(1, _TRIES + 1):
            try:
                with self._snapshots.connect() as connection, connection.begin():
                    return job(connection)
            except (OperationalError, InterfaceError, PoolTimeout) as error:
                if attempt == _TRIES or not _was_cut(error):
                    raise cannot_read(error) from error
        raise AssertionError("the last try returns or raises")

    def close(self) -> None:
        """Finish what was taken, then close the connections."""
        with self._gate:
            if not self._open:
                return
            self._open = False
        self._threads.shutdown()
        self.engine.dispose()

    def _done(self, _: object) -> None:
        with self._gate:
            self._undone -= 1

    def _write(self, job: Job[T]) -> T:
        for attempt in range(1, _TRIES + 1):
            commits = False
            try:
                with self.engine.begin() as connection:
                    value = job(connection)
                    commits = True
                return value
            except IntegrityError as error:
                if attempt > 1 or getattr(error.orig, "sqlstate", None) != _IS_THERE:
                    raise
            except OperationalError as error:
                again = getattr(error.orig, "sqlstate", None) in _AGAIN or (not commits and _was_cut(error))
                if attempt == _TRIES or not again:
                    raise cannot_write(error) from error
            except (InterfaceError, InternalError, PoolTimeout) as error:
                if getattr(getattr(error, "orig", None), "sqlstate", None) == _NO_PRIMARY:
                    self.engine.dispose()  # another node leads by now; new connections find it
                raise cannot_write(error) from error
        raise AssertionError("the last try returns or raises")


def _was_cut(error: SQLAlchemyError) -> bool:
    """Tell whether a connection of the pool had ended, so that another one may do.

    Before it is asked to commit, nothing of a transaction stays. So connections need not be tried each time that the
    pool hands one out, which would be one more answer to wait for in every message.
    """
    return isinstance(error, DBAPIError) and error.connection_invalidated
