"""Gives each request that speaks a protocol of the hub to its route, and all others to the application around it.

The path is matched as it came: frameworks decode `%2F` first, and then a branch called `refs/pr/1` is three parts.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from weighbridge.fleet.authentication import address_of
from weighbridge.fleet.problem import RefusedError, problem_of
from weighbridge.hub import dialects, refusal
from weighbridge.hub.call import Call, Receive, Route, Scope, Send
from weighbridge.hub.caller import Caller
from weighbridge.hub.hub import Hub
from weighbridge.hub.identify import caller_by
from weighbridge.hub.oci_refusing import challenge
from weighbridge.model.errors import WeighbridgeError

ANYONE, READ, WRITE, SIGNED, LOGIN = "anyone", "read", "write", "signed", "login"
_LONG = re.compile(
    rb"/v2/.*/blobs/uploads/.*|/lfs/.*|/xet/[^/]+/[^/]+/v[0-9]/(?:xorbs|shards)(?:/.*)?|/api/models/.*/commit/.*"
)
"""Where files come in whose sending may take hours; nothing that takes a body from whoever asks."""


def takes_long(scope: Mapping[str, Any]) -> bool:
    """Tell whether the body of a request may take as long as it goes on to come."""
    return _LONG.fullmatch(scope.get("raw_path") or b"") is not None


class Faces:
    """An ASGI application in front of another.

    Args:
        app: who answers what is not the hub's.
        hub: whose faces.
        routes: of all faces.
    """

    def __init__(self, app: Any, hub: Hub, routes: Sequence[Route]) -> None:  # noqa: ANN401  (an application of any framework)
        self._app = app
        self._hub = hub
        self._routes = [(re.compile(route.pattern.encode()), route) for route in routes]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        found = self._find(scope) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        route, parts = found
        scope["weighbridge.route"] = f"hub:{route.face}:{route.answer.__name__}"
        nobody = Call(self._hub, Caller(viewer=None), parts, scope, receive, send)
        try:
            caller = await self._caller(route, nobody)
            if caller is not None:
                scope["user"] = caller.viewer
                await route.answer(Call(self._hub, caller, parts, scope, receive, send))
        except (WeighbridgeError, UnicodeError, RecursionError) as error:
            if scope.get("weighbridge.began"):
                raise
            said = dialects.failed(route.face, problem_of(error))
            await nobody.reply(said.status, said.body, _where_to_log_in(route, nobody, said))

    async def _caller(self, route: Route, call: Call) -> Caller | None:
        """Return who asks; None if they were refused."""
        if route.access == LOGIN:
            return call.caller
        caller = await caller_by(self._hub, call, address_of(call.scope))
        if caller.scopes is not None and route.face != "oci":
            raise RefusedError(401, "E-not-signed-in", "this token is for the registry alone", "use a token of the hub")
        if route.access in (ANYONE, SIGNED) or caller.viewer is not None:
            return caller
        if route.access == READ and self._hub.open_to_all:
            return caller
        said = dialects.refused(route.face, refusal.no_account(self._hub.origin))
        await call.reply(said.status, said.body, _where_to_log_in(route, call, said))
        return None

    def _find(self, scope: Scope) -> tuple[Route, dict[str, str]] | None:
        raw = scope.get("raw_path") or scope["path"].encode()
        path = raw.partition(b"?")[0]
        for pattern, route in self._routes:
            if scope["method"] in route.methods and (match := pattern.fullmatch(path)):
                parts = {name: unquote(value.decode("latin-1")) for name, value in match.groupdict(b"").items()}
                return route, parts
        return None


def _where_to_log_in(route: Route, call: Call, said: dialects.Said) -> dict[str, str]:
    """Return the headers of a refusal; clients of a registry log in where its 401 says."""
    if said.status != 401 or route.face != "oci":
        return said.headers
    return said.headers | {"www-authenticate": challenge(call)}
