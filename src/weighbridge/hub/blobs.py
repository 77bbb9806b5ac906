"""The bytes of the hub: one object for one SHA-256, in a folder or a bucket, verified while they stream in.

    released/sha256/ab/<digest>     what some served release holds
    quarantine/sha256/ab/<digest>   everything else
    incoming/<name>                 what is not whole yet

Nothing stands under a digest before all of it was hashed and is on the disk. Source: OCI distribution 1.1, "Pushing
blobs"; documentation of obstore.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from typing import NamedTuple

from obstore.store import LocalStore, ObjectStore, from_url

from weighbridge.host.durable import BusyError
from weighbridge.hub.blob_failures import FAILURES, cannot_read, cannot_write, wrong_size
from weighbridge.hub.blob_index import PLACES, QUARANTINE, RELEASED
from weighbridge.hub.bucket_bytes import BucketBytes
from weighbridge.hub.byte_store import INCOMING, ByteStore, Stored
from weighbridge.hub.folder_bytes import FolderBytes
from weighbridge.hub.intake import Intake
from weighbridge.model.errors import WeighbridgeError

PIECE = 1 << 20
"""Bytes that are read or written at a time: smaller pieces cost three times the processor time."""


_LEAST, _ALL_AT_ONCE = 1 << 14, 1 << 24
"""Bytes of a piece where many read at the same time, and of the pieces of all of them. Some dozens of a reader's pieces
wait in memory for a client that takes its time."""


class Received(NamedTuple):
    """What came in."""

    sha256: str
    size: int


class BlobStore:
    """Bytes by SHA-256.

    Args:
        store: where they lie.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._bytes: ByteStore = FolderBytes(store) if isinstance(store, LocalStore) else BucketBytes(store)
        self._readers = 0

    @classmethod
    def open(cls, url: str) -> "BlobStore":
        """Open a store.

        Args:
            url: a folder (made if it is not there), or `s3://bucket/prefix` and what else obstore takes.

        Raises:
            WeighbridgeError: `E-blob-store`.
        """
        try:
            if "://" in url:
                return cls(from_url(url))
            return cls(LocalStore(url, mkdir=True))
        except Exception as error:
            raise WeighbridgeError(
                "E-blob-store",
                f"cannot use {url.split('?')[0]} for the bytes of models",
                "name a folder that this user may write to, or a bucket: s3://BUCKET/PREFIX",
            ) from error

    async def receive(
        self, pieces: AsyncIterator[bytes], *, most: int, sha256: str = "", size: int | None = None
    ) -> Received:
        """Take bytes into quarantine; what is there already is not kept twice. `storing.store_blob` also notes it.

        Args:
            pieces: the bytes.
            most: how many at most.
            sha256: what they must be, if that is known.
            size: how many they must be, if that is known.

        Raises:
            WeighbridgeError: `E-blob-digest`, `E-blob-size`, `E-blob-full`, `E-blob-write`; nothing is kept then.
        """
        name = secrets.token_hex(16)
        try:
            intake = await self.intake(name)
            try:
                await intake.take(pieces, most=most if size is None else min(most, size))
                return await self.keep(intake, sha256=sha256, size=size)
            finally:
                await intake.close()
        except BaseException:
            await asyncio.shield(self.drop(name))
            raise

    async def intake(self, name: str) -> Intake:
        """Return what came in under a name so far, to add to it; its caller closes it.

        Raises:
            WeighbridgeError: `E-blob-busy` if somebody else adds to it now, `E-blob-full`, `E-blob-write`.
        """
        try:
            return Intake(name, await self._bytes.growing(name))
        except BusyError:
            raise WeighbridgeError(
                "E-blob-busy", "somebody else sends to this upload now", "send one part after the other"
            ) from None
        except FAILURES as error:
            raise cannot_write(error) from error

    async def keep(self, intake: Intake, *, sha256: str = "", size: int | None = None) -> Received:
        """Put all that came in under its digest. Raises as `receive` does; what came in stays as it is then."""
        if size is not None and intake.size != size:
            raise wrong_size(intake.size, size)
        try:
            found = await intake.digest()
            if sha256 and found != sha256:
                raise WeighbridgeError(
                    "E-blob-digest", f"these bytes are not {sha256[:12]}: they are {found[:12]}", "send them again"
                )
            if await self._bytes.size(path_of(RELEASED, found)) == intake.size:
                await self.drop(intake.name)
            else:
                await intake.finish(path_of(QUARANTINE, found))
        except FAILURES as error:
            raise cannot_write(error) from error
        return Received(found, intake.size)

    async def drop(self, name: str) -> None:
        """Throw away what came in under a name; what cannot be removed now goes when the store is swept."""
        with suppress(*FAILURES):
            await self._bytes.drop(name)

    async def read(self, place: str, sha256: str, start: int, end: int) -> AsyncIterator[bytes]:
        """Yield the bytes from `start` to before `end`, from where they lie at each moment.

        Raises:
            WeighbridgeError: `E-blob-read` if they are not there, or no longer.
        """
        path = path_of(place, sha256)
        self._readers += 1
        try:
            while start < end:
                step = max(_LEAST, min(self._bytes.piece, _ALL_AT_ONCE // self._readers))
                try:
                    piece = await self._bytes.read(path, start, min(end, start + step))
                except FAILURES as error:
                    raise cannot_read(sha256) from error
                if not piece:
                    raise cannot_read(sha256)
                yield piece
                start += len(piece)
        finally:
            self._readers -= 1

    async def size(self, place: str, sha256: str) -> int | None:
        """Return how many bytes lie under a digest; None if nothing does."""
        return await self._bytes.size(path_of(place, sha256))

    def local_path(self, place: str, sha256: str) -> str | None:
        """Return the file that holds the bytes of a digest, if the store is a folder of this machine."""
        return self._bytes.path(path_of(place, sha256)) if isinstance(self._bytes, FolderBytes) else None

    def size_now(self, place: str, sha256: str) -> int | None:
        """Return the same; waits for it."""
        return self._bytes.size_now(path_of(place, sha256))

    async def move(self, sha256: str, before: str, after: str) -> None:
        """Move bytes from one of `PLACES` to the other, durably; a second call does nothing."""
        try:
            await self._bytes.move(path_of(before, sha256), path_of(after, sha256))
        except FileNotFoundError:
            if await self.size(after, sha256) is None:
                raise cannot_read(sha256) from None
        except FAILURES as error:
            raise cannot_write(error) from error

    def remove_now(self, sha256: str, places: Iterable[str] = PLACES) -> None:
        """Remove bytes, wherever they lie or from these places alone; waits for it. Raises `E-blob-write`."""
        try:
            for place in places:
                self._bytes.remove_now(path_of(place, sha256))
        except FAILURES as error:
            raise cannot_write(error) from error

    async def remove(self, sha256: str) -> None:
        """Remove bytes, wherever they lie."""
        await asyncio.to_thread(self.remove_now, sha256)

    async def room(self) -> tuple[int, int] | None:
        """Return how many bytes are free where it lies and how many there are in all; None where nobody says."""
        try:
            return await self._bytes.room()
        except FAILURES:
            return None  # what is wrong with it is said by whoever writes to it

    def blobs(self, place: str) -> AsyncIterator[Stored]:
        """Yield what lies in one of `PLACES`."""
        return self._bytes.listed(place)

    def incoming(self) -> AsyncIterator[Stored]:
        """Yield what is not whole."""
        return self._bytes.listed(INCOMING)


def path_of(place: str, sha256: str) -> str:
    """Return where the bytes of a digest lie in a place."""
    return f"{place}/sha256/{sha256[:2]}/{sha256}"
