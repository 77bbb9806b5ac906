"""Collects bytes that nothing holds any more: uploads that no commit took up, and what a crash left beside the catalog.

What a release holds stays, whatever its state: it is what was decided about. Bytes that came in, or that somebody asked
for, in the last days stay, too: a commit may be on its way.
"""

from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection

from weighbridge.hub import blob_index, oci_pushed, space, uploads, xet_index
from weighbridge.hub.blob_index import PLACES, Blob
from weighbridge.hub.checking import digest_of
from weighbridge.hub.hub import Hub

GRACE = 3 * 24 * 3600 * 1000
"""Milliseconds for which bytes are kept that nothing holds."""
_AT_ONCE = 200


class Collected(NamedTuple):
    """What was removed."""

    blobs: int
    bytes: int
    uploads: int


async def collect(hub: Hub) -> Collected:
    """Remove what nothing holds any more. Raises WeighbridgeError."""
    now = hub.server.clock()
    await hub.server.store.write(partial(oci_pushed.prune, before=now - oci_pushed.LASTS))
    await hub.server.store.write(partial(xet_index.prune, before=now - xet_index.KEPT))
    before = now - GRACE
    count = size = 0
    while True:
        some = await hub.server.store.read(partial(blob_index.unheld, before=before, limit=_AT_ONCE))
        for blob in some:
            if await hub.server.store.write(partial(_remove, hub, blob, before)):
                count += 1
                size += blob.size
        if len(some) < _AT_ONCE:
            break
    await hub.server.store.write(space.prune)
    strays = await _remove_strays(hub, before)
    ended = await uploads.expire(hub)
    return Collected(count + strays[0], size + strays[1], ended)


def _remove(hub: Hub, blob: Blob, before: int, connection: Connection) -> bool:
    """Forget bytes that nothing holds still, and remove them before anybody can take note of them anew."""
    if not blob_index.forget_unheld(connection, blob.sha256, before):
        return False
    hub.blobs.remove_now(blob.sha256)
    return True


async def _remove_strays(hub: Hub, before: int) -> tuple[int, int]:
    """Remove copies that the catalog does not know of, where it says, if they are old."""
    count = size = 0
    for place in PLACES:
        async for one in hub.blobs.blobs(place):
            sha256 = digest_of(one.path)
            if sha256 is None or one.changed_at >= before:
                continue
            if await hub.server.store.write(partial(_remove_stray, hub, sha256, place)):
                count += 1
                size += one.size
    return count, size


def _remove_stray(hub: Hub, sha256: str, place: str, connection: Connection) -> bool:
    known = blob_index.find(connection, sha256)
    if known is not None and (known.place == place or hub.blobs.size_now(known.place, sha256) != known.size):
        return False  # it lies where it should, or this is the only copy left: `wb hub check` tells people
    hub.blobs.remove_now(sha256, [place])
    return True
