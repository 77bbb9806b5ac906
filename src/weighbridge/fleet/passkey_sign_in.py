"""Adding passkeys and letting people in by them. The device asks for a finger, a face or a number each time.

A passkey belongs to a name of a host, so a server that is reached by a bare address has none. Who may add one has
proved a moment ago who they are; it does not outlive what an identity provider says of its people.

Source: W3C Web Authentication Level 3, sections 5.1.2, 7.1 and 7.2; OWASP ASVS 5.0, chapter 6.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection

from weighbridge.fleet import accounts, audit, identities, passkeys, sessions, sign_in
from weighbridge.fleet.authentication import too_often
from weighbridge.fleet.forms import own_origins
from weighbridge.fleet.passkeys import Passkey, refused
from weighbridge.fleet.permissions import Viewer
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.server import Server
from weighbridge.fleet.sign_in import Client, SignedIn

FRESH = 15 * 60_000
"""Milliseconds for which a session counts as begun a moment ago."""
Credential = dict[str, Any]
"""As `PublicKeyCredential.toJSON()` gives it."""


def host_of(server: Server, asked: str) -> str | None:
    """Return the host that passkeys of this server belong to; None if it has none.

    Args:
        server: whose.
        asked: the host of the request; of a server on this very machine it may be `localhost`.
    """
    origins = own_origins(server)
    host = asked.rpartition(":")[0] if asked.rpartition(":")[2].isdecimal() else asked
    named = urlsplit(server.settings.origin).hostname or ""
    if host == "localhost" and any(urlsplit(one).hostname == "localhost" for one in origins):
        named = host
    try:
        ip_address(named)
    except ValueError:
        is_here = named == "localhost" or named.endswith(".localhost")
        return named if server.settings.secure or is_here else None
    return None


async def options_to_add(server: Server, viewer: Viewer, asked: str) -> dict[str, Any]:
    """Return what a browser is asked for to make a passkey. Raises WeighbridgeError `E-passkey`, RefusedError 403."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    host = _needed(host_of(server, asked))
    await _check_fresh(server, viewer)
    account_id, now = viewer.account_id, server.clock()
    challenge = await server.store.write(lambda connection: passkeys.challenge(connection, now, account_id))
    held = await server.store.read(lambda connection: passkeys.of_account(connection, account_id))
    options = generate_registration_options(
        rp_id=host,
        rp_name="Weighbridge",
        user_name=viewer.name,
        user_id=account_id.encode(),
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=bytes.fromhex(one.credential_id)) for one in held],
    )
    return _plain(options_to_json(options))


async def add(server: Server, viewer: Viewer, name: str, credential: Credential, asked: str) -> Passkey:
    """Keep a passkey that a browser made. Raises WeighbridgeError `E-passkey`, RefusedError 403."""
    from webauthn import verify_registration_response

    host = _needed(host_of(server, asked))
    await _check_fresh(server, viewer)
    account_id, now = viewer.account_id, server.clock()
    answered = _challenge(credential)
    if not await server.store.write(lambda connection: passkeys.use_challenge(connection, now, answered, account_id)):
        raise refused("this answers no question, or one that is too old", "try again")
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=answered,
            expected_rp_id=host,
            expected_origin=_origins(server, host),
            require_user_verification=True,
        )
    except _errors() as error:
        raise refused(f"this is no passkey that could be kept: {type(error).__name__}", "try again") from None

    def job(connection: Connection) -> Passkey:
        kept = passkeys.add(
            connection, now, account_id, name, made.credential_id, made.credential_public_key, made.sign_count
        )
        audit.note(connection, now, viewer, "passkey.add", kept.passkey_id, {"name": kept.name})
        return kept

    return await server.store.write(job)


async def remove(server: Server, viewer: Viewer, passkey_id: str) -> bool:
    """Remove one of one's own passkeys; return whether there was such."""
    account_id, now = viewer.account_id, server.clock()

    def job(connection: Connection) -> bool:
        removed = passkeys.remove(connection, account_id, passkey_id)
        if removed:
            audit.note(connection, now, viewer, "passkey.remove", passkey_id)
        return removed

    return await server.store.write(job)


