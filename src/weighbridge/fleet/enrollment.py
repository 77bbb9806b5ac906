"""Enrollment: tokens that let a device into the fleet, and devices that came in with them.

A token is shown once and stored as a hash; it ends by itself, after so many uses, or when somebody revokes it. A device
is its key: who enrolls again with the same key gets the same answer and uses nothing up.
"""

import secrets
from collections.abc import Mapping
from hashlib import sha256

import msgspec
from msgspec import Struct
from sqlalchemy import Column, Connection, LargeBinary, String, Text, insert, select, update
from sqlalchemy import false as never

from weighbridge.fleet import endpoints, findings, grouping, labels, witness
from weighbridge.fleet.endpoints import ACTIVE, FORKED, PENDING, REVOKED, Identity
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.fleet.untrusted import text
from weighbridge.sync.messages import Enroll, endpoint_id_of, hash_of

PREFIX = "wbe-"
ENROLLMENT_TOKENS = reference_table(
    "enrollment_tokens",
    Column("token_id", String(32), primary_key=True),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    Column("note", Text, nullable=False),
    Column("group_name", String(64), nullable=False),
    integer("needs_approval", nullable=False),
    integer("most_uses", nullable=False),
    integer("uses", nullable=False),
    Column("made_by", String(255), nullable=False),
    integer("made_at", nullable=False),
    integer("expires_at", nullable=False),
    integer("revoked_at"),
    Column("labels", Text, nullable=False, server_default="{}"),
    Column("endpoint_id", String(16)),
)


class Token(Struct, frozen=True, kw_only=True):
    """A token as faces show it: everything but the token."""

    token_id: str
    note: str
    group_name: str
    needs_approval: bool
    most_uses: int
    uses: int
    made_by: str
    made_at: int
    expires_at: int
    revoked_at: int | None
    labels: str = "{}"
    """What devices are labeled that come in with it; a JSON object."""
    endpoint_id: str | None = None
    """The endpoint that may go on with a new key by it; None if it is for new devices."""


