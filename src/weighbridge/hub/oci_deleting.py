"""Taking back what one pushed. What became a release is not deleted: it is decided upon, and revoked, in the catalog.

Source: OCI distribution 1.1, "Content Management".
"""

from sqlalchemy import Connection

from weighbridge.hub import dialects, oci_pushed, oci_tags
from weighbridge.hub.call import Call, Route
from weighbridge.hub.names import Name
from weighbridge.hub.oci_asked import REPOSITORY, is_digest, parse_digest, repository
from weighbridge.hub.oci_blobs import served
from weighbridge.hub.oci_choice import Meant, meant_by
from weighbridge.hub.oci_manifests import served_by_digest
from weighbridge.hub.oci_place import place_of
from weighbridge.hub.oci_refusing import refuse_unknown
from weighbridge.hub.oci_rights import may_push
from weighbridge.hub.refusal import Refusal


async def delete_manifest(call: Call) -> None:
    """Remove a manifest or a tag that the caller pushed."""
    name, reference = repository(call), call.parts["reference"]
    if not await may_push(call, name):
        return
    place = place_of(call, name)

    def job(connection: Connection) -> bool:
        if is_digest(reference):
            pushed, tags = (
                oci_pushed.manifest(connection, place, reference),
                oci_pushed.tags(connection, place, reference),
            )
            gone = oci_pushed.remove_manifest(connection, place, reference)
        else:
            pushed, tags = oci_pushed.tagged(connection, place, reference), [reference]
            gone = oci_pushed.remove_tag(connection, place, reference)
        if pushed is not None:
            oci_tags.forget(connection, tags, pushed.release_id)
        return gone

    if await _is_served(call, name, reference):
        await _not_deleted(call, name)
    elif await call.hub.server.store.write(job):
        await call.reply(202)
    else:
        await refuse_unknown(call, "MANIFEST_UNKNOWN", f"You pushed no {reference[:140]} to {name}.")


async def delete_blob(call: Call) -> None:
    """Remove a blob that the caller pushed from the repository."""
    name, digest = repository(call), parse_digest(call.parts["digest"])
    if not await may_push(call, name):
        return
    place, asked, store = place_of(call, name), call.asked, call.hub.server.store
    if not isinstance(await store.read(lambda connection: served(connection, asked, name, digest)), Refusal):
        await _not_deleted(call, name)
    elif await store.write(lambda connection: oci_pushed.remove_blob(connection, place, str(digest))):
        await call.reply(202)
    else:
        await refuse_unknown(call, "BLOB_UNKNOWN", f"You pushed no {digest} to {name}.")


async def _is_served(call: Call, name: Name, reference: str) -> bool:
    asked, store = call.asked, call.hub.server.store
    if is_digest(reference):
        digest = str(parse_digest(reference))
        return not isinstance(await store.read(lambda c: served_by_digest(c, asked, name, digest)), Refusal)
    meant = await store.read(lambda c: meant_by(c, asked, name, reference))
    return isinstance(meant, Meant) and not meant.part


async def _not_deleted(call: Call, name: Name) -> None:
    text = f"What is approved is not deleted but revoked, in the catalog: {call.hub.origin}/catalog/{name}"
    await call.reply(405, dialects.oci_body("UNSUPPORTED", text), {"content-type": "application/json"})


ROUTES = (
    Route(
        methods=("DELETE",),
        pattern=REPOSITORY + r"/manifests/(?P<reference>[^/]{1,300})",
        access="write",
        answer=delete_manifest,
        face="oci",
    ),
    Route(
        methods=("DELETE",),
        pattern=REPOSITORY + r"/blobs/(?P<digest>[^/]{1,300})",
        access="write",
        answer=delete_blob,
        face="oci",
    ),
)
