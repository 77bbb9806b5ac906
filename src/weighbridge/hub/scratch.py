"""A folder in which the files of one release lie at their paths, for the time in which something looks at them.

Where the store is a folder of the same disk, they are the store's own files under a second name; else they are copied.
Nothing in such a folder is ever written to or served, and one that a dead server left is removed by the next job.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from weighbridge.host.growing_file import GrowingFile
from weighbridge.host.private_file import make_private_folder
from weighbridge.hub import blob_index, release_files
from weighbridge.hub.blob_index import Blob
from weighbridge.hub.hub import Hub
from weighbridge.hub.worker import CannotError
from weighbridge.model.errors import WeighbridgeError

FOLDER = "hub-scratch"
_AT_ONCE = 500


@asynccontextmanager
async def scratch(hub: Hub, name: str) -> AsyncIterator[str]:
    """Give an empty folder of this name, and remove it at the end with all that is in it.

    Raises:
        CannotError: this hub has no folder to work in.
        WeighbridgeError: `E-blob-write`.
    """
    if not hub.folder:
        raise CannotError("this hub has no folder in which it could look at files")
    folder = os.path.join(hub.folder, FOLDER, name)
    try:
        await asyncio.to_thread(_fresh, folder)
    except OSError as error:
        raise _cannot_write(error) from error
    try:
        yield folder
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def lay_out(hub: Hub, release_id: str, folder: str) -> int:
    """Put the files of a release into a folder, which is made; return their bytes.

    Raises:
        WeighbridgeError: `E-blob-read`, `E-blob-write`.
    """
    files = await hub.server.store.read(lambda connection: release_files.of_release(connection, release_id))
    size = 0
    os.makedirs(folder, exist_ok=True)
    for at in range(0, len(files), _AT_ONCE):
        some = files[at : at + _AT_ONCE]
        digests = sorted({one.sha256 for one in some})
        blobs = await hub.server.store.read(partial(blob_index.find_all, digests=digests))
        for one in some:
            if one.sha256 not in blobs:
                raise WeighbridgeError(
                    "E-blob-read", f"the bytes of {one.path} are not in the store", "fetch or upload them again"
                )
            size += one.size
        wanted = [(blobs[one.sha256], os.path.join(folder, *one.path.split("/"))) for one in some]
        try:
            for blob, path in await asyncio.to_thread(_linked, hub, wanted):
                await _copy(hub, blob, path)
        except OSError as error:
            raise _cannot_write(error) from error
    return size


def _linked(hub: Hub, wanted: list[tuple[Blob, str]]) -> list[tuple[Blob, str]]:
    """Give files of the store second names; return those that have to be copied. Raises OSError."""
    left = []
    for blob, path in wanted:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        lies_at = hub.blobs.local_path(blob.place, blob.sha256)
        try:
            if lies_at is None:
                raise FileNotFoundError
            os.link(lies_at, path)
        except OSError:  # no folder, another disk, or a file system without second names
            left.append((blob, path))
    return left


async def _copy(hub: Hub, blob: Blob, path: str) -> None:
    file = await asyncio.to_thread(GrowingFile, path)
    try:
        async for piece in hub.blobs.read(blob.place, blob.sha256, 0, blob.size):
            await asyncio.to_thread(file.write, piece)
    finally:
        file.close()


def _fresh(folder: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    make_private_folder(os.fsencode(folder))


def _cannot_write(error: OSError) -> WeighbridgeError:
    return WeighbridgeError(
        "E-blob-write",
        f"there is no room to look at files: {error.strerror or 'no right to write'}",
        "make room in the server's state folder",
        exit_code=1,
    )
