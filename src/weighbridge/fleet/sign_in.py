"""Letting people in: by name and password, or by a link that works once. Used by the API and by the pages.

Those of an identity provider come by `single_sign_on`, those with a passkey by `passkey_sign_in`.

An unknown name takes as long as a wrong password and is answered alike. Attempts are limited for a name and for an
address, each by itself, so that neither many names nor many addresses make guessing quick. They count in the database,
before a password is looked at, so that neither several servers nor many requests at once allow more of them.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from weighbridge.fleet import accounts, audit, identities, links, passwords, sessions, sign_in_attempts
from weighbridge.fleet.accounts import Account
from weighbridge.fleet.authentication import too_often, viewer_of
from weighbridge.fleet.permissions import Role, Viewer
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.server import Server
from weighbridge.model.errors import WeighbridgeError

_HOUR = 3_600_000


class Client(NamedTuple):
    """From where somebody signs in."""

    address: str
    agent: str


class SignedIn(NamedTuple):
    """A session that began. `secret` is for the cookie alone."""

    secret: str
    viewer: Viewer


async def by_password(server: Server, name: str, password: str, client: Client) -> SignedIn:
    """Begin a session. Raises RefusedError: 401 `E-sign-in`, 429 `E-too-often`."""
    keys = (f"from {client.address}", f"name {name[:200].casefold()}")
    await _attempt(server, keys)
    try:
        clean = accounts.clean_name(name)
    except WeighbridgeError:
        clean = ""
    account = await server.store.read(lambda connection: accounts.by_name(connection, clean)) if clean else None
    account_id = account.account_id if account else ""
    stored = await server.store.read(lambda connection: accounts.stored_password(connection, account_id))
    if not await server.hash(lambda: passwords.matches(stored, password)) or account is None or stored is None:
        for key in keys:
            server.sign_ins.take(key)
        server.metrics.add("weighbridge_sign_ins_total", outcome="refused")
        raise RefusedError(
            401, "E-sign-in", "name or password is not right", "ask an administrator for a link if you lost it"
        )
    await _succeeded(server, keys)
    if server.settings.local_sign_in == "administrators" and account.role is not Role.ADMINISTRATOR:
        raise RefusedError(
            403, "E-sign-in", "only administrators sign in with a password here", "sign in with your organization"
        )
    fresh = await server.hash(lambda: passwords.hashed(password)) if passwords.is_weak(stored) else None
    return await begin(server, account, client, sessions.PASSWORD, fresh)


async def by_link(server: Server, secret: str, client: Client) -> SignedIn:
    """Use a link up and begin a session. Raises RefusedError: 401 `E-sign-in`, 429 `E-too-often`."""
    if wait := server.strangers.wait(client.address):
        raise too_often("too many failed attempts from your address", wait)
    now = server.clock()
    account_id = await server.store.write(lambda connection: links.use(connection, now, secret))
    account = await server.store.read(lambda connection: accounts.by_id(connection, account_id or ""))
    if account is None:
        await server.strangers.failed(client.address)
        server.metrics.add("weighbridge_sign_ins_total", outcome="refused")
        raise RefusedError(
            401,
            "E-sign-in",
            "this link was used already, or is too old",
            "`wb fleet sign-in` makes a new one",
        )
    return await begin(server, account, client, sessions.LINK)


async def set_password(server: Server, viewer: Viewer, old: str, new: str) -> None:
    """Set the viewer's own password and end all other sessions.

    Who came by a link need not know the old one. Who belongs to an identity provider gets none, unless by a link: it
    would outlive what the provider says of them.

    Raises:
        WeighbridgeError: `E-password` for a new one that could be guessed, `E-sign-in` for a wrong old one.
    """
    passwords.check_password(new, viewer.name)
    account_id, session_id = viewer.account_id, viewer.session_id
    stored = await server.store.read(lambda connection: accounts.stored_password(connection, account_id))
    held = await server.store.read(lambda connection: sessions.of_account(connection, account_id))
    by_link = any(one.session_id == session_id and one.began_by == sessions.LINK for one in held)
    outside = await server.store.read(lambda connection: identities.of_account(connection, account_id))
    if outside and not by_link:
        raise RefusedError(
            403, "E-sign-in", "your identity provider lets you in, without a password here", "change it there"
        )
    if stored is not None and not by_link:
        keys = (f"name {viewer.name}",)
        await _attempt(server, keys)
        if not await server.hash(lambda: passwords.matches(stored, old)):
            server.sign_ins.take(keys[0])
            raise RefusedError(403, "E-sign-in", "the old password is not right", "sign in by a link if you lost it")
        await _succeeded(server, keys)
    made = await server.hash(lambda: passwords.hashed(new))
    now = server.clock()

    def job(connection: Connection) -> None:
        accounts.set_password(connection, now, account_id, made)
        for one in sessions.of_account(connection, account_id):
            if one.session_id != session_id:
                sessions.end(connection, account_id, one.session_id)
        audit.note(connection, now, viewer, "account.password", account_id)

    await server.store.write(job)


async def begin(server: Server, account: Account, client: Client, by: str, fresh: str | None = None) -> SignedIn:
    """Begin a session of an account that has proved who it is.

    Args:
        server: where.
        account: whose.
        client: from where.
        by: how it was proved: `sessions.PASSWORD`, `LINK`, `OIDC`, `PASSKEY`.
        fresh: a better hash of the same password, to be kept.
    """
    now, lasts = server.clock(), server.settings.session_hours * _HOUR
    account_id = account.account_id

    def job(connection: Connection) -> SignedIn:
        secret = sessions.begin(
            connection, now, account_id, lasts=lasts, address=client.address, agent=client.agent, by=by
        )
        if fresh is not None:
            accounts.set_password(connection, now, account_id, fresh)
        viewer = viewer_of(account, session_id=sessions.identify(secret))
        audit.note(connection, now, viewer, "session.begin", account_id, {"by": by, "address": client.address})
        return SignedIn(secret, viewer)

    began = await server.store.write(job)
    server.metrics.add("weighbridge_sign_ins_total", outcome=by)
    return began


async def _attempt(server: Server, keys: Sequence[str]) -> None:
    """Count an attempt before it is known how it ends. Raises RefusedError: 429 `E-too-often`."""
    now, most = server.clock(), server.settings.sign_ins_per_minute
    # What this process knows by itself needs no write, which a flood of attempts would be.
    wait = max(server.sign_ins.wait(key) for key in keys)
    if not wait:
        try:
            await server.store.write(lambda connection: sign_in_attempts.take(connection, now, keys, most))
        except sign_in_attempts.TooOftenError as refused:
            wait = refused.wait
    if wait:
        server.metrics.add("weighbridge_sign_ins_total", outcome="too often")
        raise too_often("too many attempts to sign in", wait)


async def _succeeded(server: Server, keys: Sequence[str]) -> None:
    most = server.settings.sign_ins_per_minute
    await server.store.write(lambda connection: sign_in_attempts.give_back(connection, keys, most))
