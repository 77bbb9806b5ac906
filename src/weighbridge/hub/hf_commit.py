"""`POST /api/models/{id}/commit/{revision}`: a new release, which goes into quarantine and is weighed.

Source: huggingface_hub, `_commit_api.py` (`_send_commit`).
"""

from collections.abc import AsyncIterator

from weighbridge.fleet import audit
from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import dialects, sent_blobs
from weighbridge.hub.call import Call, Route
from weighbridge.hub.faces import WRITE
from weighbridge.hub.hf_commit_lines import File, Head, LargeFile, commit_lines
from weighbridge.hub.hf_publishing import publisher
from weighbridge.hub.hf_request import API, FACE, REVISION, base, is_on, revision_of
from weighbridge.hub.ingest import Change, Put, Remove, commit_files
from weighbridge.hub.names import Name, check_path
from weighbridge.hub.releases import Release
from weighbridge.hub.states import PENDING
from weighbridge.hub.storing import store_blob
from weighbridge.model.errors import WeighbridgeError


async def commit(call: Call) -> None:
    """Take a commit."""
    allowed = await publisher(call)
    if allowed is None:
        return
    name, viewer = allowed
    if is_on(call, "create_pr"):
        raise RefusedError(
            400, "E-request", "every upload is reviewed here, so there are no pull requests", "leave out --create-pr"
        )
    head, changes = await _read(call, name)
    try:
        release = await commit_files(
            call.hub,
            viewer.name,
            name,
            parent=head.parent_commit,
            title=head.summary,
            changes=changes,
            revision=revision_of(call),
        )
    except WeighbridgeError as error:
        if error.code == "E-commit-parent":
            raise RefusedError(412, error.code, error.message, error.hint) from error
        raise
    now = call.hub.server.clock()
    detail = {"commit": release.commit_id, "model": str(name), "changes": len(changes)}
    await call.hub.server.store.write(
        lambda connection: audit.note(connection, now, viewer, "model.upload", release.release_id, detail)
    )
    said = {"success": True, "commitOid": release.commit_id, "hookOutput": ""}
    said["commitUrl"] = f"{base(call)}/{name}/commit/{release.commit_id}"
    await call.reply_json(said, headers=_what_next(call, name, release))


async def _read(call: Call, name: Name) -> tuple[Head, list[Change]]:
    """Return what a commit says and changes, the bytes in it taken in."""
    head = Head()
    large: list[str] = []
    changes: list[Change] = []
    async for part in commit_lines(call.pieces()):
        if isinstance(part, Head):
            head = part
        elif isinstance(part, File):
            body = part.body()
            by = call.caller.viewer.account_id if call.caller.viewer else ""
            received = await store_blob(call.hub, _one(body), most=len(body), size=len(body), account_id=by)
            changes.append(Put(path=check_path(part.path), sha256=received.sha256))
        elif isinstance(part, LargeFile):
            if part.algo != "sha256":
                raise RefusedError(
                    400, "E-request", f"files are known by SHA-256 here, not {part.algo[:40]}", "send it"
                )
            large.append(part.oid)
            changes.append(Put(path=check_path(part.path), sha256=part.oid))
        else:
            changes.append(Remove(path=part.path, is_folder=part.is_folder))
    asked = call.asked
    strange = await call.hub.server.store.read(lambda connection: sent_blobs.strange(connection, asked, name, large))
    if strange:
        raise RefusedError(
            400, "E-commit-blob", f"the bytes of {strange[0][:64]} did not come", "send them, then commit"
        )
    return head, changes


async def _one(body: bytes) -> AsyncIterator[bytes]:
    yield body


def _what_next(call: Call, name: Name, release: Release) -> dict[str, str]:
    """Return a word for people on what becomes of what they sent."""
    if release.state not in PENDING:
        return {}
    link = f"{call.hub.origin}/catalog/{name}"
    text = f"{name} is in quarantine now and is looked into. It can be loaded once it is approved. Follow it: {link}"
    return {"x-hf-warning": dialects.one_line(f"{release.commit_id}; {text}")}


ROUTES = (Route(methods=("POST",), pattern=f"{API}/commit/{REVISION}", access=WRITE, answer=commit, face=FACE),)
