"""Sends the bytes of a blob: whole, or the part that was asked for, in pieces that are large enough to be cheap.

Hashing on the way out would cost four times what sending does: bytes were hashed when they came in, and nothing stands
under a digest before. Sources: RFC 9110, sections 13 to 15; OCI distribution 1.1, "Pulling blobs".
"""

import asyncio
from collections.abc import AsyncIterator, Mapping

from weighbridge.hub.blob_index import Blob
from weighbridge.hub.call import Call
from weighbridge.hub.ranges import names, part_of


async def serve_blob(call: Call, blob: Blob, headers: Mapping[str, str]) -> None:
    """Answer GET or HEAD with a blob. That the caller may have it was decided before.

    `call.status` and `call.sent` say afterwards, also of a pull that broke off, what went out.

    Args:
        call: who asks, and for which part.
        blob: what to send.
        headers: what the face adds; an `etag` of its own replaces the digest.

    Raises:
        WeighbridgeError: `E-blob-read` if the bytes are not there.
    """
    said = {
        "content-type": "application/octet-stream",
        "etag": f'"{blob.sha256}"',
        "accept-ranges": "bytes",
        # Who may have it is asked each time, and a browser must not take bytes of a model for a page.
        "cache-control": "private, no-cache",
        **{name.lower(): value for name, value in headers.items()},
    }
    if names(call.header("if-none-match"), said["etag"]):
        await call.reply(304, headers={name: said[name] for name in ("etag", "cache-control")})
        return
    try:
        part = part_of(_wanted(call, said["etag"]), blob.size)
    except ValueError:
        await call.reply(416, headers={**said, "content-length": "0", "content-range": f"bytes */{blob.size}"})
        return
    status = 200
    if part is not None:
        status = 206
        said["content-range"] = f"bytes {part.start}-{part.end - 1}/{blob.size}"
    elif not blob.size and call.header("range"):
        # The clients for Rust (`hf-hub`) and JavaScript ask for one byte, and learn the size of any file from this.
        said["content-range"] = "bytes */0"
    start, end = part or (0, blob.size)
    said["content-length"] = str(end - start)
    if call.method == "HEAD":
        await call.start(status, said)
        await call.end()
        return
    await _send(call, call.hub.blobs.read(blob.place, blob.sha256, start, end), status, said)


def _wanted(call: Call, etag: str) -> str:
    """Return the range asked for, empty where it does not count: only GET has ranges, and only of the same bytes."""
    condition = call.header("if-range").strip()
    return call.header("range") if call.method == "GET" and condition in ("", etag) else ""


async def _send(call: Call, pieces: AsyncIterator[bytes], status: int, headers: Mapping[str, str]) -> None:
    # The first piece is read before anything is said: bytes that are not there are an error, not a short answer.
    first = await anext(pieces, b"")
    await call.start(status, headers)
    await call.piece(first)
    # What is sent to somebody who has gone away is lost without a word, and would be read to its end for nobody.
    gone = asyncio.ensure_future(call.gone())
    try:
        async for piece in pieces:
            # Bytes that are at hand, and taken as fast, leave the loop to nobody else: no other request, and no word
            # that the client has gone away.
            await asyncio.sleep(0)
            if gone.done():
                return
            await call.piece(piece)
    finally:
        gone.cancel()
    await call.end()
