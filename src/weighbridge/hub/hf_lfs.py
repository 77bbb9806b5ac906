"""Files that come before their commit, by Git LFS: a batch says where to, then each is sent to an address of its own.

Sources: Git LFS specification, "Batch API" and "Basic Transfer"; huggingface_hub, `lfs.py`.
"""

import msgspec

from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import proofs, sent_blobs, space
from weighbridge.hub.call import Call, Route
from weighbridge.hub.faces import SIGNED, WRITE
from weighbridge.hub.hf_lfs_parts import in_parts
from weighbridge.hub.hf_publishing import json_of, note_sent, publisher
from weighbridge.hub.hf_request import ELSEWHERE, FACE, MODEL, base
from weighbridge.hub.hf_tickets import LASTS, Ticket, address, ticket_of
from weighbridge.hub.names import Name, is_sha256
from weighbridge.hub.storing import MOST, is_stored, store_blob

_KIND = {"content-type": "application/vnd.git-lfs+json"}
_AT_ONCE = 1_000
_ALGORITHMS = ("sha256", "sha_256")
"""What clients call SHA-256: those for Python as the specification does, and `@huggingface/hub`."""
_WHOLE = "lfs"


class _Object(msgspec.Struct):
    oid: str
    size: int


class _Batch(msgspec.Struct):
    operation: str
    objects: list[_Object]
    transfers: list[str] = []
    hash_algo: str = "sha256"


async def batch(call: Call) -> None:
    """Answer where each file goes that is not here yet."""
    allowed = await publisher(call)
    if allowed is None:
        return
    name, viewer = allowed
    asked = await json_of(call, _Batch)
    if asked.operation != "upload" or asked.hash_algo not in _ALGORITHMS or len(asked.objects) > _AT_ONCE:
        raise RefusedError(
            422,
            "E-request",
            "this batch does not fit",
            f"upload up to {_AT_ONCE} files by SHA-256; read with `hf download`",
        )
    known = [one for one in asked.objects if is_sha256(one.oid) and 0 <= one.size <= MOST]
    here = await _here(call, name, known)
    # All of them at once, so that nobody learns at the last file that the others were in vain.
    sizes = {one.oid: one.size for one in known if here.get(one.oid) != one.size}
    await space.check(call.hub, viewer.account_id, sum(sizes.values()))
    ends = call.hub.server.clock() // 1000 + LASTS
    objects = []
    for one in asked.objects:
        answer: dict[str, object] = {"oid": one.oid[:64], "size": one.size}
        if not is_sha256(one.oid) or not 0 <= one.size <= MOST:
            answer["error"] = {"code": 422, "message": "this is no SHA-256, or no size of a file"}
        elif here.get(one.oid) != one.size:
            ticket = Ticket(
                purpose=_WHOLE,
                account_id=viewer.account_id,
                proof_id=proofs.id_of(call.caller),
                model=str(name),
                sha256=one.oid,
                size=one.size,
                ends=ends,
            )
            upload = await in_parts(call, ticket) if "multipart" in asked.transfers else None
            if upload is None:
                upload = {"href": await address(call.hub, base(call), f"/lfs/{one.oid}", ticket)}
            verify = {"href": f"{base(call)}/{name}.git/info/lfs/verify"}
            answer |= {"authenticated": True, "actions": {"upload": upload, "verify": verify}}
        objects.append(answer)
    await call.reply_json({"transfer": "basic", "objects": objects}, headers=_KIND)


async def _here(call: Call, name: Name, wanted: list[_Object]) -> dict[str, int]:
    """Return the sizes of those files that need not be sent: they are here, and the caller may commit them."""
    asked, digests = call.asked, [one.oid for one in wanted]
    strange = await call.hub.server.store.read(lambda connection: sent_blobs.strange(connection, asked, name, digests))
    found = [await is_stored(call.hub, one) for one in sorted(set(digests) - set(strange))]
    return {blob.sha256: blob.size for blob in found if blob is not None}


async def put_whole(call: Call) -> None:
    """Take a file that a batch announced."""
    ticket, who = await ticket_of(call, _WHOLE)
    if ticket.sha256 != call.parts["oid"] or who.viewer is None:
        raise RefusedError(403, "E-hub-ticket", "this address is for another file", "begin the upload again")
    by = who.viewer.account_id
    await store_blob(call.hub, call.pieces(), most=ticket.size, sha256=ticket.sha256, size=ticket.size, account_id=by)
    await note_sent(call.hub, by, [ticket.sha256])
    await call.reply(200, headers={"etag": f'"{ticket.sha256}"'})


async def verify(call: Call) -> None:
    """Answer whether a file came whole."""
    allowed = await publisher(call)
    if allowed is None:
        return
    one = await json_of(call, _Object)
    here = await _here(call, allowed[0], [one]) if is_sha256(one.oid) else {}
    if here.get(one.oid) != one.size:
        raise RefusedError(404, "E-not-found", f"{one.oid[:12]} did not come whole", "send it again")
    await call.reply_json({}, headers=_KIND)


_LFS = f"/{ELSEWHERE}{MODEL}\\.git/info/lfs"
ROUTES = (
    Route(methods=("POST",), pattern=f"{_LFS}/objects/batch", access=WRITE, answer=batch, face=FACE),
    Route(methods=("POST",), pattern=f"{_LFS}/verify", access=WRITE, answer=verify, face=FACE),
    Route(methods=("PUT",), pattern="/lfs/(?P<oid>[0-9a-f]{64})", access=SIGNED, answer=put_whole, face=FACE),
)
