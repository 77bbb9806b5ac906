"""Letting people in whom the identity provider knows: what they may here follows from their groups there.

Nothing is stored between going there and coming back. The browser keeps a secret in a cookie; state, nonce and the
verifier of PKCE follow from it, so that an answer is taken from the browser that asked, and for that one question.
Role and scope are read anew with every sign-in; where they changed, older sessions end.

Source: OpenID Connect Core 1.0, section 3.1; RFC 6749, section 10.12; RFC 7636; RFC 9207.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import Connection

from weighbridge.fleet import accounts, audit, identities, sessions, sign_in
from weighbridge.fleet.accounts import Account
from weighbridge.fleet.authentication import too_often, viewer_of
from weighbridge.fleet.identity_provider import Claims, IdentityProvider
from weighbridge.fleet.permissions import Role, Scope
from weighbridge.fleet.problem import RefusedError, not_found
from weighbridge.fleet.server import Server
from weighbridge.fleet.settings import Settings, granted_by
from weighbridge.fleet.sign_in import Client, SignedIn

COOKIE = "weighbridge-sign-in"
COOKIE_SECONDS = 600
ANSWER_PATH = "/sign-in/provider/answer"
_LONGEST_SUBJECT = 255
_NAMES = ("preferred_username", "email", "name", "sub")
_ORDER = (Role.VIEWER, Role.ANALYST, Role.APPROVER, Role.ADMINISTRATOR)


class Departure(NamedTuple):
    """A browser that is sent to the provider."""

    address: str
    secret: str
    """For the cookie."""


class Answer(NamedTuple):
    """What the browser brought back. Each is empty if it brought none."""

    code: str
    state: str
    issuer: str
    error: str


class Granted(NamedTuple):
    """What somebody may, and sees."""

    role: Role
    scope: Scope


async def depart(server: Server) -> Departure:
    """Send a browser to the provider. Raises RefusedError: 404 if there is none, 502 if it cannot be asked."""
    provider = provider_of(server)
    secret = secrets.token_urlsafe(32)
    address = await provider.way_in(
        _redirect(server), _derived(secret, "state"), _derived(secret, "nonce"), _derived(secret, "verifier")
    )
    return Departure(address, secret)


async def arrive(server: Server, secret: str, answer: Answer, client: Client) -> SignedIn:
    """Begin a session for whoever came back.

    Args:
        server: where to.
        secret: of the cookie; empty without one.
        answer: what the browser brought.
        client: the browser.

    Raises:
        RefusedError: 401 if what came does not fit, 403 for somebody who may nothing here, 429, 502.
    """
    provider = provider_of(server)
    if wait := server.strangers.wait(client.address):
        raise too_often("too many failed attempts from your address", wait)
    try:
        claims = await _believed(server, provider, secret, answer)
        return await _let_in(server, provider, claims, client)
    except RefusedError as refused:
        if refused.status in (401, 403):
            await server.strangers.failed(client.address)
            server.metrics.add("weighbridge_sign_ins_total", outcome="refused")
        raise


async def _believed(server: Server, provider: IdentityProvider, secret: str, answer: Answer) -> Claims:
    again = "begin again at the page for signing in"
    if not secret or not hmac.compare_digest(
        _derived(secret, "state").encode(), answer.state.encode("utf-8", "replace")
    ):
        raise RefusedError(401, "E-sign-in", "this answer belongs to no attempt of this browser", again)
    if answer.error or not answer.code:
        reason = "let nobody in" if answer.error in ("access_denied", "") else "could not answer"
        raise RefusedError(401, "E-sign-in", f"the identity provider {reason}", again)
    known = await provider.metadata()
    stated = answer.issuer or ("" if known.authorization_response_iss_parameter_supported else known.issuer)
    if stated != known.issuer:
        raise RefusedError(401, "E-sign-in", "the answer comes from another identity provider", again)
    return await provider.claims(
        answer.code, _redirect(server), _derived(secret, "nonce"), _derived(secret, "verifier"), server.clock() // 1000
    )


async def _let_in(server: Server, provider: IdentityProvider, claims: Claims, client: Client) -> SignedIn:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT or not subject.isascii():
        raise RefusedError(401, "E-sign-in", "the identity provider names nobody", "ask who runs it")
    granted = granted_to(server.settings, claims)
    if granted is None:
        raise RefusedError(
            403,
            "E-sign-in",
            "the identity provider knows you, and none of your groups has a role here",
            "ask an administrator of this server for one (`oidc_roles`)",
        )
    now, name = server.clock(), _name(claims, provider.issuer)

    def job(connection: Connection) -> Account:
        account = identities.account_of(connection, provider.issuer, subject)
        if account is None:
            account = identities.add(connection, now, provider.issuer, subject, name, granted.role, granted.scope)
            audit.note(connection, now, viewer_of(account), "account.make", account.account_id, {"by": sessions.OIDC})
            return account
        identities.note_seen(connection, now, provider.issuer, subject)
        if account.disabled_at is None and (account.role, account.scope) != (granted.role, granted.scope):
            accounts.set_role(connection, now, account.account_id, granted.role, granted.scope)
            sessions.end_all(connection, account.account_id)
            changes = {"by": sessions.OIDC, "from": account.role.value, "to": granted.role.value}
            audit.note(connection, now, viewer_of(account), "account.role", account.account_id, changes)
        return accounts.by_id(connection, account.account_id) or account

    account = await server.store.write(job)
    if account.disabled_at is not None:
        raise RefusedError(403, "E-sign-in", "this account was taken out", "ask an administrator of this server")
    return await sign_in.begin(server, account, client, sessions.OIDC)


def granted_to(settings: Settings, claims: Claims) -> Granted | None:
    """Return what somebody may by what the provider says of them; None for nothing.

    The highest of the roles that their groups give counts, and of equal ones the one that sees more.
    """
    said = claims.get(settings.oidc_groups)
    groups = [said] if isinstance(said, str) else said if isinstance(said, list) else []
    given = [settings.oidc_roles[one] for one in groups if isinstance(one, str) and one in settings.oidc_roles]
    if not given and settings.oidc_default_role:
        given = [settings.oidc_default_role]
    found: Granted | None = None
    for text in given:
        role, within = granted_by(text)
        one = Granted(role, Scope(groups=within))
        if found is None or _ORDER.index(role) > _ORDER.index(found.role):
            found = one
        elif role is found.role:
            found = Granted(role, Scope(groups=_both(found.scope.groups, within)))
    return found


def provider_of(server: Server) -> IdentityProvider:
    """Return the provider. Raises RefusedError 404 if the settings name none."""
    if server.identity_provider is None:
        raise not_found("identity provider")
    return server.identity_provider


def _both(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if one is None or other is None else tuple(sorted({*one, *other}))


def _name(claims: Claims, issuer: str) -> str:
    for claim in _NAMES:
        said = claims.get(claim)
        if isinstance(said, str) and (shown := " ".join("".join(filter(str.isprintable, said)).split())):
            return shown[:100]
    return f"somebody of {urlsplit(issuer).hostname}"


def _redirect(server: Server) -> str:
    return server.settings.origin + ANSWER_PATH


def _derived(secret: str, purpose: str) -> str:
    made = hmac.digest(secret.encode("utf-8", "replace"), f"weighbridge {purpose}".encode(), "sha256")
    return urlsafe_b64encode(made).decode().rstrip("=")
