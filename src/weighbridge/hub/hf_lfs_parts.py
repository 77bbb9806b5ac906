"""Large files in parts: each is sent to an address of its own, one after the other, and one that broke off again.

Source: huggingface_hub, `lfs.py` (`_upload_multi_part`: `chunk_size` and numbered addresses in `header`).
"""

from collections.abc import AsyncIterator

import msgspec

from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import uploads
from weighbridge.hub.call import Call, Route
from weighbridge.hub.faces import SIGNED
from weighbridge.hub.hf_publishing import json_of, note_sent
from weighbridge.hub.hf_request import FACE, base
from weighbridge.hub.hf_tickets import Ticket, address, ticket_of

PART = 128 << 20
"""Bytes of a part."""
_PART, _END = "lfs-part", "lfs-end"


class _Parts(msgspec.Struct):
    oid: str


async def in_parts(call: Call, whole: Ticket) -> dict[str, object] | None:
    """Return where the parts of a large file go; None for one that is sent whole."""
    if whole.size <= PART:
        return None
    upload = await uploads.begin(call.hub, call.caller, whole.model)
    replace, origin, path = msgspec.structs.replace, base(call), f"/lfs/parts/{upload.upload_id}"
    end = replace(whole, purpose=_END, upload=upload.upload_id)
    header = {"chunk_size": str(PART)}
    for number in range(1, -(-whole.size // PART) + 1):
        part = replace(whole, purpose=_PART, upload=upload.upload_id, part=number)
        header[str(number)] = await address(call.hub, origin, f"{path}/{number}", part)
    return {"href": await address(call.hub, origin, path, end), "header": header}


async def put_part(call: Call) -> None:
    """Take a part. What came of it before is not written again."""
    ticket, who = await ticket_of(call, _PART)
    if ticket.upload != call.parts["upload"] or str(ticket.part) != call.parts["part"]:
        raise RefusedError(403, "E-hub-ticket", "this address is for another part", "begin the upload again")
    await uploads.find(call.hub, ticket.upload, who, ticket.model)
    start, end = (ticket.part - 1) * PART, min(ticket.part * PART, ticket.size)
    here = await uploads.size(call.hub, ticket.upload)
    if here < start:
        raise RefusedError(409, "E-blob-offset", "the part before this one is not here", "begin the upload again")
    size = await uploads.append(
        call.hub, ticket.upload, here, _without(call.pieces(), here - start), most=max(end, here)
    )
    if size < end:
        raise RefusedError(400, "E-blob-size", "this part did not come whole", "send it again")
    await call.reply(200, headers={"etag": f'"{ticket.part}"'})


async def _without(pieces: AsyncIterator[bytes], count: int) -> AsyncIterator[bytes]:
    """Yield what follows the first `count` bytes."""
    async for piece in pieces:
        if count < len(piece):
            yield piece[count:]
        count = max(0, count - len(piece))


async def end_parts(call: Call) -> None:
    """Put the parts together."""
    ticket, who = await ticket_of(call, _END)
    asked = await json_of(call, _Parts)
    if ticket.upload != call.parts["upload"] or asked.oid != ticket.sha256 or who.viewer is None:
        raise RefusedError(403, "E-hub-ticket", "this address is for another file", "begin the upload again")
    await uploads.find(call.hub, ticket.upload, who, ticket.model)
    await uploads.finish(call.hub, ticket.upload, ticket.sha256, size=ticket.size)
    await note_sent(call.hub, who.viewer.account_id, [ticket.sha256])
    await call.reply_json({})


_UPLOAD = "/lfs/parts/(?P<upload>[0-9a-f]{32})"
ROUTES = (
    Route(methods=("PUT",), pattern=f"{_UPLOAD}/(?P<part>[0-9]{{1,6}})", access=SIGNED, answer=put_part, face=FACE),
    Route(methods=("POST",), pattern=_UPLOAD, access=SIGNED, answer=end_parts, face=FACE),
)
