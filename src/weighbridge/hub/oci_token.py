"""Where clients of the registry get a token: with a key of Ollama, a token of the hub, or, if it is open, with nothing.

Sources: CNCF Distribution, "Token Authentication Specification", "OAuth2"; Ollama, `server/auth.go`.
"""

from datetime import UTC, datetime

from sqlalchemy import Connection

from weighbridge.fleet import audit
from weighbridge.fleet.authentication import address_of, too_often
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import hub_tokens, machine_codes, machine_keys, ollama_login, proofs, refusal, registry_tokens
from weighbridge.hub.call import Call, Route
from weighbridge.hub.identify import OF_THE_HUB, caller_by
from weighbridge.hub.oci_refusing import outer_origin, refuse
from weighbridge.hub.registry_tokens import Grant
from weighbridge.model.errors import WeighbridgeError

_ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104  (a comparison)


async def get_token(call: Call) -> None:
    """Send a token for what is asked."""
    hub, now = call.hub, call.hub.server.clock()
    address = address_of(call.scope)
    # Checking a signature costs more than most requests, and so does making a token.
    if wait := hub.requests.take(f"from {address}"):
        raise too_often("your address asks for tokens more often than this hub gives them", wait)
    scopes = registry_tokens.scopes_of(call.queries("scope"))
    grant = await _grant(call, scopes, now + registry_tokens.LASTS * 1000)
    if grant is None:
        await refuse(call, refusal.no_account(hub.origin))
        return
    text = registry_tokens.signed(await registry_tokens.secret_of(hub), grant)
    said: dict[str, object] = {"token": text, "access_token": text, "expires_in": registry_tokens.LASTS}
    said["issued_at"] = datetime.fromtimestamp(now // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    await call.reply_json(said, headers={"cache-control": "no-store"})


async def _grant(call: Call, scopes: tuple[tuple[str, str], ...], until: int) -> Grant | None:
    """Return what whoever asks is given; None for somebody who has to say who they are."""
    header = call.header("authorization")
    if ollama_login.is_signed(header):
        return await _by_key(call, header, scopes, until)
    if not header:
        return Grant(until=until, scopes=scopes) if call.hub.open_to_all else None
    caller = await caller_by(call.hub, call, address_of(call.scope))
    if caller.viewer is None or caller.scopes is not None:
        return None
    return Grant(
        until=until,
        account_id=caller.viewer.account_id,
        proof_id=proofs.id_of(caller),
        permissions=_named(caller.viewer.permissions),
        writes=caller.may_write,
        scopes=scopes,
    )


async def _by_key(call: Call, header: str, scopes: tuple[tuple[str, str], ...], until: int) -> Grant | None:
    hub = call.hub
    server, now = hub.server, hub.server.clock()
    address = address_of(call.scope)
    if wait := server.strangers.wait(address):
        raise too_often("too many failed attempts from your address", wait)
    settings = server.settings
    if settings.host in _ANY_ADDRESS and not settings.url:
        # Whoever asks could choose the name that a signature is checked for.
        raise RefusedError(401, "E-machine-key", "this hub does not know its own name", "start it with --url")
    asked = f"{outer_origin(call)}/token?{call.scope.get('query_string', b'').decode('latin-1')}"
    try:
        by = ollama_login.check(header, asked, call.query, now // 1000)
    except WeighbridgeError as error:
        await server.strangers.failed(address)
        raise RefusedError(401, error.code, error.message, error.hint) from error
    code = machine_codes.in_scopes(scopes)

    def job(connection: Connection) -> machine_keys.Found | None:
        found = machine_keys.find(connection, now, by.public)
        if found is None and not code:
            return None  # nothing is given, so nothing needs to be remembered
        if not by.take(connection, now):
            raise RefusedError(401, "E-machine-key", "this request was made before", "let Ollama ask anew")
        if code and (found is None or machine_codes.waits(connection, now, code)):
            found = _linked(connection, now, code, by.public)
        if found is not None and found.note:
            machine_keys.note_use(connection, now, found.key.key_id)
        return found

    try:
        found = await server.store.write(job)
    except WeighbridgeError as error:
        await server.strangers.failed(address)
        raise RefusedError(401, error.code, error.message, error.hint) from error
    if found is None:
        if hub.open_to_all:
            return Grant(until=until, scopes=scopes)
        raise RefusedError(
            401, "E-machine-key", f"no account has registered the key of this machine: ssh-ed25519 {by.public}",
            f"{hub.origin}/catalog/tokens says how to link it",
        )  # fmt: skip
    return Grant(
        until=until,
        account_id=found.account.account_id,
        proof_id=found.key.key_id,
        permissions=_named(OF_THE_HUB),
        writes=found.key.right == hub_tokens.WRITE,
        scopes=scopes,
    )


def _linked(connection: Connection, now: int, code: str, public: str) -> machine_keys.Found | None:
    """Register the key that signed for a code; return whose it is now."""
    key = machine_codes.redeem(connection, now, code, public)
    found = machine_keys.holder(connection, now, key.key_id)
    name = found.account.name if found is not None else ""
    audit.note(
        connection, now, None, "machine-key.add", key.key_id, {"right": key.right, "name": key.name, "for": name}
    )
    return found


def _named(permissions: frozenset[Permission]) -> tuple[str, ...]:
    return tuple(sorted(one.value for one in permissions & OF_THE_HUB))


ROUTES = (Route(methods=("GET",), pattern=r"/token", access="login", answer=get_token, face="oci"),)
