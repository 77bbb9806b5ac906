"""`HEAD` and `GET /{id}/resolve/{revision}/{path}`, and `/raw/`: the bytes of a file, under the digest that they have.

The entity tag is the SHA-256 of every file, so that a cache is one by digest. A miss names the commit, too: then the
client keeps in mind that the file is not there. Nothing says Xet: who sees that word asks for parts of files.
Source: huggingface_hub, `file_download.py` (`get_hf_file_metadata`, `_get_metadata_or_catch_error`, `http_get`).
"""

import re

from sqlalchemy import Connection

from weighbridge.hub import look_up, models, refusal, release_files
from weighbridge.hub.blob_index import Blob
from weighbridge.hub.branches import MAIN
from weighbridge.hub.call import Call, Route
from weighbridge.hub.caller import may_publish
from weighbridge.hub.faces import READ
from weighbridge.hub.hf_request import ELSEWHERE, FACE, MODEL, REVISION, name_of, refuse, revision_of, told
from weighbridge.hub.look_up import Asked, Served
from weighbridge.hub.names import Name
from weighbridge.hub.pulls import note_pull
from weighbridge.hub.refusal import Refusal
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.serving import serve_blob

MOST_OVER_HTTP = 50_000_000_000
"""Bytes of a file which huggingface_hub refuses to fetch over HTTP if it learns of them before (its `constants.py`)."""
_NEEDS_NO_SIZE = re.compile(r"(?:^|[ ;])hf_hub/[1-9]")
"""Versions that fetch what has no size. Those before 1 do not, and with the size say what people can do: their program
`hf_transfer` fetches files of any size."""


async def resolve(call: Call) -> None:
    """Answer with a file, or with what is known of it."""
    name, revision, path, asked = name_of(call), revision_of(call), call.parts["path"], call.asked
    found = await call.hub.server.store.read(lambda connection: _found(connection, asked, name, revision, path))
    if isinstance(found, Refusal):
        await refuse(call, found)
        return
    if len(found) == 2:
        release, why = found
        await refuse(call, why, told(*release))
        return
    release, file, blob = found
    headers = {**told(*release), "etag": f'"{file.sha256}"', "x-linked-etag": f'"{file.sha256}"'}
    if call.method == "HEAD" and file.size > MOST_OVER_HTTP and _NEEDS_NO_SIZE.search(call.header("user-agent")):
        await call.start(200, {**headers, "accept-ranges": "bytes", "content-type": "application/octet-stream"})
        await call.end()
        return
    try:
        await serve_blob(call, blob, {**headers, "x-linked-size": str(file.size)})
    finally:
        note_pull(call.hub, call, release.release, file, call.sent, call.status)


def _found(
    connection: Connection, asked: Asked, name: Name, revision: str, path: str
) -> tuple[Served, ReleaseFile, Blob] | tuple[Served, Refusal] | Refusal:
    """Return what a caller gets; of a model that waits, who may upload learns that a file is not in it.

    `push_to_hub` of transformers looks for a model card first, and writes one if there is none.
    """
    found = look_up.served_file(connection, asked, name, revision, path)
    waits = isinstance(found, Refusal) and found.reason in (refusal.NO_REVISION, refusal.PENDING_REVIEW)
    model = models.by_name(connection, name)
    if not waits or revision != MAIN or model is None or not may_publish(connection, asked.caller, name.namespace):
        return found
    release = look_up.release_of(connection, model, MAIN)
    if release is not None and release_files.at_path(connection, release.release_id, path) is not None:
        return found
    return refusal.no_file(asked.origin, model.full_name, path)


ROUTES = (
    Route(
        methods=("GET", "HEAD"),
        # `raw` is what `@huggingface/hub` asks whether a file is there.
        pattern=f"/{ELSEWHERE}{MODEL}/(?:resolve|raw)/{REVISION}/(?P<path>.+)",
        access=READ,
        answer=resolve,
        face=FACE,
    ),
)
