"""Revocations: digests that nobody in the fleet may use, who said so, why, and what to use instead.

What a revocation finds in this fleet is said at once, as a finding on every endpoint that has the model or runs it, and
later with the records of those that get it. What endpoints do about it is another matter: they believe what is signed
(`ruling_signing.py`).
"""

import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct
from sqlalchemy import Column, Connection, Index, Select, String, Text, func, insert, select, union_all, update

from weighbridge.fleet import audit, findings, outbox
from weighbridge.fleet.inventory import Change
from weighbridge.fleet.permissions import Viewer
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.processes import PROCESSES, WEIGHTS
from weighbridge.fleet.sightings import SIGHTINGS
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.report.words import counted
from weighbridge.sync.rulings import MOST_RULINGS, RevokedModel, day_of

REVOCATIONS = reference_table(
    "revocations",
    Column("revocation_id", String(16), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("replacement", String(200), nullable=False),
    Column("by_id", String(32), nullable=False),
    Column("by_name", String(128), nullable=False),
    integer("at", nullable=False),
    integer("urgent_at"),
    integer("signed_at"),
    integer("lifted_at"),
    Column("lifted_by", String(128), nullable=False),
    Column("lifted_why", Text, nullable=False),
    integer("settled_at"),
    Index(None, "sha256"),
)
CHECK = "revoked-model"
LONGEST_REASON, LONGEST_REPLACEMENT = 500, 200
_SHORTEST_REASON = 3
_DIGEST = re.compile(r"[0-9a-f]{64}")
_COMMAND_LINE = "command line"
_AT_ONCE = 400


class Revocation(Struct, frozen=True, kw_only=True):
    """One revocation. Times are milliseconds since 1970, UTC."""

    revocation_id: str
    sha256: str
    reason: str
    replacement: str
    """What to use instead, a digest or words; may be empty."""
    by_name: str
    at: int
    urgent_at: int | None
    """When the key for haste signed it."""
    signed_at: int | None
    """When enough people had signed it."""
    lifted_at: int | None
    """When somebody took it back here."""
    lifted_by: str
    lifted_why: str
    settled_at: int | None
    """When people had signed that it is taken back."""

    @property
    def active(self) -> bool:
        """Whether it holds on this server."""
        return self.lifted_at is None

    @property
    def on_endpoints(self) -> bool:
        """Whether endpoints are to believe it: somebody who may has signed it, and nobody has signed its end."""
        return self.settled_at is None and (self.urgent_at is not None or self.signed_at is not None)


_ANY_AT_ALL = select(REVOCATIONS.c.revocation_id).where(REVOCATIONS.c.lifted_at.is_(None)).limit(1)
_COLUMNS = [REVOCATIONS.c[name] for name in Revocation.__struct_fields__]


def digest_of(text: str) -> str:
    """Return a digest as it is kept. Raises RefusedError `E-revocation`: it is none."""
    plain = text.strip().lower().removeprefix("sha256:")
    if not _DIGEST.fullmatch(plain):
        raise _refused("this is no SHA-256", "64 hexadecimal digits; the page of an artifact copies them")
    return plain


def revoke(
    connection: Connection, now: int, who: Viewer | None, sha256: str, reason: str, replacement: str = ""
) -> Revocation:
    """Revoke a digest, whether anybody has it or not: findings on every endpoint that has it, and one notification.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        who: revokes; None for the machine's own command line.
        sha256: see `digest_of`.
        reason: why, for everybody who meets the refusal.
        replacement: what to use instead.

    Raises:
        RefusedError: `E-revocation`.
    """
    sha256, reason, replacement = digest_of(sha256), _reason(reason), replacement.strip()
    if len(replacement) > LONGEST_REPLACEMENT or not replacement.isprintable():
        raise _refused("the replacement is too long, or cannot be shown", f"at most {LONGEST_REPLACEMENT} characters")
    if replacement.removeprefix("sha256:") == sha256:
        raise _refused("a model does not replace itself", "name another one, or none")
    if of_digest(connection, sha256) is not None:
        raise RefusedError(409, "E-revocation", "this model is revoked already", "take that back first to say it anew")
    if len(active(connection)) >= MOST_RULINGS:
        raise _refused(f"{MOST_RULINGS} models are revoked already", "take back what nobody has any more")
    row = Revocation(
        revocation_id=secrets.token_hex(8),
        sha256=sha256,
        reason=reason,
        replacement=replacement,
        by_name=_name(who),
        at=now,
        urgent_at=None,
        signed_at=None,
        lifted_at=None,
        lifted_by="",
        lifted_why="",
        settled_at=None,
    )
    values = {name: getattr(row, name) for name in Revocation.__struct_fields__}
    connection.execute(insert(REVOCATIONS).values(**values, by_id=who.account_id if who else ""))
    places = findings.open_on_endpoints(connection, CHECK, sha256, _there(sha256), now, message(row))
    detail = {"reason": reason, "replacement": replacement, "endpoints": places}
    audit.note(connection, now, who, "digest.revoke", sha256, detail)
    said = f"{row.by_name} revoked the model {sha256[:12]}, which {counted(places, 'endpoint')} "
    said += f"{'has' if places == 1 else 'have'}: {reason}"
    _tell(connection, now, row, said, {"severity": "critical", "endpoints": places, "reason": reason})
    return row


def lift(connection: Connection, now: int, who: Viewer | None, sha256: str, reason: str) -> Revocation:
    """Take a revocation back here. Endpoints go on refusing the model until people have signed that.

    Raises:
        RefusedError: `E-revocation`; 404: the digest is not revoked.
    """
    sha256, reason = digest_of(sha256), _reason(reason)
    found = of_digest(connection, sha256)
    if found is None:
        raise RefusedError(
            404, "E-not-found", "this model is not revoked", "`wb fleet revocations` lists those that are"
        )
    values = {"lifted_at": now, "lifted_by": _name(who), "lifted_why": reason}
    if found.urgent_at is None and found.signed_at is None:
        values["settled_at"] = now  # no endpoint was ever told
    _set(connection, [found.revocation_id], **values)
    ended = findings.end_on_endpoints(connection, CHECK, sha256, now)
    audit.note(connection, now, who, "digest.lift", sha256, {"reason": reason, "endpoints": ended})
    said = f"{_name(who)} took the revocation of the model {sha256[:12]} back: {reason}"
    _tell(connection, now, found, said, {"severity": "info", "endpoints": ended, "reason": reason})
    return by_id(connection, found.revocation_id)


def follow(connection: Connection, endpoint_id: str, touched: Sequence[str], changes: Sequence[Change]) -> None:
    """Bring the findings of one endpoint up to what its records say about revoked models: they come, they go.

    Args:
        connection: within the write of those records, after every other context has taken them.
        endpoint_id: whose.
        touched: digests of files that the records speak of.
        changes: what the records say.
    """
    if connection.execute(_ANY_AT_ALL).first() is None:
        return
    processes = [change.key for change in changes if change.kind == "process"]
    ran = select(WEIGHTS.c.sha256).where(WEIGHTS.c.endpoint_id == endpoint_id)
    for at in range(0, len(processes), _AT_ONCE):
        some = ran.where(WEIGHTS.c.subject.in_(processes[at : at + _AT_ONCE]))
        touched = [*touched, *connection.execute(some).scalars()]
    now = max(change.at for change in changes)
    for row in among(connection, sorted(set(touched))):
        there = connection.execute(_there(row.sha256, endpoint_id)).first()
        if there is None:
            findings.end_on_endpoints(connection, CHECK, row.sha256, now, endpoint_id)
        else:
            findings.open_for_artifact(connection, endpoint_id, CHECK, row.sha256, there.path, now, message(row))


def of_digest(connection: Connection, sha256: str) -> Revocation | None:
    """Return the revocation of a digest that holds here; None if there is none."""
    wanted = select(*_COLUMNS).where(REVOCATIONS.c.sha256 == sha256, REVOCATIONS.c.lifted_at.is_(None))
    row = connection.execute(wanted).first()
    return None if row is None else Revocation(**row._mapping)


def among(connection: Connection, digests: Sequence[str]) -> list[Revocation]:
    """Return the revocations of some digests that hold here."""
    found = []
    for at in range(0, len(digests), _AT_ONCE):
        some = REVOCATIONS.c.sha256.in_(digests[at : at + _AT_ONCE])
        rows = connection.execute(select(*_COLUMNS).where(some, REVOCATIONS.c.lifted_at.is_(None)))
        found += [Revocation(**row._mapping) for row in rows]
    return found


def history_of(connection: Connection, sha256: str) -> list[Revocation]:
    """Return every revocation of a digest, the last first, those that were taken back too."""
    wanted = select(*_COLUMNS).where(REVOCATIONS.c.sha256 == sha256).order_by(REVOCATIONS.c.at.desc())
    return [Revocation(**row._mapping) for row in connection.execute(wanted.limit(100))]


def by_id(connection: Connection, revocation_id: str) -> Revocation:
    """Return one revocation that is known to be there."""
    wanted = select(*_COLUMNS).where(REVOCATIONS.c.revocation_id == revocation_id)
    return Revocation(**connection.execute(wanted).one()._mapping)


def listed(connection: Connection, *, limit: int = 200) -> list[Revocation]:
    """Return revocations, those that hold first, of each kind the last first."""
    order = REVOCATIONS.c.lifted_at.is_not(None), REVOCATIONS.c.at.desc(), REVOCATIONS.c.revocation_id
    return [Revocation(**row._mapping) for row in connection.execute(select(*_COLUMNS).order_by(*order).limit(limit))]


def active(connection: Connection) -> list[Revocation]:
    """Return every revocation that holds here, by digest."""
    wanted = select(*_COLUMNS).where(REVOCATIONS.c.lifted_at.is_(None)).order_by(REVOCATIONS.c.sha256)
    return [Revocation(**row._mapping) for row in connection.execute(wanted)]


def mark(connection: Connection) -> tuple[int, int]:
    """Return what changes whenever something is revoked or that is taken back."""
    row = connection.execute(select(func.count(), func.count(REVOCATIONS.c.lifted_at))).one()
    return row[0], row[1]


def ruling_of(one: Revocation) -> RevokedModel:
    """Return a revocation as it is signed for machines."""
    return RevokedModel(
        id=one.revocation_id,
        sha256=one.sha256,
        reason=one.reason,
        by=one.by_name,
        at=day_of(datetime.fromtimestamp(one.at / 1000, UTC)),
        replacement=one.replacement,
    )


def hasty(connection: Connection) -> list[str]:
    """Return the ids of all that the key for haste ever signed; people's next word settles them."""
    wanted = select(REVOCATIONS.c.revocation_id).where(REVOCATIONS.c.urgent_at.is_not(None))
    newest = wanted.order_by(REVOCATIONS.c.at.desc()).limit(MOST_RULINGS)
    return [*connection.execute(newest).scalars()]


def note_signed(connection: Connection, now: int, models: Sequence[RevokedModel], *, in_haste: bool) -> None:
    """Take note of a text that was signed: what is in it is believed; by people, what is not in it is over.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        models: what stands in the text.
        in_haste: whether the key for haste signed it alone.
    """
    ids = [one.id for one in models]
    column = REVOCATIONS.c.urgent_at if in_haste else REVOCATIONS.c.signed_at
    for at in range(0, len(ids), _AT_ONCE):
        some = REVOCATIONS.c.revocation_id.in_(ids[at : at + _AT_ONCE])
        connection.execute(update(REVOCATIONS).where(some, column.is_(None)).values({column: now}))
    if in_haste:
        return
    lifted = REVOCATIONS.c.lifted_at.is_not(None), REVOCATIONS.c.settled_at.is_(None)
    for row in connection.execute(select(REVOCATIONS.c.revocation_id).where(*lifted)).all():
        if row.revocation_id not in ids:
            _set(connection, [row.revocation_id], settled_at=now)


def message(row: Revocation) -> str:
    """Return what the finding says."""
    instead = f" Use {row.replacement} instead." if row.replacement else ""
    return f"Revoked by {row.by_name}: {row.reason.rstrip('.')}.{instead}"


def _there(sha256: str, endpoint_id: str = "") -> Select[tuple[str, str]]:
    """Return a query for the endpoints that have a digest or run it, with the path of one place."""
    seen = select(SIGHTINGS.c.endpoint_id, SIGHTINGS.c.path).where(SIGHTINGS.c.sha256 == sha256, SIGHTINGS.c.places > 0)
    same = (PROCESSES.c.endpoint_id == WEIGHTS.c.endpoint_id) & (PROCESSES.c.subject == WEIGHTS.c.subject)
    runs = select(WEIGHTS.c.endpoint_id, WEIGHTS.c.path).join(PROCESSES, same)
    runs = runs.where(WEIGHTS.c.sha256 == sha256, PROCESSES.c.ended_at.is_(None))
    if endpoint_id:
        seen, runs = (
            seen.where(SIGHTINGS.c.endpoint_id == endpoint_id),
            runs.where(WEIGHTS.c.endpoint_id == endpoint_id),
        )
    both = union_all(seen, runs).subquery()
    return select(both.c.endpoint_id, func.max(both.c.path).label("path")).group_by(both.c.endpoint_id)


def _set(connection: Connection, ids: Sequence[str], **values: object) -> None:
    connection.execute(update(REVOCATIONS).where(REVOCATIONS.c.revocation_id.in_(ids)).values(**values))


def _tell(connection: Connection, now: int, row: Revocation, said: str, detail: dict[str, object]) -> None:
    about = {"change_id": row.revocation_id, "by": row.by_name, "message": said, "sha256": row.sha256}
    outbox.tell(connection, "", outbox.DECISION, detail | about, now)


def _name(who: Viewer | None) -> str:
    return who.name if who else _COMMAND_LINE


def _reason(text: str) -> str:
    reason = text.strip()
    if not _SHORTEST_REASON <= len(reason) <= LONGEST_REASON or not reason.isprintable():
        raise _refused(
            "this needs a reason, in one line", f"say why in {_SHORTEST_REASON} to {LONGEST_REASON} characters"
        )
    return reason


def _refused(said: str, hint: str) -> RefusedError:
    return RefusedError(400, "E-revocation", said, hint)
