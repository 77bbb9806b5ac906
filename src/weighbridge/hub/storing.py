"""Takes bytes into the store and into the catalog, as one: what either has, both have.

Garbage is collected by other servers meanwhile; whoever gets the digest back can rely on the bytes being there for the
time that `garbage` leaves to uploads.
"""

from collections.abc import AsyncIterator
from contextlib import aclosing

from sqlalchemy import Connection

from weighbridge.hub import blob_index, space
from weighbridge.hub.blob_failures import cannot_read
from weighbridge.hub.blob_index import Blob
from weighbridge.hub.blobs import Received
from weighbridge.hub.hub import Hub

MOST = 1 << 41
"""Bytes of one file, 2 TiB: more than any file of weights that there is."""


async def store_blob(
    hub: Hub,
    pieces: AsyncIterator[bytes],
    *,
    most: int = MOST,
    sha256: str = "",
    size: int | None = None,
    account_id: str = "",
) -> Received:
    """Take bytes into quarantine and note them. Other arguments and errors as those of `BlobStore.receive`.

    Args:
        hub: whose store.
        pieces: the bytes.
        most: how many at most.
        sha256: what they must be, if that is known.
        size: how many they must be, if that is known.
        account_id: who brings them, and takes that room; empty for the hub itself.

    Raises:
        WeighbridgeError: `E-hub-quota` and `E-blob-full` too, where there is no room for them.
    """
    async with aclosing(space.counted(hub, account_id, pieces, announced=size or 0)) as let_in:
        received = await hub.blobs.receive(let_in, most=most, sha256=sha256, size=size)
    await note(hub, received, account_id)
    return received


async def note(hub: Hub, received: Received, account_id: str = "") -> Blob:
    """Note bytes that are in the store, and who brought them.

    Raises WeighbridgeError `E-blob-read` if they were removed meanwhile.
    """
    now = hub.server.clock()

    def job(connection: Connection) -> Blob:
        space.note(connection, account_id, received.sha256)
        return blob_index.add(connection, now, received.sha256, received.size)

    blob = await hub.server.store.write(job)
    # Somebody may have collected them as garbage between the last byte and the note; after it, nobody does.
    if await hub.blobs.size(blob.place, blob.sha256) != blob.size:
        raise cannot_read(received.sha256)
    return blob


async def is_stored(hub: Hub, sha256: str) -> Blob | None:
    """Return bytes that are in the store, kept from being collected for a while; None if they are not there."""
    now = hub.server.clock()
    blob = await hub.server.store.write(lambda connection: blob_index.touch(connection, now, sha256))
    return None if blob is None or await hub.blobs.size(blob.place, sha256) != blob.size else blob
