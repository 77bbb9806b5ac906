"""The outermost layer of the server: what holds for every request, whichever route it meets.

Takes note of it, refuses names that are not this server's, sets the headers that tell browsers what to keep from, and
turns whatever goes wrong further in into a problem. Source: OWASP "HTTP Security Response Headers Cheat Sheet".
"""

import asyncio
import math
import secrets
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from weighbridge.fleet.authentication import address_of
from weighbridge.fleet.client_address import client_address
from weighbridge.fleet.forms import own_origins
from weighbridge.fleet.problem import MEDIA_TYPE, Problem, RefusedError, problem_of
from weighbridge.fleet.server import Server

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

ANY_NAME = ("/health/", "/metrics")
"""Asked by what watches the server, under whatever name it knows."""
_STOPPING_SECONDS = 5.0
_BODY_SECONDS = 60.0
"""How long a client may be waited for while the body of a request comes, whoever sends it and wherever to."""
_SLOW_BYTES = 65_536
"""Where a body may take long: what must come in that time, each time. A byte now and then is no upload."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Gate:
    """An ASGI application around another.

    Args:
        app: the routes.
        server: what they share.
        policy: content security policy of pages.
        takes_long: tells of a request whether its body may take as long as it goes on to come.
    """

    def __init__(
        self, app: Application, server: Server, policy: str, takes_long: Callable[[Scope], bool] = lambda _: False
    ) -> None:
        self._app = app
        self._server = server
        self._takes_long = takes_long
        self._names = _names(server)
        self._headers = [(name.encode(), value.encode()) for name, value in _headers(server, policy).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, whatever happens."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        server, began = self._server, self._server.monotonic()
        outcome = _Outcome(send, self._headers)
        server.in_flight += 1
        try:
            if server.is_closed:
                hint = "try again in some seconds; another server, or this one, is there then"
                raise RefusedError(503, "E-store-busy", "the server is stopping", hint, _STOPPING_SECONDS)
            self._introduce(scope)
            body = _Body(receive, long=self._takes_long(scope))
            await self._app(scope, body.receive, outcome.send)
        except RefusedError as refused:
            await outcome.problem(problem_of(refused))
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001  (the boundary of the server: a bug must not become a traceback)
            trace = "".join(traceback.format_exception(error)[-3:])
            server.log.event(
                "error", "request failed", path=_told(scope["path"]), error=type(error).__name__, trace=trace
            )
            await outcome.problem(problem_of(error))
        finally:
            server.in_flight -= 1
            self._note(scope, outcome.status, server.monotonic() - began)

    def _introduce(self, scope: Scope) -> None:
        found: dict[bytes, list[str]] = {}
        for name, value in scope["headers"]:
            if name in (b"authorization", b"host", b"x-forwarded-for"):
                found.setdefault(name, []).append(value.decode("latin-1"))
        client = scope.get("client")
        scope["weighbridge.address"] = client_address(
            client[0] if client else None, found.get(b"x-forwarded-for", []), self._server.proxies
        )
        scope["weighbridge.request"] = secrets.token_hex(8)
        if len(found.get(b"authorization", [])) > 1:
            # Something in front of this server may have looked at another one than what is behind it would.
            raise RefusedError(400, "E-request", "a request says once who makes it", "send one Authorization header")
        if self._names and not scope["path"].startswith(ANY_NAME):
            hosts = found.get(b"host", [])
            if len(hosts) != 1 or hosts[0].lower() not in self._names:
                self._server.metrics.add("weighbridge_refused_total", reason="host")
                raise RefusedError(
                    421, "E-host", "this server is not called that", "use the address that it was started with"
                )

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        handler = scope.get("route_handler")
        route = min(handler.paths) if handler is not None else scope.get("weighbridge.route", "none")
        self._server.metrics.add("weighbridge_requests_total", method=method, route=route, status=str(status))
        self._server.metrics.observe("weighbridge_request_seconds", seconds, route=route)
        viewer = scope.get("user")
        self._server.log.event(
            "info",
            "request",
            id=scope.get("weighbridge.request"),
            method=method,
            path=_told(scope["path"]),
            status=status,
            seconds=seconds,
            address=address_of(scope),
            account=viewer.name if viewer else None,
        )


def _told(path: str) -> str:
    """Return a path as it is logged: who reads the log is not to come in by a link that nobody used yet."""
    secret = path.startswith("/sign-in/") and not path.startswith("/sign-in/provider")
    return "/sign-in/LINK" if secret else path


class _Body:
    """What a client sends: it may take its time, and not for ever.

    Args:
        receive: of ASGI.
        long: whether each `_SLOW_BYTES` may take that time, rather than all of them together.
    """

    def __init__(self, receive: Receive, *, long: bool) -> None:
        self._receive = receive
        self._long = long
        self._left, self._came = _BODY_SECONDS, 0
        self._whole = False

    async def receive(self) -> MutableMapping[str, Any]:
        """Return the next part. Raises RefusedError if it does not come in time."""
        if self._whole:
            return await self._receive()
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self._left):
                message = await self._receive()
        except TimeoutError:
            raise RefusedError(408, "E-request", "the request did not come in time", "send it again") from None
        # Only waiting counts: what is done here with one part is not the client's time.
        self._left -= asyncio.get_running_loop().time() - began
        self._whole = not message.get("more_body", False)
        self._came += len(message.get("body", b""))
        if self._long and self._came >= _SLOW_BYTES:
            self._left, self._came = _BODY_SECONDS, 0
        return message


class _Outcome:
    """What was sent: adds headers to the start of an answer, and can answer instead while nothing was sent."""

    def __init__(self, send: Send, headers: list[tuple[bytes, bytes]]) -> None:
        self._send = send
        self._headers = headers
        self.status = 0

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = list(message.get("headers", []))
            have = {name.lower() for name, _ in own}
            message = {**message, "headers": own + [pair for pair in self._headers if pair[0] not in have]}
        await self._send(message)

    async def problem(self, problem: Problem) -> None:
        """Answer with a problem, if nothing was answered yet."""
        if self.status:
            return
        body = msgspec.json.encode(problem)
        headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
        if problem.retry_in:
            headers.append((b"retry-after", str(math.ceil(problem.retry_in)).encode()))
        await self.send({"type": "http.response.start", "status": problem.status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


def _names(server: Server) -> frozenset[str]:
    """Return what this server is called in `Host`; nothing where it listens on all addresses without being told."""
    settings = server.settings
    if settings.host in ("0.0.0.0", "::") and not settings.url:  # noqa: S104  (a comparison)
        return frozenset()
    names = set()
    for origin in own_origins(server):
        parts = urlsplit(origin)
        names.add(parts.netloc.lower())
        if parts.port in (80, 443):
            names.add(parts.netloc.rpartition(":")[0].lower())
        elif parts.port is None:
            names.add(f"{parts.netloc.lower()}:{443 if parts.scheme == 'https' else 80}")
    return frozenset(names)


def _headers(server: Server, policy: str) -> dict[str, str]:
    headers = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        "cache-control": "no-store",
    }
    if server.settings.secure:
        headers["strict-transport-security"] = "max-age=31536000"
    return headers
