"""Asking for an exception: what can be asked for, by whom, and asking once more before one ends."""

import re
import secrets

from msgspec import Struct
from sqlalchemy import Connection, literal, select

from weighbridge.fleet.artifacts import ARTIFACTS
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.exceptions import (
    ASKED,
    ENDPOINT,
    FLEET,
    GRANTED,
    GROUP,
    LONGEST_NAME,
    SCOPES,
    WITHDRAWN,
    Excepted,
    add,
    is_asked,
    name_of,
    one_of,
    reason_of,
    refused,
    scope_of,
)
from weighbridge.fleet.findings import SERVER_CHECKS
from weighbridge.fleet.permissions import EVERYTHING, Scope, Viewer
from weighbridge.fleet.problem import RefusedError, not_found
from weighbridge.fleet.visible import visible
from weighbridge.policy.ruled import ATTACKS, NEVER_EXCEPTED
from weighbridge.sync.rulings import LONGEST_DAYS

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SAME = ("rule", "check_id", "sha256", "thing", "scope", "scope_of")


class Asking(Struct, frozen=True, kw_only=True):
    """What somebody asks for."""

    rule: str = ""
    check_id: str = ""
    sha256: str = ""
    thing: str = ""
    scope: str = ENDPOINT
    scope_of: str = ""
    owner: str = ""
    """Who answers for it; whoever asks, if empty."""
    reason: str = ""
    days: int = 30


def ask(connection: Connection, now: int, who: Viewer | None, asked: Asking, renews: str = "") -> Excepted:
    """Ask for an exception. It changes nothing until somebody else grants it.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        who: asks; None for the machine's own command line.
        asked: for what.
        renews: the exception that it goes on with.

    Raises:
        RefusedError: `E-exception`: nobody can have this one; 404: the endpoint is not theirs to ask for.
    """
    clean = _clean(connection, who, asked)
    if is_asked(connection, {name: getattr(clean, name) for name in _SAME}):
        raise RefusedError(409, "E-exception", "this was asked for already", "whoever decides sees it under Exceptions")
    one = Excepted(
        exception_id=secrets.token_hex(8),
        **{name: getattr(clean, name) for name in Asking.__struct_fields__},
        asked_by=name_of(who),
        asked_at=now,
        state=ASKED,
        decided_by="",
        decided_at=None,
        decided_why="",
        until_at=None,
        signed_at=None,
        renews=renews,
    )
    add(connection, now, who, one)
    return one


def renew(connection: Connection, now: int, who: Viewer | None, exception_id: str, days: int, reason: str) -> Excepted:
    """Ask for the same once more; the one before goes on until it ends or somebody grants this. Raises as `ask`."""
    old = one_of(connection, scope_of(who), exception_id)
    if old.state not in (GRANTED, WITHDRAWN):
        raise refused(f"this was {old.state}, and never granted", "ask for one of its own")
    wanted = {name: getattr(old, name) for name in Asking.__struct_fields__}
    asked = Asking(**(wanted | {"days": days, "reason": reason.strip() or old.reason}))
    return ask(connection, now, who, asked, renews=old.exception_id)


def _clean(connection: Connection, who: Viewer | None, asked: Asking) -> Asking:
    """Return what is asked for as it is kept. Raises RefusedError."""
    sha256 = asked.sha256.strip().lower().removeprefix("sha256:")
    clean = Asking(
        rule=asked.rule.strip(),
        check_id=asked.check_id.strip(),
        sha256=sha256,
        thing=asked.thing.strip(),
        scope=asked.scope,
        scope_of="" if asked.scope == FLEET else asked.scope_of.strip(),
        owner=asked.owner.strip() or name_of(who),
        reason=reason_of(asked.reason),
        days=asked.days,
    )
    if bool(clean.rule) == bool(clean.check_id) or not _WORD.fullmatch(clean.rule or clean.check_id):
        raise refused("an exception is from one rule or from one check", "name it by its id, as verdicts do")
    if clean.rule in NEVER_EXCEPTED or clean.check_id in SERVER_CHECKS:
        raise refused(f"nobody is excepted from {clean.rule or clean.check_id}", "a revocation can be taken back")
    if bool(clean.sha256) == bool(clean.thing) or (clean.check_id and not clean.sha256):
        raise refused("an exception is for one digest, or for one runtime and a rule", "name one of them")
    if clean.sha256 and not _DIGEST.fullmatch(clean.sha256):
        raise refused("this is no SHA-256", "64 hexadecimal digits; the page of an artifact copies them")
    if clean.thing and not _WORD.fullmatch(clean.thing):
        raise refused("this is no name of a runtime", "for example `ollama`")
    if not 1 <= clean.days <= LONGEST_DAYS:
        raise refused("an exception ends", f"say for how many days, from 1 to {LONGEST_DAYS}")
    if len(clean.owner) > LONGEST_NAME or not clean.owner.isprintable():
        raise refused("this is no name of somebody who answers for it", f"at most {LONGEST_NAME} characters")
    _check_scope(connection, scope_of(who), clean)
    attacks = select(ARTIFACTS.c.assessment).where(ARTIFACTS.c.sha256 == clean.sha256)
    attacks = attacks.where(ARTIFACTS.c.assessment.in_([str(one) for one in ATTACKS])).limit(1)
    if clean.sha256 and (found := connection.execute(attacks).scalar()) is not None:
        raise refused(
            f"this model is {found}: nobody is excepted from what attacks", "remove it; `wb inspect` says why"
        )
    return clean


def _check_scope(connection: Connection, scope: Scope, asked: Asking) -> None:
    if asked.scope not in SCOPES:
        raise refused(f"`{asked.scope[:40]}` is no scope", f"one of {', '.join(SCOPES)}")
    if asked.scope == FLEET:
        if scope != EVERYTHING:
            raise refused("you do not see the whole fleet", "ask for an endpoint, or for a group")
        return
    if asked.scope == GROUP:
        mine = scope == EVERYTHING or (scope.groups is not None and asked.scope_of in scope.groups)
        known = select(literal(1)).where(ENDPOINTS.c.group_name == asked.scope_of).limit(1)
        if not asked.scope_of or not mine or connection.execute(known).first() is None:
            raise not_found("group")
        return
    seen = select(ENDPOINTS.c.endpoint_id).where(ENDPOINTS.c.endpoint_id == asked.scope_of, visible(ENDPOINTS, scope))
    if connection.execute(seen).first() is None:
        raise not_found("endpoint")
