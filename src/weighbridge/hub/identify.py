"""Finds out who asks a face of the hub: a token of the hub or of the API, as a bearer or as the password of Basic."""

import base64
import binascii
from typing import TYPE_CHECKING

from weighbridge.fleet import tokens
from weighbridge.fleet.authentication import too_often, viewer_of
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import hub_tokens, registry_tokens
from weighbridge.hub.caller import Caller, tool_of
from weighbridge.hub.hub import Hub

if TYPE_CHECKING:
    from weighbridge.hub.call import Call

OF_THE_HUB = frozenset({Permission.MODELS_READ, Permission.MODELS_REQUEST, Permission.MODELS_PUBLISH})
"""What a token of the hub can be used for, whatever its account may."""


async def caller_by(hub: Hub, call: "Call", address: str) -> Caller:
    """Return who asks.

    Raises:
        RefusedError: 401 for a proof that is none, 429 for too many of these or too many requests.
    """
    tool, agent = tool_of(call.header("user-agent"))
    header = call.header("authorization")
    server = hub.server
    if not header:
        if wait := hub.requests.take(f"from {address}"):
            raise too_often("your address asks more often than this hub answers without an account", wait)
        return Caller(viewer=None, tool=tool, agent=agent)
    if wait := server.strangers.wait(address):
        raise too_often("too many failed attempts from your address", wait)
    caller = await _by_secret(hub, _secret(header), tool, agent)
    if caller is None:
        await server.strangers.failed(address)
        hint = f"{hub.origin}/catalog/tokens makes a new one"
        raise RefusedError(401, "E-not-signed-in", "this token is none, or has ended", hint)
    account = caller.viewer.account_id if caller.viewer else address
    if wait := hub.requests.take(account):
        raise too_often("you ask more often than this hub answers one account", wait)
    return caller


async def _by_secret(hub: Hub, secret: str, tool: str, agent: str) -> Caller | None:
    store, now = hub.server.store, hub.server.clock()
    if secret.startswith(tokens.PREFIX):
        known = await store.read(lambda connection: tokens.find(connection, now, secret))
        if known is None:
            return None
        viewer = viewer_of(known.account, token_id=known.token.token_id, limit=known.permissions)
        writes = viewer.may(Permission.MODELS_PUBLISH)
        return Caller(viewer=viewer, may_write=writes, proof="token", tool=tool, agent=agent)
    if secret.startswith(registry_tokens.PREFIX):
        return await registry_tokens.caller_by_grant(hub, secret, tool, agent)
    found = await _by_hub_token(hub, secret)
    if found is None:
        return None
    return Caller(viewer=found[0], may_write=found[1] == hub_tokens.WRITE, proof="token", tool=tool, agent=agent)


async def viewer_by_hub_token(hub: Hub, secret: str) -> Viewer | None:
    """Return who a token of the hub stands for, for routes of the API; None if it is none."""
    found = await _by_hub_token(hub, secret)
    return None if found is None else found[0]


async def _by_hub_token(hub: Hub, secret: str) -> tuple[Viewer, str] | None:
    store, now = hub.server.store, hub.server.clock()
    found = await store.read(lambda connection: hub_tokens.find(connection, now, secret))
    if found is None:
        return None
    token_id = found.token.token_id
    if found.note:
        await store.write(lambda connection: hub_tokens.note_use(connection, now, token_id))
    return viewer_of(found.account, token_id=token_id, limit=OF_THE_HUB), found.token.right


def _secret(header: str) -> str:
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode("utf-8").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
