"""Taking a blob over from another repository, of which the caller may have it: nothing is opened by this.

Source: OCI distribution 1.1, "Mounting a blob from another repository".
"""

from sqlalchemy import Connection

from weighbridge.hub import look_up, oci_pushed, storing
from weighbridge.hub.blob_index import Blob
from weighbridge.hub.call import Call
from weighbridge.hub.caller import covers
from weighbridge.hub.look_up import Asked
from weighbridge.hub.names import Name
from weighbridge.hub.oci_asked import Digest, repository_named
from weighbridge.hub.oci_place import place_of
from weighbridge.hub.oci_pushed import Place, PushedBlob
from weighbridge.hub.oci_rights import PULL
from weighbridge.model.errors import WeighbridgeError


def may_take_from(call: Call, source: str) -> bool:
    """Tell whether the caller's token covers reading from another repository; of what is no repository it need not."""
    try:
        return not source or covers(call.caller, repository_named(source), PULL)
    except WeighbridgeError:
        return True


async def mounted(call: Call, name: Name, digest: Digest, source: str) -> bool:
    """Make a blob part of a repository, if the caller may have it; return whether that was so.

    Args:
        call: who asks.
        name: where to.
        digest: which.
        source: the repository that it is taken from; empty for any to which the caller sent it.
    """
    try:
        other = repository_named(source) if source else None
    except WeighbridgeError:
        return False
    place, asked, hub = place_of(call, name), call.asked, call.hub
    found = await hub.server.store.read(lambda connection: _found(connection, asked, place, digest, other))
    if found is None or await storing.is_stored(hub, found.sha256) is None:
        return False
    now = hub.server.clock()
    await hub.server.store.write(
        lambda connection: oci_pushed.add_blob(connection, now, place, str(digest), found.sha256, found.size)
    )
    return True


def _found(
    connection: Connection, asked: Asked, place: Place, digest: Digest, other: Name | None
) -> PushedBlob | Blob | None:
    if other is None:
        return oci_pushed.anywhere(connection, place.account_id, str(digest))
    mine = oci_pushed.blobs(connection, Place(other.alias, place.account_id), [str(digest)])
    if mine:
        return mine[str(digest)]
    if digest.algorithm != "sha256":
        return None
    served = look_up.served_blob(connection, asked, other, digest.hexadecimal)
    return served if isinstance(served, Blob) else None
