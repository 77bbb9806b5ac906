"""Tokens that a client of the registry gets for some minutes: for an account, some repositories and actions in them.

They are signed, not stored. Each use looks whether what they were given for still holds: the account, the token of the
hub or the key of the machine. Source: CNCF Distribution, "Token Authentication Specification".
"""

import base64
import binascii
import hmac
from collections.abc import Iterable

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.permissions import Permission
from weighbridge.hub import proofs, server_secret
from weighbridge.hub.caller import Caller
from weighbridge.hub.hub import Hub

PREFIX = "wbr_"
LASTS = 600
"""Seconds."""
PURPOSE = "registry"
_LONGEST = 4_096


class Grant(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a token says."""

    until: int
    """Milliseconds since 1970, UTC."""
    account_id: str = ""
    """Empty for anybody, where a hub is open."""
    proof_id: str = ""
    """Of the token of the hub, of the API, or of the key."""
    permissions: tuple[str, ...] = ()
    writes: bool = False
    scopes: tuple[tuple[str, str], ...] = ()


async def secret_of(hub: Hub) -> bytes:
    """Return what tokens are signed with on all servers of a hub."""
    if not hub.registry_secret:
        now = hub.server.clock()
        hub.registry_secret = await hub.server.store.write(
            lambda connection: server_secret.secret_for(connection, now, PURPOSE)
        )
    return hub.registry_secret


def signed(secret: bytes, grant: Grant) -> str:
    """Return the text of a token."""
    content = base64.urlsafe_b64encode(msgspec.json.encode(grant)).decode().rstrip("=")
    return f"{PREFIX}{content}.{_signature(secret, content)}"


async def caller_by_grant(hub: Hub, text: str, tool: str, agent: str) -> Caller | None:
    """Return who a token stands for; None if it is none, has ended, or what it was given for no longer holds."""
    grant, now = read(await secret_of(hub), text), hub.server.clock()
    if grant is None or grant.until <= now:
        return None
    return await hub.server.store.read(lambda connection: _caller(connection, now, grant, tool, agent))


def read(secret: bytes, text: str) -> Grant | None:
    """Return what a token says; None if it was not signed with the secret."""
    content, dot, signature = text.removeprefix(PREFIX).partition(".")
    if not text.startswith(PREFIX) or not dot or len(text) > _LONGEST:
        return None
    if not hmac.compare_digest(_signature(secret, content).encode(), signature.encode("utf-8", "replace")):
        return None
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4)), type=Grant)
    except (binascii.Error, msgspec.DecodeError):
        return None


def scopes_of(asked: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the repositories and actions of `repository:name:pull,push …`; what is something else is left out.

    What the account may do in a repository is decided when it does it, and said in a sentence then.
    """
    found: list[tuple[str, str]] = []
    for one in " ".join(asked).split():
        kind, _, rest = one.partition(":")
        name, _, actions = rest.rpartition(":")
        if kind == "repository" and name and len(name) <= 200 and len(found) < 20:
            name = name.lower() if "/" in name else f"library/{name.lower()}"
            wanted = {"pull", "push"} if "*" in actions else {"pull", "push"} & set(actions.split(","))
            found += [(name, action) for action in sorted(wanted)]
    return tuple(dict.fromkeys(found))


def _caller(connection: Connection, now: int, grant: Grant, tool: str, agent: str) -> Caller | None:
    scopes = frozenset(grant.scopes)
    if not grant.account_id:
        return Caller(viewer=None, proof="registry", tool=tool, agent=agent, scopes=scopes)
    held = proofs.holder(connection, now, grant.account_id, grant.proof_id)
    if held is None:
        return None
    limit = frozenset(one for one in Permission if one.value in grant.permissions)
    viewer = viewer_of(held.account, token_id=grant.proof_id, limit=limit)
    writes = grant.writes and held.may_write
    return Caller(viewer=viewer, may_write=writes, proof="registry", tool=tool, agent=agent, scopes=scopes)


def _signature(secret: bytes, content: str) -> str:
    return hmac.new(secret, content.encode("utf-8", "replace"), "sha256").hexdigest()
