"""What a hub stands on, failing at one chosen step: its process, its power, its disk, its bucket, its database.

A step is whatever changes something that outlives the process. Before one of them the process ends (`KILLED`), or the
power fails, so that what no one waited for is lost (`POWER`); in the midst of it the process ends (`TORN`); it is
refused (`EIO`, `ENOSPC`, `EDQUOT`); or it is done, and nobody is told so (`LOST`). Source: fsync(2), rename(2) of
POSIX.1-2024 for what a loss of power leaves.
"""

import errno
import os
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import obstore
from obstore.exceptions import GenericError

from weighbridge.fleet.store import Database
from weighbridge.fleet.store_errors import cannot_write
from weighbridge.host import growing_file
from weighbridge.hub import bucket_bytes, folder_bytes

KILLED, TORN, POWER, LOST = "killed", "torn", "power", "lost"
REFUSALS = ("EIO", "ENOSPC", "EDQUOT")
ENDS = (KILLED, TORN, POWER)
"""After which nothing more is done by the process that was at it."""


class DeadError(BaseException):
    """The process is no more."""


class Steps:
    """Counts steps, and fails at one."""

    def __init__(self) -> None:
        self.count = self.at = 0
        self.how = self.where = ""
        self.is_dead = False
        self._lock = threading.Lock()

    def fail(self, at: int, how: str) -> None:
        """Fail at a step, counted from now."""
        self.count, self.at, self.how, self.where = 0, at, how, ""

    def go_on(self) -> None:
        """Fail no more: a new process begins."""
        self.at, self.is_dead = 0, False

    def due(self, name: str) -> str:
        """Return how the next step fails; empty if it does not."""
        with self._lock:
            self.alive()
            self.count += 1
            if self.count != self.at:
                return ""
            self.where, self.is_dead = name, self.how in ENDS
            return self.how

    def alive(self) -> None:
        """Raise DeadError after the end."""
        if self.is_dead:
            raise DeadError

    def do(self, name: str, job: Callable[[], Any], part: Callable[[], Any] | None = None) -> Any:
        """Do a step. `part`: what is left of it when it is torn."""
        how = self.due(name)
        if how in REFUSALS:
            raise OSError(getattr(errno, how), os.strerror(getattr(errno, how)))
        if how not in (KILLED, POWER):
            done = (part or job)() if how == TORN else job()
        self.alive()
        if how == LOST:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return done

    async def wait(self, name: str, job: Callable[[], Awaitable[Any]]) -> Any:
        """Do a step of a bucket."""
        how = self.due(name)
        if how in REFUSALS:
            raise GenericError(f"the bucket answered 503 ({how})")
        if how not in (KILLED, POWER):
            done = await job()
        self.alive()
        if how == LOST:
            raise GenericError("the bucket did not answer")
        return done


