"""A link for the person at an endpoint to see all that the fleet knows about it. The device key asks for it.

The link signs in as an account of that endpoint alone (role `owner`), which an administrator can disable. It works once
and for ten minutes; a new one ends the one before. A machine that waits, that was taken out, or whose ledger says that
there is a copy of it gets none: a copy could be anybody.
"""

from typing import TypeVar

from sqlalchemy import Connection

from weighbridge.fleet import accounts, audit, endpoints, links
from weighbridge.fleet.accounts import Account
from weighbridge.fleet.delivery import allowed
from weighbridge.fleet.enrollment import RefusedError
from weighbridge.fleet.exchange import Request
from weighbridge.fleet.permissions import Role, Scope
from weighbridge.fleet.server import Server
from weighbridge.sync.messages import Message
from weighbridge.sync.my_device import AskMyDevice, MyDeviceLink

T = TypeVar("T", bound=Message)
LIFETIME = 600_000
"""Milliseconds that a link works."""
_LARGEST = 1 << 12


def account_name(endpoint_id: str) -> str:
    """Return what the account is called that a link of this endpoint signs in as."""
    return f"my device {endpoint_id}"


async def answer(server: Server, request: Request) -> MyDeviceLink:
    """Give an endpoint a link to its own page.

    Raises:
        RefusedError: why not.
    """
    too_often = "this machine asks for links more often than somebody can open them"
    endpoint_id, message = await heard(server, request, AskMyDevice, too_often)
    now = server.clock()
    secret = await server.store.write(lambda connection: make(connection, now, endpoint_id))
    return MyDeviceLink(
        version=message.version, secret=secret, lasts=LIFETIME / 1000, server_time=server.exchange.server_time
    )


async def heard(server: Server, request: Request, kind: type[T], too_often: str) -> tuple[str, T]:
    """Return which endpoint asks and what, for questions that nobody has to ask often.

    Args:
        server: that is asked.
        request: as it came.
        kind: of the question.
        too_often: what is said to an endpoint that asks as often as nobody signs in.

    Raises:
        RefusedError: why not.
    """
    endpoint_id, message = await server.exchange.heard(request, kind, _LARGEST)
    if server.sign_ins.take(f"device {endpoint_id}"):
        raise RefusedError("busy", too_often)
    return endpoint_id, message


def make(connection: Connection, now: int, endpoint_id: str) -> str:
    """Return the secret of a new link to the page of an endpoint, within a write. Raises RefusedError."""
    account = account_of(connection, now, endpoint_id)
    audit.note(connection, now, None, "my-device.link", endpoint_id)
    return links.make(connection, now, account.account_id, LIFETIME)


def account_of(connection: Connection, now: int, endpoint_id: str) -> Account:
    """Return the account of an endpoint's person, made if it is new. Raises RefusedError for one that gets none."""
    known = endpoints.identity(connection, endpoint_id)
    if known is None:
        raise RefusedError("unknown", "no endpoint has this key")
    allowed(known.state)  # again, within the write: another server may have changed it
    name, scope = account_name(endpoint_id), Scope(endpoint_id=endpoint_id)
    account = accounts.by_name(connection, name) or accounts.add(connection, now, name, Role.OWNER, scope)
    if account.disabled_at is not None or account.scope != scope:
        raise RefusedError("revoked", "an administrator of the fleet has closed the page of this machine")
    return account


def still_in(connection: Connection, account: Account) -> bool:
    """Tell whether what an account holds still counts: that of an endpoint ends with its place in the fleet."""
    if not account.scope.endpoint_id:
        return True
    known = endpoints.identity(connection, account.scope.endpoint_id)
    return known is not None and known.state == endpoints.ACTIVE
