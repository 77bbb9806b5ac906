"""One request to a face of the hub: what its route can ask of it, and how it answers."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from weighbridge.fleet.problem import RefusedError
from weighbridge.hub.caller import Caller
from weighbridge.hub.hub import Hub
from weighbridge.hub.look_up import Asked
from weighbridge.model.record import record

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
LARGEST_BODY = 8 << 20


class Call:
    """A request.

    Args:
        hub: whom it reached.
        caller: who asks.
        parts: what the route's pattern found in the path, decoded.
        scope: of ASGI, and how to read and answer.
    """

    def __init__(
        self, hub: Hub, caller: Caller, parts: Mapping[str, str], scope: Scope, receive: Receive, send: Send
    ) -> None:
        self.hub = hub
        self.caller = caller
        self.parts = parts
        self.scope = scope
        self.method: str = scope["method"]
        self.status = 0
        """What was answered; 0 before."""
        self.sent = 0
        """Bytes of the body that went out."""
        self._receive = receive
        self._send = send

    @property
    def asked(self) -> Asked:
        """Who asks, for `look_up`."""
        return Asked(self.caller, self.hub.origin, self.hub.open_to_all)

    @property
    def query(self) -> dict[str, str]:
        """What follows the question mark; of several values the last."""
        return dict(parse_qsl(self.scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True))

    def queries(self, name: str) -> list[str]:
        """Return all values of a name in what follows the question mark."""
        given = parse_qsl(self.scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        return [value for key, value in given if key == name]

    def header(self, name: str) -> str:
        """Return a header, empty if it is not there."""
        wanted = name.lower().encode()
        return next((value.decode("latin-1") for key, value in self.scope["headers"] if key == wanted), "")

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield what the client sends, as it comes. Raises RefusedError if it goes away."""
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise RefusedError(400, "E-request", "the client went away", "send it again")
            if body := message.get("body", b""):
                yield body
            more = message.get("more_body", False)

    async def gone(self) -> None:
        """Return when the client has gone away; its request has come whole."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def body(self, most: int = LARGEST_BODY) -> bytes:
        """Return all that the client sends. Raises RefusedError: 413."""
        found = bytearray()
        async for piece in self.pieces():
            found += piece
            if len(found) > most:
                raise RefusedError(413, "E-too-large", f"more than {most:,} bytes came", "send less at once")
        return bytes(found)

    async def reply(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        """Answer at once. To HEAD the headers alone go out."""
        sent = {"content-length": str(len(body)), **(headers or {})}
        await self.start(status, sent)
        out = b"" if self.method == "HEAD" else body
        await self._send({"type": "http.response.body", "body": out})
        self.sent += len(out)

    async def reply_json(self, value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """Answer with JSON."""
        said = {"content-type": "application/json", **(headers or {})}
        await self.reply(status, msgspec.json.encode(value), said)

    async def start(self, status: int, headers: Mapping[str, str]) -> None:
        """Begin an answer whose body follows by `piece` and `end`."""
        self.status = status
        self.scope["weighbridge.began"] = True
        pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": pairs})

    async def piece(self, body: bytes) -> None:
        """Send a part of a body."""
        await self._send({"type": "http.response.body", "body": body, "more_body": True})
        self.sent += len(body)

    async def end(self) -> None:
        """End a body."""
        await self._send({"type": "http.response.body", "body": b""})


Answer = Callable[[Call], Awaitable[None]]


@record
class Route:
    """One address of a face.

    `pattern` is a regular expression over the raw path, percent signs undecoded (`refs%2Fpr%2F1` is one part); its
    named groups are decoded into `Call.parts`. `access` is `anyone`, `read`, `write` (may publish), `signed` (the
    address itself is the proof) or `login` (the route finds out itself who asks); it is what the matrix of roles and
    states is generated from, and what `faces.py` refuses by before the route runs. Which namespace, and which release,
    the route decides by `look_up` and `caller`.
    """

    methods: tuple[str, ...]
    pattern: str
    access: str
    answer: Answer
    face: str
    """`hf`, `oci` or `blob`: in whose dialect it refuses."""
