"""Blobs on their way in: at once, in parts, as a stream, or taken over from another repository.

All of it ends in quarantine. A blob becomes part of a repository for the account that sent it, and for nobody else.
Sources: OCI distribution 1.1, "Pushing blobs"; Ollama, `server/upload.go`, `x/transfer/upload.go` (`Content-Range` of
each part, which it sends again after an error; addresses are used as they are, so they are whole).
"""

import re
from collections.abc import AsyncIterator

from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import oci_pushed, storing, uploads
from weighbridge.hub.call import Answer, Call, Route
from weighbridge.hub.names import Name
from weighbridge.hub.oci_asked import REPOSITORY, Digest, is_ollama, parse_digest, repository
from weighbridge.hub.oci_mounting import may_take_from, mounted
from weighbridge.hub.oci_place import keep_blob, place_of
from weighbridge.hub.oci_refusing import outer_origin, refuse_scope, refuse_unknown
from weighbridge.hub.oci_rights import may_push
from weighbridge.hub.uploads import Upload
from weighbridge.model.errors import WeighbridgeError

_RANGE = re.compile(r"(?:bytes[ =])?([0-9]{1,15})-([0-9]{1,15})(?:/(?:[0-9]{1,15}|\*))?", re.ASCII)
_UPLOAD = REPOSITORY + r"/blobs/uploads/(?P<upload>[0-9a-f]{32})"


async def begin_upload(call: Call) -> None:
    """Begin an upload, take a whole blob, or take one over from another repository."""
    name, query = repository(call), call.query
    if not await may_push(call, name):
        return
    if "mount" in query:
        digest, source = parse_digest(query["mount"]), query.get("from", "")
        if not may_take_from(call, source):
            await refuse_scope(call, also=source)
            return
        if await mounted(call, name, digest, source):
            await _stored(call, name, digest)
            return
    elif "digest" in query:
        digest = parse_digest(query["digest"])
        if _has_body(call):
            by = place_of(call, name).account_id
            received = await storing.store_blob(
                call.hub, call.pieces(), sha256=_sha256(digest), size=_announced(call), account_id=by
            )
            await keep_blob(call, name, digest, received)
            await _stored(call, name, digest)
            return
        if await _is_here(call, name, digest):
            await _stored(call, name, digest)
            return
    upload = await uploads.begin(call.hub, call.caller, name.alias)
    await call.reply(202, headers=_state(call, name, upload.upload_id, 0))


async def send_part(call: Call) -> None:
    """Take the next part of an upload."""
    found = await _upload(call)
    if found is None:
        return
    name, upload = found
    size = await _append(call, name, upload)
    if size is not None:
        await call.reply(202, headers=_state(call, name, upload.upload_id, size))


async def finish_upload(call: Call) -> None:
    """Take the last part, if one comes, and keep the blob under its digest."""
    found = await _upload(call)
    if found is None:
        return
    name, upload = found
    digest = parse_digest(call.query.get("digest", ""))
    if (_has_body(call) or call.header("content-range")) and await _append(call, name, upload) is None:
        return
    await keep_blob(call, name, digest, await uploads.finish(call.hub, upload.upload_id, _sha256(digest)))
    await _stored(call, name, digest)


async def upload_state(call: Call) -> None:
    """Say how far an upload is."""
    found = await _upload(call)
    if found is not None:
        name, upload = found
        size = await uploads.size(call.hub, upload.upload_id)
        await call.reply(204, headers=_state(call, name, upload.upload_id, size))


async def cancel_upload(call: Call) -> None:
    """Throw an upload away."""
    found = await _upload(call)
    if found is not None:
        await uploads.cancel(call.hub, found[1].upload_id)
        await call.reply(204)


async def _upload(call: Call) -> tuple[Name, Upload] | None:
    """Return whose upload is meant, if it is the caller's; None if that was answered."""
    name = repository(call)
    if not await may_push(call, name):
        return None
    try:
        return name, await uploads.find(call.hub, call.parts["upload"], call.caller, name.alias)
    except RefusedError as error:
        await refuse_unknown(call, "BLOB_UPLOAD_UNKNOWN", f"{error.message}. Begin it anew.")
        return None


async def _append(call: Call, name: Name, upload: Upload) -> int | None:
    """Add what comes to an upload; return its size. None: that it does not follow what is there was answered."""
    said = call.header("content-range")
    start = end = None
    if said:
        found = _RANGE.fullmatch(said.strip())
        if found is None or int(found[2]) < int(found[1]):
            raise WeighbridgeError("E-oci-upload", f"this is no range: {said[:60]!r}", "write Content-Range: 0-99")
        start, end = int(found[1]), int(found[2])
        length = call.header("content-length")
        if length.isdigit() and int(length) != end - start + 1:
            raise WeighbridgeError(
                "E-oci-upload", f"{length[:20]} bytes are not {said[:60]}", "send what the range says"
            )
    pieces: AsyncIterator[bytes] = call.pieces()
    size = await uploads.size(call.hub, upload.upload_id)
    if start is not None and end is not None and start < size and is_ollama(call):
        # Ollama sends a part again from its beginning when the connection broke within it.
        if end < size:
            return size
        pieces, start = _after(pieces, size - start), size
    try:
        return await uploads.append(call.hub, upload.upload_id, start, pieces)
    except RefusedError as error:
        if error.status != 416:
            raise
        await call.reply(416, headers=_state(call, name, upload.upload_id, size))
        return None


async def _after(pieces: AsyncIterator[bytes], count: int) -> AsyncIterator[bytes]:
    async for piece in pieces:
        if count < len(piece):
            yield piece[count:]
        count = max(0, count - len(piece))


async def _is_here(call: Call, name: Name, digest: Digest) -> bool:
    place = place_of(call, name)
    found = await call.hub.server.store.read(lambda c: oci_pushed.blobs(c, place, [str(digest)]))
    return bool(found) and await storing.is_stored(call.hub, found[str(digest)].sha256) is not None


async def _stored(call: Call, name: Name, digest: Digest) -> None:
    address = f"{outer_origin(call)}/v2/{name}/blobs/{digest}"
    await call.reply(201, headers={"location": address, "docker-content-digest": str(digest)})


def _state(call: Call, name: Name, upload_id: str, size: int) -> dict[str, str]:
    return {
        "location": f"{outer_origin(call)}/v2/{name}/blobs/uploads/{upload_id}",
        "docker-upload-uuid": upload_id,
        "range": f"0-{max(0, size - 1)}",
    }


def _announced(call: Call) -> int | None:
    length = call.header("content-length")
    return int(length) if length.isascii() and length.isdigit() and len(length) <= 15 else None


def _has_body(call: Call) -> bool:
    return call.header("content-length") not in ("", "0") or bool(call.header("transfer-encoding"))


def _sha256(digest: Digest) -> str:
    return digest.hexadecimal if digest.algorithm == "sha256" else ""


def _route(methods: tuple[str, ...], pattern: str, answer: Answer) -> Route:
    return Route(methods=methods, pattern=pattern, access="write", answer=answer, face="oci")


ROUTES = (
    _route(("POST",), REPOSITORY + r"/blobs/uploads/?", begin_upload),
    _route(("PATCH",), _UPLOAD, send_part),
    _route(("PUT",), _UPLOAD, finish_upload),
    _route(("GET",), _UPLOAD, upload_state),
    _route(("DELETE",), _UPLOAD, cancel_upload),
)
