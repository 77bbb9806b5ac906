"""Sends a small content that stands in the catalog: as a blob would be sent, parts of it too."""

from collections.abc import Mapping

from weighbridge.hub.call import Call
from weighbridge.hub.ranges import part_of


async def serve_bytes(call: Call, content: bytes, headers: Mapping[str, str]) -> None:
    """Answer GET or HEAD with some bytes, or the part of them that is asked for."""
    said = {"content-type": "application/octet-stream", "accept-ranges": "bytes", "cache-control": "private, no-cache"}
    said |= {name.lower(): value for name, value in headers.items()}
    try:
        part = part_of(call.header("range") if call.method == "GET" else "", len(content))
    except ValueError:
        await call.reply(416, headers={**said, "content-range": f"bytes */{len(content)}"})
        return
    if part is None:
        await call.reply(200, content, said)
        return
    said["content-range"] = f"bytes {part.start}-{part.end - 1}/{len(content)}"
    await call.reply(206, content[part.start : part.end], said)
