"""Blobs of a repository by digest: files of its served releases, and the small contents that its manifests point to.

Ollama asks for a blob once, throws the answer away, and fetches the parts from its `Location` without its token: so
every answer names an address that is its own proof. Sources: OCI distribution 1.1, "Pulling blobs"; Ollama,
`server/download.go` (`directURL`), `x/transfer/download.go`.
"""

from typing import NamedTuple

from sqlalchemy import Connection

from weighbridge.hub import blob_index, look_up, manifests, proofs, refusal, release_files, releases
from weighbridge.hub.blob_index import Blob
from weighbridge.hub.call import Call, Route
from weighbridge.hub.look_up import Asked
from weighbridge.hub.names import Name
from weighbridge.hub.oci_asked import REPOSITORY, Digest, is_ollama, parse_digest, repository
from weighbridge.hub.oci_own import own_blob
from weighbridge.hub.oci_place import place_of
from weighbridge.hub.oci_pushed import PushedBlob
from weighbridge.hub.oci_refusing import outer_origin, refuse, refuse_unknown
from weighbridge.hub.oci_rights import may_pull
from weighbridge.hub.pulls import note_pull
from weighbridge.hub.refusal import NO_FILE, UNKNOWN, Refusal
from weighbridge.hub.releases import Release
from weighbridge.hub.serving import serve_blob
from weighbridge.hub.serving_small import serve_bytes
from weighbridge.hub.signed_links import link

LINK_LASTS = 24 * 3600
"""Seconds. Ollama takes the refusal of a link that ended for a piece of the model, and finds out at the very end."""


async def get_blob(call: Call) -> None:
    """Send a blob, or a part of it."""
    name = repository(call)
    digest = parse_digest(call.parts["digest"])
    if not await may_pull(call, name):
        return
    asked = call.asked
    found = await call.hub.server.store.read(lambda connection: served(connection, asked, name, digest))
    if isinstance(found, Refusal):
        await _own(call, name, digest, found)
        return
    headers = {"docker-content-digest": str(digest)}
    if call.method == "GET":
        by = call.caller.viewer.account_id if call.caller.viewer else ""
        via = proofs.id_of(call.caller)
        address = link(call.hub, digest.hexadecimal, lasts=LINK_LASTS, name=str(name), by=by, via=via)
        headers["location"] = outer_origin(call) + address.removeprefix(call.hub.origin)
    try:
        if isinstance(found.content, Blob):
            await serve_blob(call, found.content, headers)
        else:
            await serve_bytes(call, found.content, headers)
    finally:
        note_pull(call.hub, call, found.release, None, call.sent, call.status)


class Held(NamedTuple):
    """What readers get for a digest, and a release that holds it."""

    content: Blob | bytes
    release: Release


async def _own(call: Call, name: Name, digest: Digest, why: Refusal) -> None:
    """Answer with what the caller pushed themselves, or with why there is nothing."""
    asked, place, content = call.asked, place_of(call, name), call.method == "GET"
    found = await call.hub.server.store.read(
        lambda connection: own_blob(connection, asked, name, place, str(digest), content=content)
    )
    if isinstance(found, PushedBlob):
        blob = await call.hub.server.store.read(lambda connection: blob_index.find(connection, found.sha256))
        if blob is not None:
            await serve_blob(call, blob, {"docker-content-digest": str(digest)})
            return
    if isinstance(found, Refusal):
        await refuse(call, found)
    elif why.reason == NO_FILE or (call.method == "HEAD" and (place.account_id or is_ollama(call))):
        # Whoever pushes asks first what is here: what is not theirs is not here, whatever becomes of it. Who may not
        # push is told so with the next request, whose answer has words.
        await refuse_unknown(call, "BLOB_UNKNOWN", why.text)
    elif why.reason == UNKNOWN and place.account_id:
        await refuse_unknown(call, "NAME_UNKNOWN", why.text)
    else:
        await refuse(call, why)


def served(connection: Connection, asked: Asked, name: Name, digest: Digest) -> Held | Refusal:
    """Return what a digest means in a repository to readers: a blob, or the bytes of a small content."""
    found = look_up.served_blob(connection, asked, name, digest.hexadecimal)
    model = look_up.readable_model(connection, asked, name)
    if isinstance(model, Refusal):
        return model
    if isinstance(found, Blob):
        for release in release_files.releases_with(connection, found.sha256, model_id=model.model_id, limit=1):
            if release.is_served:
                return Held(found, release)
        return refusal.no_file(asked.origin, model.full_name, str(digest))
    if found.reason == NO_FILE:
        for release_id, content in manifests.small_contents(connection, model.model_id, str(digest)):
            release = releases.by_id(connection, release_id)
            if release.is_served:
                return Held(content, release)
    return found


ROUTES = (
    Route(
        methods=("GET", "HEAD"),
        pattern=REPOSITORY + r"/blobs/(?P<digest>[^/]{1,300})",
        access="read",
        answer=get_blob,
        face="oci",
    ),
)
