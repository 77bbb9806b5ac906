"""Unpacks a layer that is an archive: each file of it comes into the store, under its own digest, in quarantine.

Nothing is written but bytes by digest: no name, link, device or owner in an archive has an effect. Sources: CNCF
model-spec, "Guidance on Layers"; KitOps, "ModelKit format"; POSIX.1-2017, pax interchange format.
"""

import asyncio
import io
import tarfile
import zlib
from collections.abc import AsyncIterator, Callable
from typing import IO

from weighbridge.hub import blob_index, storing
from weighbridge.hub.hub import Hub
from weighbridge.hub.ingest import Put
from weighbridge.hub.names import check_path
from weighbridge.hub.pushed_manifest import refused
from weighbridge.hub.tar_members import BoundedMember
from weighbridge.model.errors import WeighbridgeError

MOST_FILES = 20_000
_MOST_MEMBERS = 2 * MOST_FILES
"""Folders, too: some bytes hold very many of them."""
MOST_BYTES = 1 << 41
LARGEST_RATIO = 200
"""How many times its size an archive may hold: weights do not shrink, and text shrinks less."""
_PIECE = 1 << 20
_WAIT = 600.0


class _Reading(io.RawIOBase):
    """What is stored under a digest, read from a thread."""

    def __init__(self, hub: Hub, place: str, sha256: str, size: int, loop: asyncio.AbstractEventLoop) -> None:
        self._hub, self._place, self._sha256, self._size, self._loop = hub, place, sha256, size, loop
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int] | bytearray") -> int:  # type: ignore[override]  # (as io wants it)
        end = min(self._size, self._at + len(buffer))
        if end == self._at:
            return 0
        piece = asyncio.run_coroutine_threadsafe(self._read(self._at, end), self._loop).result(_WAIT)
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    async def _read(self, start: int, end: int) -> bytes:
        return b"".join([one async for one in self._hub.blobs.read(self._place, self._sha256, start, end)])


async def unpack(hub: Hub, sha256: str, packed: str, account_id: str = "") -> list[Put]:
    """Return the files of an archive, whose bytes are in the store now.

    Args:
        hub: whose store.
        sha256: of the archive.
        packed: `tar` or `tar+gzip`.
        account_id: who sent it, and takes the room of what is in it.

    Raises:
        WeighbridgeError: `E-oci-manifest` for an archive that is none, or holds what no release can.
    """
    mode = {"tar": "r|", "tar+gzip": "r|gz"}.get(packed)
    if mode is None:
        raise refused(f"layers packed as {packed} are not taken; use tar or tar+gzip")
    blob = await hub.server.store.read(lambda connection: blob_index.find(connection, sha256))
    if blob is None:
        raise refused("an archive is not in the store")
    loop = asyncio.get_running_loop()
    reading: IO[bytes] = io.BufferedReader(_Reading(hub, blob.place, sha256, blob.size, loop), _PIECE)
    most = min(MOST_BYTES, max(blob.size * LARGEST_RATIO, _PIECE))

    def store(content: IO[bytes], size: int) -> str:
        return asyncio.run_coroutine_threadsafe(_store(hub, content.read, size, account_id), loop).result()

    def work() -> list[Put]:
        try:
            return _files(reading, mode, most, store)
        except (tarfile.TarError, EOFError, OSError, zlib.error, ValueError, RecursionError) as error:
            raise refused(f"an archive cannot be read: {str(error)[:200]}") from error

    # Each takes two threads of those that there are for all.
    async with hub.unpacking:
        return await asyncio.to_thread(work)


def _files(reading: IO[bytes], mode: str, most: int, store: Callable[..., str]) -> list[Put]:
    found: list[Put] = []
    total = 0
    with tarfile.open(  # type: ignore[call-overload]  # (the mode is one of two)
        fileobj=reading, mode=mode, tarinfo=BoundedMember
    ) as archive:
        for count, member in enumerate(archive):
            if count >= _MOST_MEMBERS:
                raise refused("an archive holds more than it may")
            if member.isdir():
                continue
            if not member.isreg() or member.sparse is not None:
                raise refused(f"an archive holds what is no file: {member.name[:100]!r}")
            total += member.size
            if total > most or len(found) >= MOST_FILES:
                raise refused("an archive holds more than it may")
            path = check_path(member.name.removeprefix("./"))
            content = archive.extractfile(member)
            if content is None:
                raise refused(f"an archive holds what is no file: {member.name[:100]!r}")
            found.append(Put(path=path, sha256=store(content, member.size)))
    return found


async def _store(hub: Hub, read: Callable[[int], bytes], size: int, account_id: str) -> str:
    async def pieces() -> AsyncIterator[bytes]:
        while piece := await asyncio.to_thread(read, _PIECE):
            yield piece

    try:
        return (await storing.store_blob(hub, pieces(), size=size, account_id=account_id)).sha256
    except WeighbridgeError as error:
        if error.code == "E-blob-size":
            raise refused("an archive ends within a file") from error
        raise
