"""The one door to the database. `Store.open(url)`; a job is a function of a connection, done whole or not at all.

    acknowledged = await store.write(lambda connection: records.append(connection, batch))

A write returns when the database has committed. A job may be run again, where a commit that it shared failed or
PostgreSQL gave up a transaction: it must do nothing but what it does to its connection, and may not keep that.
What a job raises goes to who asked, and nothing of that job is stored.

Source: sqlite.org, "Write-Ahead Logging"; PostgreSQL documentation, chapter 13 "Concurrency Control".
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from weighbridge.model.errors import WeighbridgeError

T = TypeVar("T")
Job = Callable[[Connection], T]

READERS = 4
"""Reads at the same time."""


class Database(Protocol):
    """What a store stands on: `store_sqlite.Sqlite` or `store_postgresql.Postgresql`."""

    engine: Engine
    """For migrations, which are alone with the database."""

    @property
    def waiting(self) -> int:
        """Writes that are not done yet."""
        ...

    def submit(self, job: Job[T]) -> "Future[T]":
        """Take a write; its future holds the result once it is committed."""
        ...

    def read(self, job: Job[T]) -> T:
        """Run `job` on a snapshot that it cannot change."""
        ...

    def close(self) -> None:
        """Finish what was taken, take no more, and let go of the database."""
        ...


class Store:
    """The database of a fleet. Safe to use from any thread and any event loop.

    Args:
        database: what it stands on.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="store-read")

    @classmethod
    def open(cls, url: str) -> "Store":
        """Open a database.

        Args:
            url: `sqlite:///path/to/file` (four slashes for a path from the root), or `postgresql://user@host/name`.

        Raises:
            WeighbridgeError: `E-store-url`, `E-store-open`.
        """
        address = parsed(url)
        # One of the two, and its driver, is all that a server needs to load.
        if address.get_backend_name() == "sqlite":
            from weighbridge.fleet.store_sqlite import Sqlite

            return cls(Sqlite(address))
        from weighbridge.fleet.store_postgresql import Postgresql

        return cls(Postgresql(address))

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.database.engine.dialect.name

    @property
    def waiting(self) -> int:
        """Writes that are not committed yet: what new ones wait behind."""
        return self.database.waiting

    async def write(self, job: Job[T]) -> T:
        """Run `job` in a transaction and return its result once that is committed.

        Raises:
            WeighbridgeError: `E-store-busy`, `E-store-write`.
        """
        return await asyncio.wrap_future(self.database.submit(job))

    async def read(self, job: Job[T]) -> T:
        """Run `job` in a thread, on a snapshot that it cannot change. Raises `E-store-read`."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.database.read, job)

    def write_now(self, job: Job[T]) -> T:
        """Like `write`, for callers without an event loop."""
        return self.database.submit(job).result()

    def read_now(self, job: Job[T]) -> T:
        """Like `read`, for callers without an event loop."""
        return self.database.read(job)

    def close(self) -> None:
        """Finish the writes that were taken, and let go of the database. A second call does nothing."""
        self._threads.shutdown()
        self.database.close()


def parsed(url: str) -> URL:
    """Return the parts of a database's address. Raises `E-store-url`."""
    try:
        address = make_url(url)
    except ArgumentError:
        address = None
    if address is None or address.drivername not in ("sqlite", "postgresql"):
        raise WeighbridgeError(
            "E-store-url",
            f"no database address: {hidden(url)}",
            "write sqlite:///PATH for a file, or postgresql://USER@HOST/NAME",
        )
    if address.drivername == "sqlite" and (address.database in (None, "", ":memory:") or address.host):
        raise WeighbridgeError(
            "E-store-url",
            f"no file is named in {hidden(url)}",
            "three slashes and a path from here, or four slashes and a path from the root: sqlite:////var/lib/fleet.db",
        )
    return address


def hidden(url: str) -> str:
    """Return an address without its password, for messages."""
    head, at, tail = url.rpartition("@")
    if not at:
        return url
    scheme, slashes, who = head.partition("://")
    return f"{scheme}{slashes}{who.partition(':')[0]}@{tail}"
