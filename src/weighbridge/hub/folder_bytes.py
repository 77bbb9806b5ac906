"""Bytes in a folder of this machine: durable when they are acknowledged, read without a thread where that is possible.

Source: documentation of obstore, "LocalStore"; what it leaves to its caller is done by `host`: waiting for the disk,
adding to a file, and reading what is in memory anyway.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import obstore
from obstore.store import LocalStore

from weighbridge.host.file_piece import piece, piece_at_hand
from weighbridge.host.growing_file import GrowingFile, move_durably
from weighbridge.hub.byte_store import INCOMING, Stored, objects

T = TypeVar("T")
_AT_HAND = 1 << 18
"""Bytes that are copied from memory at a time: some dozen microseconds in which nobody else is answered."""
_THREADS = 8
"""Reads and writes that wait for the disk at the same time."""


class FolderBytes:
    """A place for bytes.

    Args:
        store: its folder.
    """

    piece = 1 << 20

    def __init__(self, store: LocalStore) -> None:
        self._store = store
        self._root = str(store.prefix)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="blobs")
        self._buffer = memoryview(bytearray(_AT_HAND))

    async def growing(self, name: str) -> "_GrowingFile":
        """Return what came in under a name so far. Raises `BusyError`, OSError."""
        opening = self.begin(lambda: GrowingFile(self.path(f"{INCOMING}/{name}")))
        try:
            return _GrowingFile(self, await asyncio.wrap_future(opening))
        except asyncio.CancelledError:
            # A file that nobody waits for any more would be locked for as long as this process lives.
            opening.add_done_callback(_let_go)
            raise

    async def drop(self, name: str) -> None:
        """Throw away what came in under a name. Raises OSError."""
        await self.wait(lambda: self.remove_now(f"{INCOMING}/{name}"))

    async def read(self, path: str, start: int, end: int) -> bytes:
        """Return bytes; as many as are in memory, or all of them from the disk. Raises OSError."""
        place = self.path(path)
        # Nothing else runs on the loop between filling the buffer and copying out of it.
        if at_hand := piece_at_hand(place, start, self._buffer[: end - start]):
            return bytes(self._buffer[:at_hand])
        return await self.wait(lambda: piece(place, start, end - start))

    async def size(self, path: str) -> int | None:
        """Return how many bytes lie at a path."""
        return await self.wait(lambda: self.size_now(path))

    def size_now(self, path: str) -> int | None:
        """Return how many bytes lie at a path."""
        try:
            return os.stat(self.path(path)).st_size
        except (FileNotFoundError, NotADirectoryError):
            return None

    async def move(self, before: str, after: str) -> None:
        """Give an object another path, durably. Raises OSError."""
        await self.wait(lambda: move_durably(self.path(before), self.path(after)))

    def remove_now(self, path: str) -> None:
        """Remove an object, if it is there. Raises OSError."""
        try:
            obstore.delete(self._store, path)
        except FileNotFoundError:
            return

    async def room(self) -> tuple[int, int]:
        """Return how many bytes are free on this disk, for whoever runs here, and how many it has. Raises OSError."""
        usage = await self.wait(lambda: shutil.disk_usage(self._root))
        return usage.free, usage.total

    def listed(self, below: str) -> AsyncIterator[Stored]:
        """Yield what lies below a folder."""
        return objects(self._store, below)

    def path(self, path: str) -> str:
        """Return where something lies."""
        return os.path.join(self._root, *path.split("/"))

    def begin(self, job: Callable[[], T]) -> "Future[T]":
        """Have something done that waits for the disk, whether or not it is waited for."""
        return self._threads.submit(job)

    async def wait(self, job: Callable[[], T]) -> T:
        """Do something that waits for the disk."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, job)


class _GrowingFile:
    def __init__(self, folder: FolderBytes, file: GrowingFile) -> None:
        self._folder = folder
        self._file = file

    @property
    def size(self) -> int:
        return self._file.size

    async def write(self, content: bytes) -> None:
        await self._folder.wait(lambda: self._file.write(content))

    async def read(self, start: int, end: int) -> bytes:
        return await self._folder.wait(lambda: self._file.read(end - start, start))

    async def sync(self) -> None:
        await self._folder.wait(self._file.sync)

    async def finish(self, path: str) -> None:
        await self._folder.wait(lambda: self._file.finish(self._folder.path(path)))

    async def close(self) -> None:
        # Handed to a thread before anything is waited for: whoever is told to end here, it is closed.
        await asyncio.shield(asyncio.wrap_future(self._folder.begin(self._file.close)))


def _let_go(opening: "Future[GrowingFile]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()
