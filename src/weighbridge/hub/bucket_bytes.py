"""Bytes in a bucket, or in memory for tests: through the interface that all object stores share.

    incoming/<name>/<start>-<id>    one part of something that is not whole yet

A bucket cannot add to an object, so what comes in lies there as parts, each of which appears whole; they are put
together once all of them were hashed. Source: documentation of obstore; Amazon S3 API, "CopyObject" (up to 5 GB).
"""

import asyncio
import secrets
from collections.abc import AsyncIterator

import obstore
from obstore.store import ObjectStore

from weighbridge.hub.byte_store import INCOMING, Stored, objects

_PART = 16 << 20
"""Bytes of a part: what is lost of an upload at most when this process ends."""
_COPIED = 4 << 30
"""Larger objects are not copied by the bucket itself."""
_PIECE = 8 << 20


class BucketBytes:
    """A place for bytes.

    Args:
        store: the bucket.
    """

    piece = 1 << 20

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def growing(self, name: str) -> "_GrowingParts":
        """Return what came in under a name so far. Raises OSError."""
        parts: list[Stored] = []
        at = 0
        found = [one async for one in self.listed(f"{INCOMING}/{name}")]
        for one in sorted(found, key=lambda part: part.path):
            # Of two parts that begin alike, left by two servers at once, one goes on; hashing says whether it fits.
            if _start_of(one.path) == at and one.size:
                parts.append(one)
                at += one.size
        return _GrowingParts(self._store, f"{INCOMING}/{name}", parts, at)

    async def drop(self, name: str) -> None:
        """Throw away what came in under a name. Raises OSError."""
        paths = [one.path async for one in self.listed(f"{INCOMING}/{name}")]
        if paths:
            await _remove(self._store, paths)

    async def read(self, path: str, start: int, end: int) -> bytes:
        """Return the bytes from `start` to before `end`. Raises OSError."""
        return bytes(await obstore.get_range_async(self._store, path, start=start, end=end))

    async def size(self, path: str) -> int | None:
        """Return how many bytes lie at a path."""
        try:
            return (await obstore.head_async(self._store, path))["size"]
        except FileNotFoundError:
            return None

    def size_now(self, path: str) -> int | None:
        """Return how many bytes lie at a path."""
        try:
            return obstore.head(self._store, path)["size"]
        except FileNotFoundError:
            return None

    async def move(self, before: str, after: str) -> None:
        """Give an object another path. Raises OSError."""
        size = (await obstore.head_async(self._store, before))["size"]
        if size <= _COPIED:
            await obstore.rename_async(self._store, before, after)
            return
        await _join(self._store, [Stored(before, size, 0)], after)
        await _remove(self._store, [before])

    def remove_now(self, path: str) -> None:
        """Remove an object, if it is there. Raises OSError."""
        try:
            obstore.delete(self._store, path)
        except FileNotFoundError:
            return

    async def room(self) -> None:
        """Return nothing: a bucket has no end that anybody says."""

    def listed(self, below: str) -> AsyncIterator[Stored]:
        """Yield what lies below a folder."""
        return objects(self._store, below)


class _GrowingParts:
    def __init__(self, store: ObjectStore, folder: str, parts: list[Stored], size: int) -> None:
        self._store = store
        self._folder = folder
        self._parts = parts
        self._waiting = bytearray()
        self.size = size

    async def write(self, content: bytes) -> None:
        self._waiting += content
        self.size += len(content)
        if len(self._waiting) >= _PART:
            await self.sync()

    async def read(self, start: int, end: int) -> bytes:
        await self.sync()
        at = 0
        for part in self._parts:
            if at <= start < at + part.size:
                stop = min(end, at + part.size)
                return bytes(await obstore.get_range_async(self._store, part.path, start=start - at, end=stop - at))
            at += part.size
        return b""

    async def sync(self) -> None:
        if self._waiting:
            content = bytes(self._waiting)
            start = self.size - len(content)
            path = f"{self._folder}/{start:016}-{secrets.token_hex(4)}"
            await obstore.put_async(self._store, path, content)
            self._parts.append(Stored(path, len(content), 0))
            self._waiting.clear()

    async def finish(self, path: str) -> None:
        await self.sync()
        if len(self._parts) == 1:
            await obstore.rename_async(self._store, self._parts[0].path, path)
            return
        await _join(self._store, self._parts, path)
        await _remove(self._store, [part.path for part in self._parts])

    async def close(self) -> None:
        self._waiting.clear()


def _start_of(path: str) -> int:
    text = path.rpartition("/")[2].partition("-")[0]
    return int(text) if text.isascii() and text.isdigit() else -1


async def _join(store: ObjectStore, parts: list[Stored], path: str) -> None:
    """Write parts one after the other into one object, which appears when all of it is there."""
    # Not in a `with`, which would also end what broke off: an object that is never closed never appears.
    writer = obstore.open_writer_async(store, path, buffer_size=_PIECE)
    for part in parts:
        for at in range(0, part.size, _PIECE):
            end = min(part.size, at + _PIECE)
            await writer.write(await obstore.get_range_async(store, part.path, start=at, end=end))
    await writer.close()


async def _remove(store: ObjectStore, paths: list[str]) -> None:
    async def one(path: str) -> None:
        try:
            await obstore.delete_async(store, path)
        except FileNotFoundError:
            return

    await asyncio.gather(*map(one, paths))