class RefusedError(Exception):
    """A device was not let in.

    Args:
        code: one of `sync.messages.REFUSALS`.
        reason: a sentence.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Admitted(Struct, frozen=True):
    """A device that belongs to the fleet, or waits for approval."""

    endpoint_id: str
    state: str
    is_new: bool


def make_token(
    connection: Connection,
    now: int,
    *,
    made_by: str,
    expires_at: int,
    most_uses: int = 1,
    group_name: str = "",
    needs_approval: bool = False,
    note: str = "",
    labeled: Mapping[str, str] | None = None,
    endpoint_id: str | None = None,
) -> str:
    """Make a token and return it; it cannot be shown again.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        made_by: account.
        expires_at: milliseconds since 1970.
        most_uses: devices that it lets in.
        group_name: where they go.
        needs_approval: whether each waits until somebody approves it.
        note: what it is for.
        labeled: labels of devices that come in with it.
        endpoint_id: which endpoint goes on with a new key by it; None for new devices.

    Raises:
        WeighbridgeError: `E-label`.
    """
    token = PREFIX + secrets.token_urlsafe(24)
    row = {
        "token_id": secrets.token_hex(8),
        "hash": _hash(token),
        "note": note,
        "group_name": group_name,
        "needs_approval": int(needs_approval),
        "most_uses": most_uses,
        "uses": 0,
        "made_by": made_by,
        "made_at": now,
        "expires_at": expires_at,
        "revoked_at": None,
        "labels": msgspec.json.encode(labels.checked(labeled or {})).decode(),
        "endpoint_id": endpoint_id,
    }
    connection.execute(insert(ENROLLMENT_TOKENS).values(row))
    return token


def tokens(connection: Connection) -> list[Token]:
    """Return all tokens, the newest first."""
    columns = [ENROLLMENT_TOKENS.c[name] for name in Token.__struct_fields__]
    rows = connection.execute(
        select(*columns).order_by(ENROLLMENT_TOKENS.c.made_at.desc(), ENROLLMENT_TOKENS.c.token_id)
    )
    return [Token(**{**row._mapping, "needs_approval": bool(row.needs_approval)}) for row in rows]


def revoke_token(connection: Connection, token_id: str, now: int) -> bool:
    """End a token; return whether it was one that could be used."""
    live = update(ENROLLMENT_TOKENS).where(
        ENROLLMENT_TOKENS.c.token_id == token_id, ENROLLMENT_TOKENS.c.revoked_at.is_(None)
    )
    return connection.execute(live.values(revoked_at=now)).rowcount == 1


def admit(connection: Connection, now: int, request: Enroll) -> Admitted:
    """Let a device in whose signature on the request holds.

    Raises:
        RefusedError: `token`, `revoked`, `ledger-changed`, `forked`.
    """
    public_key = hash_of(request.public_key)
    endpoint_id = endpoints.with_key(connection, public_key) or endpoint_id_of(public_key)
    known = endpoints.identity(connection, endpoint_id)
    if known is not None:
        if known.state == REVOKED:
            raise RefusedError("revoked", "this endpoint was taken out of the fleet")
        if known.public_key != public_key:
            raise RefusedError("forked", "the machine with this name goes on with a new key; this is a copy of it")
        if not has_ledger(connection, endpoint_id, known, request.ledger_key):
            raise RefusedError("ledger-changed", "this endpoint is enrolled with another ledger")
        _describe(connection, now, endpoint_id, request)
        grouping.regroup(connection, now, [endpoint_id])
        return Admitted(endpoint_id, known.state, False)
    token = _use(connection, now, request.token)
    if token.endpoint_id != request.again:
        raise RefusedError("token", "the token is for another machine, or for one that goes on with a new key")
    if token.endpoint_id is not None:
        _go_on(connection, now, token.endpoint_id, token.made_by, request)
        return Admitted(token.endpoint_id, ACTIVE, False)
    state = PENDING if token.needs_approval else ACTIVE
    endpoints.add(
        connection,
        {
            "endpoint_id": endpoint_id,
            "public_key": public_key,
            "ledger_key": request.ledger_key,
            "state": state,
            "reason": "",
            **_host(request),
            "owner": "",
            "group_name": token.group_name,
            "labels": "{}",
            "token_id": token.token_id,
            "enrolled_at": now,
            "changed_at": now,
        },
    )
    labels.set_labels(connection, endpoint_id, msgspec.json.decode(token.labels, type=dict[str, str]), now)
    grouping.regroup(connection, now, [endpoint_id])
    return Admitted(endpoint_id, state, True)


def has_ledger(connection: Connection, endpoint_id: str, known: Identity, ledger_key: str) -> bool:
    """Tell whether a key signs the ledger of an endpoint: the one that it enrolled with, or one that followed it."""
    return ledger_key in (known.ledger_key, witness.copy_of(connection, endpoint_id, known.ledger_key).position.key)


def _go_on(connection: Connection, now: int, endpoint_id: str, made_by: str, request: Enroll) -> None:
    """Let an endpoint go on with a new key. A copy of it has the old one, and is nobody from now on."""
    known = endpoints.identity(connection, endpoint_id, alone=True)
    if known is None or known.state not in (ACTIVE, FORKED):
        raise RefusedError("revoked", "this endpoint was taken out of the fleet")
    if not has_ledger(connection, endpoint_id, known, request.ledger_key):
        raise RefusedError("token", "the token is for a machine with another ledger")
    endpoints.change_key(connection, endpoint_id, hash_of(request.public_key))
    reason = f"goes on with a new key, which {made_by or 'the server'} let it have"
    endpoints.set_state(connection, endpoint_id, ACTIVE, reason, now)
    _describe(connection, now, endpoint_id, request)
    findings.end_server_finding(connection, endpoint_id, "ledger-forked", now)


def approve(connection: Connection, endpoint_id: str, now: int, who: str) -> bool:
    """Let in a device that waits; return whether it did wait."""
    waiting = endpoints.identity(connection, endpoint_id)
    if waiting is None or waiting.state != PENDING:
        return False
    return endpoints.set_state(connection, endpoint_id, ACTIVE, f"approved by {who}", now)


def revoke(connection: Connection, endpoint_id: str, now: int, reason: str) -> bool:
    """Take an endpoint out of the fleet; its key never comes in again. Return whether there is such a one."""
    return endpoints.set_state(connection, endpoint_id, REVOKED, reason, now)


def _use(connection: Connection, now: int, token: str) -> Token:
    # Whether it may be used and that it was is one statement: two devices at once cannot share the last use.
    usable = (
        update(ENROLLMENT_TOKENS)
        .where(
            ENROLLMENT_TOKENS.c.hash == _hash(token),
            ENROLLMENT_TOKENS.c.revoked_at.is_(None),
            ENROLLMENT_TOKENS.c.expires_at > now,
            ENROLLMENT_TOKENS.c.uses < ENROLLMENT_TOKENS.c.most_uses,
        )
        .values(uses=ENROLLMENT_TOKENS.c.uses + 1)
    )
    used = connection.execute(usable).rowcount == 1
    columns = [ENROLLMENT_TOKENS.c[name] for name in Token.__struct_fields__]
    row = connection.execute(
        select(*columns).where(ENROLLMENT_TOKENS.c.hash == _hash(token) if used else never())
    ).first()
    if row is None:
        raise RefusedError("token", "the token is unknown, used up, expired or revoked")
    return Token(**{**row._mapping, "needs_approval": bool(row.needs_approval)})


def _describe(connection: Connection, now: int, endpoint_id: str, request: Enroll) -> None:
    endpoints.describe(connection, endpoint_id, _host(request), now)


def _host(request: Enroll) -> dict[str, str]:
    host = request.host
    return {
        "name": text(host.name) or endpoint_id_of(hash_of(request.public_key)),
        "platform": text(host.platform, 64) or "",
        "release": text(host.release) or "",
        "architecture": text(host.architecture, 64) or "",
    }


def _hash(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
