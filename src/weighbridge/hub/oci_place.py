"""Whose part of a repository a request is about, and how a blob that came in becomes part of it."""

import hashlib

from weighbridge.hub import blob_index, oci_pushed
from weighbridge.hub.blobs import Received
from weighbridge.hub.call import Call
from weighbridge.hub.names import Name
from weighbridge.hub.oci_asked import Digest
from weighbridge.hub.oci_pushed import Place
from weighbridge.model.errors import WeighbridgeError


def place_of(call: Call, name: Name) -> Place:
    """Return the caller's part of a repository; that of nobody holds nothing."""
    viewer = call.caller.viewer
    return Place(name.alias, viewer.account_id if viewer is not None and call.caller.may_write else "")


async def keep_blob(call: Call, name: Name, digest: Digest, received: Received) -> None:
    """Make bytes that came in part of a repository. Raises WeighbridgeError `E-blob-digest` if they are others."""
    if digest.algorithm == "sha512" and await _sha512(call, received) != digest.hexadecimal:
        raise WeighbridgeError("E-blob-digest", f"these bytes are not {str(digest)[:20]}", "send them again")
    place, now = place_of(call, name), call.hub.server.clock()
    await call.hub.server.store.write(
        lambda c: oci_pushed.add_blob(c, now, place, str(digest), received.sha256, received.size)
    )


async def _sha512(call: Call, received: Received) -> str:
    """Return the other digest of stored bytes: they are known by SHA-256 alone."""
    hub, found = call.hub, hashlib.sha512()
    blob = await hub.server.store.read(lambda connection: blob_index.find(connection, received.sha256))
    if blob is not None:
        async for piece in hub.blobs.read(blob.place, blob.sha256, 0, blob.size):
            found.update(piece)
    return found.hexdigest()
