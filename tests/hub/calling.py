"""A call to a route of the hub without a server around it, and what was answered."""

import asyncio
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from obstore.store import MemoryStore

from weighbridge.hub.blobs import BlobStore
from weighbridge.hub.call import Call
from weighbridge.hub.caller import Caller

NOBODY = Caller(viewer=None)


class Answered:
    """What a route sent."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    async def send(self, message: dict[str, Any]) -> None:
        """Keep a message of ASGI."""
        self.messages.append(message)

    @property
    def status(self) -> int:
        """The status."""
        return self.messages[0]["status"]

    @property
    def headers(self) -> dict[str, str]:
        """The headers."""
        return {name.decode(): value.decode() for name, value in self.messages[0]["headers"]}

    @property
    def body(self) -> bytes:
        """All of the body."""
        return b"".join(message["body"] for message in self.messages[1:])


def call_of(
    hub: Any = None,
    method: str = "GET",
    path: str = "/",
    headers: dict[str, str] | None = None,
    pieces: Iterable[bytes] = (),
    caller: Caller = NOBODY,
    parts: dict[str, str] | None = None,
) -> tuple[Call, Answered]:
    """Return a call, and where its answer will be. `pieces`: the body; after one, the client goes away."""
    answered, waiting = Answered(), [{"type": "http.request", "body": one, "more_body": True} for one in pieces]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> dict[str, Any]:
        if not waiting and not pieces:
            await asyncio.Event().wait()  # who sends nothing stays until the answer has come
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    path, _, query = path.partition("?")
    sent = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    scope: dict[str, Any] = {"type": "http", "method": method, "path": path, "raw_path": path.encode()}
    scope |= {"query_string": query.encode(), "headers": sent}
    hub = hub or SimpleNamespace(blobs=BlobStore(MemoryStore()))
    return Call(hub, caller, parts or {}, scope, receive, answered.send), answered


def run(awaited: Any) -> Any:
    """Run something to its end."""
    return asyncio.run(awaited)