class _Os:
    """Module `os`, and what of the disk would survive a loss of power."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.open_files: dict[int, str] = {}
        self.flushed: dict[str, int] = {}
        self.renamed: list[tuple[str, str]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def open(self, path: str, flags: int, mode: int = 0o777) -> int:
        found = (
            self.steps.do("open", lambda: os.open(path, flags, mode)) if flags & os.O_CREAT else os.open(path, flags)
        )
        self.open_files[found] = path
        if flags & os.O_CREAT:
            self.flushed.setdefault(path, os.fstat(found).st_size)
        return found

    def write(self, descriptor: int, content: memoryview) -> int:
        half = content[: len(content) // 2]
        return self.steps.do("write", lambda: os.write(descriptor, content), lambda: os.write(descriptor, half))

    def mkdir(self, path: str, mode: int = 0o777) -> None:
        self.steps.do("mkdir", lambda: os.mkdir(path, mode))

    def replace(self, before: str, after: str) -> None:
        def job() -> None:
            os.replace(before, after)
            self.flushed[after] = self.flushed.pop(before, 0)
            self.renamed.append((before, after))

        self.steps.do("replace", job)

    def fsync(self, descriptor: int) -> None:
        folder = self.open_files[descriptor]

        def job() -> None:
            self.renamed = [one for one in self.renamed if os.path.dirname(one[1]) != folder]

        self.steps.do("fsync of a folder", job)

    def flush(self, descriptor: int) -> None:
        path = self.open_files[descriptor]
        self.steps.do("flush", lambda: self.flushed.update({path: os.fstat(descriptor).st_size}))

    def cut(self, chance: Random) -> None:
        """Leave what the disk may hold after a loss of power: of what nobody waited for, any part."""
        for before, after in reversed(self.renamed):
            if chance.random() < 0.7 and os.path.exists(after):
                os.replace(after, before)
                self.flushed[before] = self.flushed.pop(after, 0)
        for path, size in self.flushed.items():
            with suppress(FileNotFoundError):
                os.truncate(path, chance.randint(min(size, os.path.getsize(path)), os.path.getsize(path)))
        self.renamed.clear()


class _Bucket:
    """Module `obstore`."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps

    def __getattr__(self, name: str) -> Any:
        return getattr(obstore, name)

    def delete(self, *arguments: Any) -> None:
        self.steps.do("delete", lambda: obstore.delete(*arguments))

    async def delete_async(self, *arguments: Any) -> None:
        await self.steps.wait("delete", lambda: obstore.delete_async(*arguments))

    async def put_async(self, *arguments: Any) -> None:
        await self.steps.wait("put", lambda: obstore.put_async(*arguments))

    async def rename_async(self, store: Any, before: str, after: str) -> None:
        # A bucket cannot rename: it copies, then removes.
        await self.steps.wait("copy", lambda: obstore.copy_async(store, before, after))
        await self.delete_async(store, before)

    async def get_range_async(self, *arguments: Any, **more: Any) -> Any:
        return await self.steps.wait("get", lambda: obstore.get_range_async(*arguments, **more))

    def open_writer_async(self, *arguments: Any, **more: Any) -> "_Writer":
        return _Writer(self.steps, obstore.open_writer_async(*arguments, **more))


class _Writer:
    def __init__(self, steps: Steps, writer: Any) -> None:
        self._steps, self._writer = steps, writer

    async def write(self, content: Any) -> None:
        await self._steps.wait("part", lambda: self._writer.write(content))

    async def close(self) -> None:
        await self._steps.wait("close", self._writer.close)


class FaultyDatabase:
    """A database whose writes are steps; after the end of the process it answers nothing."""

    def __init__(self, database: Database, steps: Steps) -> None:
        self._database, self._steps = database, steps

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    def submit(self, job: Callable[..., Any]) -> "Future[Any]":
        """Take a write."""
        how = self._steps.due("database")
        if how in (KILLED, POWER):
            raise DeadError
        if how in REFUSALS:
            raise cannot_write(OSError(how))
        future = self._database.submit(job)
        if how:
            with suppress(Exception):
                future.result(60)
            self._steps.alive()
            raise cannot_write(OSError("the connection was lost"))
        return future

    def read(self, job: Callable[..., Any]) -> Any:
        """Read."""
        self._steps.alive()
        return self._database.read(job)


class Ground:
    """What a hub stands on in a test: its steps, and its disk."""

    def __init__(self, monkeypatch: Any) -> None:
        self.steps = Steps()
        self.disk, bucket = _Os(self.steps), _Bucket(self.steps)
        monkeypatch.setattr(growing_file, "os", self.disk)
        monkeypatch.setattr(growing_file, "flush", self.disk.flush)
        monkeypatch.setattr(folder_bytes, "obstore", bucket)
        monkeypatch.setattr(bucket_bytes, "obstore", bucket)

    def end(self, seed: int) -> None:
        """Let the process that failed be gone, with what its disk did not hold yet."""
        if self.steps.is_dead and self.steps.how == POWER:
            self.disk.cut(Random(seed))
        self.steps.go_on()


def below(folder: Path) -> list[Path]:
    """Return the files below a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]
