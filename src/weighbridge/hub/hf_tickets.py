"""Addresses that one account may send one thing to, for clients that send bytes without saying who they are.

A ticket says what it is for, whose it is, by which token, and until when, and is signed. Whether that token still holds
and its account may send is looked up each time: what was revoked or closed meanwhile sends nothing.
Source: Git LFS specification, "Batch API" (`actions`, `href`).
"""

import base64
import hmac
from urllib.parse import quote

import msgspec
from sqlalchemy import Connection

from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import caller, proofs, server_secret
from weighbridge.hub.call import Call
from weighbridge.hub.caller import Caller
from weighbridge.hub.hub import Hub
from weighbridge.hub.names import parse_name

LASTS = 6 * 3600
"""Seconds; a file of a terabyte takes as long."""
_LIMIT = frozenset({Permission.MODELS_READ, Permission.MODELS_PUBLISH})
_PURPOSE = "uploads"


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """What may be sent where."""

    purpose: str
    account_id: str
    proof_id: str
    """Of the token that it was given for."""
    model: str
    """`namespace/name`."""
    sha256: str
    size: int
    upload: str = ""
    """The id of an upload in parts."""
    part: int = 0
    ends: int
    """Seconds since 1970, UTC."""


async def address(hub: Hub, origin: str, path: str, ticket: Ticket) -> str:
    """Return an address with a ticket. `path`: percent signs and all."""
    payload = base64.urlsafe_b64encode(msgspec.json.encode(ticket)).rstrip(b"=")
    return f"{origin}{path}?ticket={quote(payload.decode())}.{_signature(await _secret(hub), payload)}"


async def ticket_of(call: Call, purpose: str) -> tuple[Ticket, Caller]:
    """Return what a request's ticket allows, and to whom.

    Raises:
        RefusedError: 403 for no ticket of this hub, one that has ended, or one whose token was revoked or whose account
            may not publish any more.
    """
    payload, _, signature = call.query.get("ticket", "").encode("utf-8", "replace").partition(b".")
    if not hmac.compare_digest(_signature(await _secret(call.hub), payload).encode(), signature):
        raise _no_ticket()
    ticket = msgspec.json.decode(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)), type=Ticket)
    if ticket.purpose != purpose or ticket.ends <= call.hub.server.clock() // 1000:
        raise _no_ticket()
    now = call.hub.server.clock()
    who = await call.hub.server.store.read(lambda connection: _publisher(connection, now, ticket))
    if who is None:
        raise _no_ticket()
    return ticket, who


def _publisher(connection: Connection, now: int, ticket: Ticket) -> Caller | None:
    held = proofs.holder(connection, now, ticket.account_id, ticket.proof_id)
    if held is None:
        return None
    viewer = viewer_of(held.account, token_id=ticket.proof_id, limit=_LIMIT)
    who = Caller(viewer=viewer, may_write=held.may_write, proof="ticket")
    return who if caller.may_publish(connection, who, parse_name(ticket.model).namespace) else None


def _no_ticket() -> RefusedError:
    return RefusedError(403, "E-hub-ticket", "this address takes nothing, or no longer", "begin the upload again")


def _signature(secret: bytes, payload: bytes) -> str:
    return hmac.new(secret, payload, "sha256").hexdigest()


async def _secret(hub: Hub) -> bytes:
    if not hub.upload_secret:
        now = hub.server.clock()
        hub.upload_secret = await hub.server.store.write(
            lambda connection: server_secret.secret_for(connection, now, _PURPOSE)
        )
    return hub.upload_secret