async def options_to_sign_in(server: Server, client: Client, asked: str) -> dict[str, Any]:
    """Return what a browser is asked for to let somebody in. Raises WeighbridgeError `E-passkey`, RefusedError 429."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    host = _needed(host_of(server, asked))
    if wait := server.challenges.take(client.address):
        raise too_often("too many attempts to sign in", wait)
    now = server.clock()
    challenge = await server.store.write(lambda connection: passkeys.challenge(connection, now))
    options = generate_authentication_options(
        rp_id=host, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return _plain(options_to_json(options))


async def by_passkey(server: Server, credential: Credential, client: Client, asked: str) -> SignedIn:
    """Begin a session. Raises RefusedError: 401 `E-sign-in`, 429; WeighbridgeError `E-passkey`."""
    from webauthn import verify_authentication_response

    host = _needed(host_of(server, asked))
    if wait := server.strangers.wait(client.address):
        raise too_often("too many failed attempts from your address", wait)
    now, answered, named = server.clock(), _challenge(credential), _credential_id(credential)
    fresh = await server.store.write(lambda connection: passkeys.use_challenge(connection, now, answered))
    held = await server.store.read(lambda connection: passkeys.find(connection, named))
    account_id = "" if held is None else held.account_id
    account = await server.store.read(lambda connection: accounts.by_id(connection, account_id))
    if not fresh or held is None or account is None or account.disabled_at is not None:
        raise await _unknown(server, client)
    try:
        proved = verify_authentication_response(
            credential=credential,
            expected_challenge=answered,
            expected_rp_id=host,
            expected_origin=_origins(server, host),
            credential_public_key=bytes.fromhex(held.public_key),
            credential_current_sign_count=held.sign_count,
            require_user_verification=True,
        )
    except _errors():
        raise await _unknown(server, client) from None
    passkey_id = held.passkey_id
    await server.store.write(lambda connection: passkeys.note_use(connection, now, passkey_id, proved.new_sign_count))
    return await sign_in.begin(server, account, client, sessions.PASSKEY)


async def _check_fresh(server: Server, viewer: Viewer) -> None:
    account_id, now = viewer.account_id, server.clock()
    held = await server.store.read(lambda connection: sessions.of_account(connection, account_id))
    mine = next((one for one in held if one.session_id == viewer.session_id), None)
    if mine is None or now - mine.began_at > FRESH:
        raise RefusedError(
            403, "E-passkey", "who adds a passkey signs in first", "sign out, sign in, and add it within 15 minutes"
        )
    outside = await server.store.read(lambda connection: identities.of_account(connection, account_id))
    if outside and mine.began_by != sessions.LINK:
        raise RefusedError(403, "E-passkey", "your identity provider lets you in", "add the passkey there")


def _needed(host: str | None) -> str:
    if host is None:
        raise refused(
            "passkeys belong to a name, and this server is reached by an address or without TLS",
            "give it a name with `url`; on this machine, open it as http://localhost",
        )
    return host


def _origins(server: Server, host: str) -> list[str]:
    return sorted(one for one in own_origins(server) if urlsplit(one).hostname == host)


def _challenge(credential: Credential) -> bytes:
    """Return the challenge that a credential answers. Raises WeighbridgeError `E-passkey`."""
    from webauthn import base64url_to_bytes

    with _as_browsers_write():
        said = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        return base64url_to_bytes(said["challenge"])


def _credential_id(credential: Credential) -> bytes:
    """Return the id that a credential names. Raises WeighbridgeError `E-passkey`."""
    from webauthn import base64url_to_bytes

    with _as_browsers_write():
        return base64url_to_bytes(credential["rawId"])


@contextmanager
def _as_browsers_write() -> Iterator[None]:
    """Refuse what has another form than a browser's answer. Raises WeighbridgeError `E-passkey`."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise refused("this is no answer of a browser", "send what PublicKeyCredential.toJSON() gives") from None


async def _unknown(server: Server, client: Client) -> RefusedError:
    await server.strangers.failed(client.address)
    server.metrics.add("weighbridge_sign_ins_total", outcome="refused")
    return RefusedError(401, "E-sign-in", "this passkey lets nobody in here", "sign in in another way, then add it")


def _errors() -> tuple[type[Exception], ...]:
    """Return what checking a credential raises for what a stranger wrote."""
    from webauthn.helpers.exceptions import WebAuthnException

    return (
        WebAuthnException,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
        OverflowError,
        RecursionError,
    )


def _plain(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found
