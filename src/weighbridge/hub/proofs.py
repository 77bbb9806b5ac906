"""What a short-lived token, a link or a ticket was given for, and whether that still holds: it ends with it, at once.

Each names the token of the hub, the token of the API or the key of a machine that stood for its account. All three have
ids of their own length.
"""

from typing import NamedTuple

from sqlalchemy import Connection

from weighbridge.fleet import accounts, tokens
from weighbridge.fleet.accounts import Account
from weighbridge.fleet.my_device import still_in
from weighbridge.hub import hub_tokens, machine_keys
from weighbridge.hub.caller import Caller

HUB_TOKEN, API_TOKEN, MACHINE_KEY = "hub-token", "api-token", "machine-key"
_KEY_ID_LENGTH = 64


class Holder(NamedTuple):
    """Whom a proof stands for now."""

    account: Account
    may_write: bool


def id_of(caller: Caller) -> str:
    """Return the id of what a caller proved who they are by; empty for somebody without an account."""
    return (caller.viewer.token_id or "") if caller.viewer else ""


def kind_of(proof_id: str) -> str:
    """Return what an id is one of."""
    if len(proof_id) == hub_tokens.ID_LENGTH:
        return HUB_TOKEN
    return MACHINE_KEY if len(proof_id) == _KEY_ID_LENGTH else API_TOKEN


def holder(connection: Connection, now: int, account_id: str, proof_id: str) -> Holder | None:
    """Return whom a proof stands for, if it still does; None if it was revoked or has ended, or its account was closed.

    Args:
        connection: to read with.
        now: milliseconds since 1970, UTC.
        account_id: whose it must be.
        proof_id: of the token or key.
    """
    account = accounts.by_id(connection, account_id)
    if account is None or account.disabled_at is not None or not still_in(connection, account):
        return None
    kind = kind_of(proof_id)
    if kind == MACHINE_KEY:
        found = machine_keys.holder(connection, now, proof_id)
        if found is None or found.account.account_id != account_id:
            return None
        return Holder(account, found.key.right == hub_tokens.WRITE)
    held: list[hub_tokens.HubToken] | list[tokens.Token]
    held = (
        hub_tokens.of_account(connection, account_id)
        if kind == HUB_TOKEN
        else tokens.of_account(connection, account_id)
    )
    for one in held:
        if one.token_id == proof_id and one.revoked_at is None and one.expires_at > now:
            return Holder(account, not isinstance(one, hub_tokens.HubToken) or one.right == hub_tokens.WRITE)
    return None
