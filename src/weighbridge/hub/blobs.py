"""The bytes of the hub: one object for one SHA-256, in a folder or a bucket, verified while they stream in.

    released/sha256/ab/<digest>     what some served release holds
    quarantine/sha256/ab/<digest>   everything else
    incoming/<id>                   what is not whole yet

Nothing stands under a digest before all of it was hashed. Source: OCI distribution 1.1, "Pushing blobs"; documentation
of obstore, "LocalStore" (an object appears whole, by renaming).
"""

import hashlib
import secrets
from collections.abc import AsyncIterator
from typing import NamedTuple

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, ObjectStore, from_url

from weighbridge.hub.blob_index import PLACES, QUARANTINE, RELEASED
from weighbridge.model.errors import WeighbridgeError

PIECE = 1 << 20
"""Bytes that are read or written at a time: smaller pieces cost three times the processor time."""


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
        self._store = store

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
        """Take bytes into quarantine; what is there already is not kept twice.

        Args:
            pieces: the bytes.
            most: how many at most.
            sha256: what they must be, if that is known.
            size: how many they must be, if that is known.

        Raises:
            WeighbridgeError: `E-blob-digest`, `E-blob-size`, `E-blob-write`; nothing is kept then.
        """
        name = f"incoming/{secrets.token_hex(16)}"
        digest, count = hashlib.sha256(), 0
        try:
            async with obstore.open_writer_async(self._store, name, buffer_size=8 * PIECE) as writer:
                async for piece in pieces:
                    count += len(piece)
                    if count > most or (size is not None and count > size):
                        raise _wrong_size(count, size, most)
                    digest.update(piece)
                    await writer.write(piece)
            found = digest.hexdigest()
            if size is not None and count != size:
                raise _wrong_size(count, size, most)
            if sha256 and found != sha256:
                raise WeighbridgeError(
                    "E-blob-digest", f"these bytes are not {sha256[:12]}: they are {found[:12]}", "send them again"
                )
            await self._keep(name, found)
        except BaseException as error:
            await self._drop(name)
            if isinstance(error, OSError):
                raise _cannot_write(error) from error
            raise
        return Received(found, count)

    async def read(self, place: str, sha256: str, start: int, end: int) -> AsyncIterator[bytes]:
        """Yield the bytes from `start` to before `end`.

        Raises:
            WeighbridgeError: `E-blob-read` if they are not there.
        """
        path = _path(place, sha256)
        while start < end:
            piece_end = min(end, start + PIECE)
            try:
                piece = await obstore.get_range_async(self._store, path, start=start, end=piece_end)
            except Exception as error:
                raise _cannot_read(sha256) from error
            if len(piece) != piece_end - start:
                raise _cannot_read(sha256)
            yield bytes(piece)
            start = piece_end

    async def size(self, place: str, sha256: str) -> int | None:
        """Return how many bytes lie under a digest; None if nothing does."""
        try:
            return (await obstore.head_async(self._store, _path(place, sha256)))["size"]
        except FileNotFoundError:
            return None

    async def move(self, sha256: str, before: str, after: str) -> None:
        """Move bytes from one of `PLACES` to the other; a second call does nothing."""
        try:
            await obstore.rename_async(self._store, _path(before, sha256), _path(after, sha256))
        except FileNotFoundError:
            if await self.size(after, sha256) is None:
                raise _cannot_read(sha256) from None

    async def remove(self, sha256: str) -> None:
        """Remove bytes, wherever they lie."""
        for place in PLACES:
            await self._drop(_path(place, sha256))

    async def _keep(self, name: str, sha256: str) -> None:
        if await self.size(RELEASED, sha256) is not None:
            await self._drop(name)
            return
        try:
            await obstore.rename_async(self._store, name, _path(QUARANTINE, sha256), overwrite=False)
        except AlreadyExistsError:
            await self._drop(name)

    async def _drop(self, path: str) -> None:
        try:
            await obstore.delete_async(self._store, path)
        except FileNotFoundError:
            return


def _path(place: str, sha256: str) -> str:
    return f"{place}/sha256/{sha256[:2]}/{sha256}"


def _wrong_size(count: int, size: int | None, most: int) -> WeighbridgeError:
    said = f"{size:,} were announced" if size is not None else f"at most {most:,} are taken"
    return WeighbridgeError("E-blob-size", f"{count:,} bytes came, and {said}", "send the file again, whole")


def _cannot_read(sha256: str) -> WeighbridgeError:
    return WeighbridgeError(
        "E-blob-read",
        f"the bytes of {sha256[:12]} are not where they should be",
        "`wb hub check` says what is missing; restore it from a backup or fetch it again",
        exit_code=1,
    )


def _cannot_write(error: OSError) -> WeighbridgeError:
    return WeighbridgeError(
        "E-blob-write",
        f"the bytes could not be stored: {error.strerror or 'no space, or no right to write'}",
        "make room where the hub keeps its bytes, then send them again",
        exit_code=1,
    )
