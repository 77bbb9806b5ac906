"""A token of the hub for a machine of the fleet: its device key asks, so nobody types or copies a secret.

A new one ends the one before. A machine that waits, was taken out, or has a copy gets none, as with its own page.
"""

from functools import partial
from typing import Any

from litestar import Request as WebRequest
from litestar import post
from litestar.datastructures import State
from sqlalchemy import Connection

from weighbridge.fleet import audit, my_device
from weighbridge.fleet.exchange import Request
from weighbridge.fleet.guard import needs
from weighbridge.fleet.ingest import Ingest
from weighbridge.fleet.permissions import Permission
from weighbridge.hub import hub_tokens
from weighbridge.hub.hub import Hub
from weighbridge.sync.hub_token import HUB_TOKEN_PATH, AskHubToken, HubTokenGiven

LIFETIME = 90 * 24 * 3600 * 1000
"""Milliseconds that a token works."""
NAME = "this machine"


@post(HUB_TOKEN_PATH, opt=needs(Permission.DEVICE), include_in_schema=False)
async def device_token(request: WebRequest[Any, Any, State]) -> Ingest:
    """Give an endpoint a token of the hub."""
    hub: Hub = request.app.state.hub
    return Ingest(hub.server.exchange, {HUB_TOKEN_PATH: partial(answer, hub)})


async def answer(hub: Hub, request: Request) -> HubTokenGiven:
    """Give an endpoint a token.

    Raises:
        RefusedError: why not.
    """
    server = hub.server
    too_often = "this machine asks for tokens more often than anybody needs them"
    endpoint_id, message = await my_device.heard(server, request, AskHubToken, too_often)
    now = server.clock()
    text = await server.store.write(lambda connection: make(connection, now, endpoint_id))
    return HubTokenGiven(
        version=message.version, token=text, lasts=LIFETIME / 1000, server_time=server.exchange.server_time
    )


def make(connection: Connection, now: int, endpoint_id: str) -> str:
    """Return the text of a new token of an endpoint, within a write. Raises RefusedError."""
    account = my_device.account_of(connection, now, endpoint_id)
    for known in hub_tokens.of_account(connection, account.account_id):
        if known.name == NAME and known.revoked_at is None:
            hub_tokens.revoke(connection, now, known.token_id, account.account_id)
    token, text = hub_tokens.make(connection, now, account.account_id, name=NAME, lasts=LIFETIME)
    audit.note(connection, now, None, "hub-token.device", endpoint_id, {"token": token.token_id})
    return text


ROUTES = [device_token]
