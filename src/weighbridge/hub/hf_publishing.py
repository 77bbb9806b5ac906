"""What every write of the Hugging Face face begins with: that this caller may, and a body that is what it should be."""

from collections.abc import Collection
from typing import TypeVar

import msgspec

from weighbridge.fleet.permissions import Viewer
from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import sent_blobs
from weighbridge.hub.call import LARGEST_BODY, Call
from weighbridge.hub.hf_account import not_to_publish
from weighbridge.hub.hf_request import name_of, refuse
from weighbridge.hub.hub import Hub
from weighbridge.hub.names import Name

T = TypeVar("T")


async def publisher(call: Call, name: Name | None = None) -> tuple[Name, Viewer] | None:
    """Return the model of an address and who writes to it; None if the caller was told that they may not."""
    wanted, asked, origin = name or name_of(call), call.caller, call.hub.origin
    why = await call.hub.server.store.read(lambda connection: not_to_publish(connection, asked, wanted, origin))
    if why is not None or asked.viewer is None:
        if why is not None:
            await refuse(call, why)
        return None
    return wanted, asked.viewer


async def json_of(call: Call, kind: type[T], most: int = LARGEST_BODY) -> T:
    """Return the body. Raises RefusedError: 400, 413."""
    try:
        return msgspec.json.decode(await call.body(most), type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise RefusedError(
            400, "E-request", f"the body does not fit: {str(error)[:200]}", "send what `hf` sends"
        ) from error


async def note_sent(hub: Hub, account_id: str, digests: Collection[str]) -> None:
    """Take note of who sent bytes that are in the store."""
    now = hub.server.clock()
    await hub.server.store.write(lambda connection: sent_blobs.note(connection, now, account_id, digests))
