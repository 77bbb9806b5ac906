"""What stands in a repository: its tags, and the manifests about a manifest. And whether this is a registry at all.

Source: OCI distribution 1.1, "Listing Tags", "Listing Referrers", "Determining Support".
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec
from sqlalchemy import Connection

from weighbridge.hub import branches, look_up, manifests, oci_pushed, releases
from weighbridge.hub.branches import MAIN
from weighbridge.hub.call import Call, Route
from weighbridge.hub.freezing import freeze
from weighbridge.hub.look_up import Asked
from weighbridge.hub.manifests import Frozen
from weighbridge.hub.media_types import OCI_INDEX
from weighbridge.hub.models import Model
from weighbridge.hub.names import Name
from weighbridge.hub.oci_asked import REPOSITORY, parse_digest, repository
from weighbridge.hub.oci_choice import tags
from weighbridge.hub.oci_place import place_of
from weighbridge.hub.oci_pushed import Place
from weighbridge.hub.oci_refusing import refuse
from weighbridge.hub.oci_rights import may_pull
from weighbridge.hub.refusal import UNKNOWN, Refusal
from weighbridge.model.errors import WeighbridgeError

MOST = 10_000
"""Entries of one answer."""


async def support(call: Call) -> None:
    """Say that this is a registry."""
    await call.reply_json({}, headers={"docker-distribution-api-version": "registry/2.0"})


async def list_tags(call: Call) -> None:
    """Send the tags of a repository."""
    name = repository(call)
    if not await may_pull(call, name):
        return
    asked, store = call.asked, call.hub.server.store
    found = await store.read(lambda connection: look_up.readable_model(connection, asked, name))
    place = place_of(call, name)
    own = await store.read(lambda connection: oci_pushed.tags(connection, place))
    if isinstance(found, Refusal):
        if found.reason == UNKNOWN and place.account_id:
            await send_tags(call, own)
        else:
            await refuse(call, found)
        return
    main = await store.read(lambda connection: _main(connection, found))
    frozen = await freeze(call.hub, main) if main else []
    there = await store.read(lambda connection: tags(connection, found, frozen))
    await send_tags(call, sorted({*there, *own}))


async def send_tags(call: Call, there: Sequence[str]) -> None:
    """Answer with a page of sorted tags. Raises WeighbridgeError `E-oci-page`."""
    query = call.query
    asked_for = query.get("n", "")
    if asked_for and not (asked_for.isascii() and asked_for.isdigit() and len(asked_for) <= 9):
        raise WeighbridgeError("E-oci-page", f"this is no number of tags: {asked_for[:40]!r}", "write n=100")
    size = min(int(asked_for), MOST) if asked_for else MOST
    rest = [tag for tag in there if tag > query.get("last", "")]
    page = rest[:size]
    headers = {}
    if page and len(rest) > size:
        following = f"/v2/{quote(call.parts['name'])}/tags/list?n={size}&last={quote(page[-1])}"
        headers["link"] = f'<{following}>; rel="next"'
    await call.reply_json({"name": call.parts["name"], "tags": page}, headers=headers)


async def list_referrers(call: Call) -> None:
    """Send what there is about a manifest: its bill of materials, signatures, assessment."""
    name = repository(call)
    digest = str(parse_digest(call.parts["digest"]))
    if not await may_pull(call, name):
        return
    asked, place, store = call.asked, place_of(call, name), call.hub.server.store
    found = await store.read(lambda connection: _about(connection, asked, name, digest))
    own = await store.read(lambda connection: _own(connection, place, digest))
    if not isinstance(found, Refusal):
        there = {one["digest"]: one for one in [*found, *own]}
        await send_referrers(call, list(there.values()))
    elif found.reason == UNKNOWN and place.account_id:
        await send_referrers(call, own)
    else:
        await refuse(call, found)


async def send_referrers(call: Call, there: Sequence[dict[str, Any]]) -> None:
    """Answer with descriptors, those of the artifact type that is asked for."""
    headers = {"content-type": OCI_INDEX}
    if wanted := call.query.get("artifactType"):
        there = [one for one in there if one.get("artifactType") == wanted]
        headers["oci-filters-applied"] = "artifactType"
    index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": list(there[:MOST])}
    await call.reply(200, msgspec.json.encode(index), headers)


def described(media_type: str, digest: str, size: int, artifact_type: str, content: bytes) -> dict[str, Any]:
    """Return a manifest as lists of referrers show it."""
    shown: dict[str, Any] = {"mediaType": media_type, "digest": digest, "size": size}
    if artifact_type:
        shown["artifactType"] = artifact_type
    annotations = msgspec.json.decode(content).get("annotations")
    if isinstance(annotations, dict) and annotations:
        shown["annotations"] = annotations
    return shown


def _about(connection: Connection, asked: Asked, name: Name, digest: str) -> list[dict[str, Any]] | Refusal:
    model = look_up.readable_model(connection, asked, name)
    if isinstance(model, Refusal):
        return model
    holders = manifests.with_digest(connection, model.model_id, digest)
    served = [one.release_id for one in holders if releases.by_id(connection, one.release_id).is_served]
    return [_shown(connection, one) for one in manifests.about(connection, served, digest)] if served else []


def _own(connection: Connection, place: Place, digest: str) -> list[dict[str, Any]]:
    found = oci_pushed.about(connection, place, digest)
    return [described(one.media_type, one.digest, one.size, one.artifact_type, one.content) for one in found]


def _shown(connection: Connection, one: Frozen) -> dict[str, Any]:
    content = manifests.bytes_of(connection, one)
    return described(one.media_type, one.digest, one.size, one.artifact_type, content)


def _main(connection: Connection, model: Model) -> str:
    """Return the release that `main` means, if it is served."""
    branch = branches.find(connection, model.model_id, MAIN)
    release = None if branch is None else releases.of_commit(connection, model.model_id, branch.served)
    return release.release_id if release is not None and release.is_served and not release.is_tombstone else ""


ROUTES = (
    Route(methods=("GET", "HEAD"), pattern=r"/v2/?", access="read", answer=support, face="oci"),
    Route(methods=("GET",), pattern=REPOSITORY + r"/tags/list", access="read", answer=list_tags, face="oci"),
    Route(
        methods=("GET",),
        pattern=REPOSITORY + r"/referrers/(?P<digest>[^/]{1,300})",
        access="read",
        answer=list_referrers,
        face="oci",
    ),
)
