"""Manifests on their way in. One of a model becomes a release in quarantine; any other waits for who sent it.

Source: OCI distribution 1.1, "Pushing Manifests", "Pushing Manifests with Subject".
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial

from sqlalchemy import Connection

from weighbridge.hub import blob_index, oci_pushed, oci_tags
from weighbridge.hub.call import Call, Route
from weighbridge.hub.ingest import Change, Put, commit_files
from weighbridge.hub.look_up import Asked, served_blob
from weighbridge.hub.names import Name, is_commit
from weighbridge.hub.oci_asked import REPOSITORY, is_digest, is_tag, parse_digest, repository
from weighbridge.hub.oci_place import place_of
from weighbridge.hub.oci_pushed import Place, PushedManifest
from weighbridge.hub.oci_refusing import outer_origin
from weighbridge.hub.oci_rights import may_push
from weighbridge.hub.pushed_manifest import LARGEST, Manifest, read_manifest, refused
from weighbridge.hub.pushed_model import Layer, layers_of
from weighbridge.hub.refusal import Refusal
from weighbridge.hub.unpacking import unpack
from weighbridge.model.errors import WeighbridgeError

MOST_TAGS = 20
"""Of one request."""


async def put_manifest(call: Call) -> None:
    """Take a manifest."""
    name, reference = repository(call), call.parts["reference"]
    if not await may_push(call, name):
        return
    content = await call.body(LARGEST)
    digest, tags = _meant(call, reference, content)
    manifest, media_type = read_manifest(content, call.header("content-type"))
    place, asked, store = place_of(call, name), call.asked, call.hub.server.store
    known = await store.read(lambda connection: _check_known(connection, asked, name, place, manifest))
    layers = layers_of(manifest)
    release_id = await _commit(call, name, layers, known, digest, tags) if layers and tags else ""
    pushed = PushedManifest(
        digest=digest,
        media_type=media_type,
        artifact_type=manifest.kind,
        subject=manifest.subject.digest if manifest.subject is not None else "",
        release_id=release_id,
        content=content,
        size=len(content),
    )
    now = call.hub.server.clock()
    await store.write(lambda connection: _keep(connection, now, place, pushed, tags))
    headers = {"location": f"{outer_origin(call)}/v2/{name}/manifests/{digest}", "docker-content-digest": digest}
    if pushed.subject:
        headers["oci-subject"] = pushed.subject
    if tags and is_digest(reference):
        headers["oci-tag"] = ", ".join(tags)
    await call.reply(201, headers=headers)


async def _commit(
    call: Call, name: Name, layers: Sequence[Layer], known: Mapping[str, str], digest: str, tags: Sequence[str]
) -> str:
    """Make a release that all tags mean, if there is none; return its id. Raises WeighbridgeError."""
    place, store = place_of(call, name), call.hub.server.store
    release = await store.read(lambda connection: oci_tags.release_of(connection, place, digest))
    changes: list[Change] = []
    for tag in tags:
        if release is not None:
            now, viewer = call.hub.server.clock(), call.caller.viewer
            if await store.write(partial(oci_tags.point, now=now, viewer=viewer, release=release, tag=tag)):
                continue
        changes = changes or await _changes(call, name, layers, known)
        release = await commit_files(
            call.hub,
            call.caller.name,
            name,
            parent=None,
            title=f"Pushed as {tag}",
            changes=changes,
            revision=oci_tags.branch_of(tag),
            from_nothing=True,
        )
    return release.release_id if release is not None else ""


async def _changes(call: Call, name: Name, layers: Sequence[Layer], known: Mapping[str, str]) -> list[Change]:
    """Return the files of a manifest, archives taken apart. Raises WeighbridgeError."""
    changes: list[Change] = [Put(path=one.path, sha256=known[one.digest]) for one in layers if not one.packed]
    # Each archive once, however often a manifest names it, and whatever number of tags it gets.
    for digest, packed in dict.fromkeys((one.digest, one.packed) for one in layers if one.packed):
        changes += await unpack(call.hub, known[digest], packed, place_of(call, name).account_id)
    return changes


def _meant(call: Call, reference: str, content: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the digest of a manifest and its tags. Raises WeighbridgeError `E-oci-manifest`, `E-blob-digest`."""
    if not is_digest(reference):
        tags: tuple[str, ...] = (reference,)
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    else:
        said = parse_digest(reference)
        if hashlib.new(said.algorithm, content).hexdigest() != said.hexadecimal:
            raise WeighbridgeError("E-blob-digest", f"this manifest is not {reference[:20]}", "send it again")
        digest, tags = reference, tuple(dict.fromkeys(call.queries("tag")))
    if len(tags) > MOST_TAGS:
        raise refused(f"at most {MOST_TAGS} tags are set at once")
    for tag in tags:
        if not is_tag(tag) or is_commit(tag):
            raise refused(f"{tag[:128]!r} is no tag")
    return digest, tags


def _check_known(connection: Connection, asked: Asked, name: Name, place: Place, manifest: Manifest) -> dict[str, str]:
    """Return the SHA-256 of what a manifest points to by digest. Raises `E-commit-blob` for what is not here."""
    wanted = [one for one in [manifest.config, *manifest.layers] if one is not None and not one.urls]
    there = oci_pushed.blobs(connection, place, sorted({one.digest for one in wanted}))
    known: dict[str, str] = {}
    for digest in dict.fromkeys(one.digest for one in wanted):
        known[digest] = there[digest].sha256 if digest in there else _served(connection, asked, name, digest)
    held = blob_index.find_all(connection, sorted(set(known.values())))
    for digest, sha256 in known.items():
        if sha256 not in held:
            raise _unknown(digest)
    for other in manifest.manifests:
        if oci_pushed.manifest(connection, place, other.digest) is None:
            raise _unknown(other.digest)
    return known


def _served(connection: Connection, asked: Asked, name: Name, digest: str) -> str:
    """Return the SHA-256 of what this repository serves already. Raises WeighbridgeError `E-commit-blob`."""
    parsed = parse_digest(digest)
    found = served_blob(connection, asked, name, parsed.hexadecimal)
    if isinstance(found, Refusal) or parsed.algorithm != "sha256":
        raise _unknown(digest)
    return found.sha256


def _keep(connection: Connection, now: int, place: Place, pushed: PushedManifest, tags: Sequence[str]) -> None:
    oci_pushed.add_manifest(connection, now, place, pushed)
    if pushed.release_id:
        # It may have been here before, and no model then.
        oci_pushed.point_to_release(connection, place, pushed.digest, pushed.release_id)
    for tag in tags:
        oci_pushed.tag(connection, now, place, tag, pushed.digest)


def _unknown(digest: str) -> WeighbridgeError:
    return WeighbridgeError("E-commit-blob", f"this repository has no {digest[:80]}", "send it, then the manifest")


ROUTES = (
    Route(
        methods=("PUT",),
        pattern=REPOSITORY + r"/manifests/(?P<reference>[^/]{1,300})",
        access="write",
        answer=put_manifest,
        face="oci",
    ),
)
