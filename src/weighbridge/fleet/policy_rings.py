"""Which endpoint gets which policy, and when: ring by ring, halted where too many of a ring run into trouble.

An endpoint is in the first ring whose groups it is in, or whose percentage its place reaches; the place is a hash of
policy and endpoint, so it is nobody's choice and another one for each policy. Trouble is an endpoint that could not
take the policy, or that denies more models than when the roll-out began. People read why it was halted, and decide.
"""

from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Column, Connection, String, Text, delete, func, insert, select, update

from weighbridge.fleet import outbox
from weighbridge.fleet.endpoints import ACTIVE, ENDPOINTS, PRESENCE
from weighbridge.fleet.labels import LABELS
from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import endpoint_table, integer, reference_table
from weighbridge.fleet.verdicts import VERDICTS
from weighbridge.model.errors import WeighbridgeError
from weighbridge.sync.policy_updates import held_of

ROLLOUTS = reference_table(
    "policy_rollouts",
    integer("number", primary_key=True),
    integer("base", nullable=False),
    Column("rings", Text, nullable=False),
    integer("ring", nullable=False),
    integer("budget", nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("changed_by", String(255), nullable=False),
    integer("began_at", nullable=False),
    integer("ring_at", nullable=False),
    integer("changed_at", nullable=False),
)
DENIED_BEFORE = endpoint_table(
    "policy_denied_before",
    integer("number", primary_key=True),
    integer("denied", nullable=False),
)
ROLLING, HALTED, DONE, REPLACED = "rolling", "halted", "done", "replaced"
STATES = (ROLLING, HALTED, DONE, REPLACED)
HOUR = 3_600_000
_PLACES = 10_000
_MOST_HOURS = 8_784
_AT_ONCE = 5_000
_LIVE = (ROLLING, HALTED)


class Ring(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the fleet."""

    percent: Annotated[int, Meta(ge=0, le=100)] = 0
    """Of all endpoints, those of the rings before included."""
    groups: Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=20)] = []
    """Groups that are in it as a whole."""
    labels: Annotated[list[Annotated[str, Meta(max_length=170)]], Meta(max_length=20)] = []
    """Endpoints with any of these labels are in it, too: `site=berlin`."""
    hours: Annotated[int, Meta(ge=0, le=_MOST_HOURS)] = 24
    """How long it is watched before the next ring begins."""


USUAL = (Ring(percent=5, hours=24), Ring(percent=25, hours=24), Ring(percent=100, hours=0))


def rings_of(text: str) -> tuple[Ring, ...]:
    """Return rings as people write them: `PERCENT[:HOURS][:GROUP or LABEL=VALUE,...]`, between spaces.

    Raises:
        WeighbridgeError: `E-policy-rings`.
    """
    return tuple(_ring(one) for one in text.split())


def _ring(text: str) -> Ring:
    percent, _, rest = text.partition(":")
    hours, _, named = rest.partition(":")
    hours = hours or "24"
    numbers = percent.isascii() and percent.isdecimal() and hours.isascii() and hours.isdecimal()
    if not (numbers and len(percent) < 4 and len(hours) < 5 and int(percent) <= 100 and int(hours) <= _MOST_HOURS):
        raise WeighbridgeError(
            "E-policy-rings", f"{text[:60]} is no ring", "write it like 5:24, or 0:24:lab,site=berlin for some alone"
        )
    names = [one for one in named.split(",") if one][:20]
    groups, labels = [one for one in names if "=" not in one], [one for one in names if "=" in one]
    return Ring(percent=int(percent), hours=int(hours), groups=groups, labels=labels)


USUAL_BUDGET = 2
"""Percent of the endpoints of the rings so far that may run into trouble."""


class Rollout(Struct, frozen=True, kw_only=True):
    """How far a published policy is. Times are milliseconds since 1970, UTC."""

    number: int
    base: int
    """The policy that everybody else has meanwhile; 0 if there was none."""
    rings: tuple[Ring, ...]
    ring: int
    """Index of the last ring that has it."""
    budget: int
    state: str
    """One of `STATES`."""
    reason: str
    """Why it was halted."""
    changed_by: str
    """Who halted it or let it go on; empty for the server itself."""
    began_at: int
    ring_at: int
    changed_at: int


class RingProgress(Struct, frozen=True, kw_only=True):
    """How far one ring is."""

    ring: Ring
    endpoints: int
    have: int
    """Endpoints that say that the policy is in force there."""
    refused: int
    """Endpoints that say that they could not take it."""
    denying: int
    """Endpoints that have it and deny more models than before."""

    @property
    def troubled(self) -> int:
        """Endpoints that count against the budget."""
        return self.refused + self.denying


def begin(
    connection: Connection,
    now: int,
    who: str,
    number: int,
    rings: Sequence[Ring] = USUAL,
    budget: int = USUAL_BUDGET,
) -> Rollout:
    """Begin to give a published policy to endpoints, and remember how much each of them denies now.

    Raises:
        WeighbridgeError: `E-policy-rings`: the rings do not grow to the whole fleet.
    """
    check_rings(rings)
    before = current(connection)
    base = 0 if before is None else before.number if before.state == DONE else before.base
    live = update(ROLLOUTS).where(ROLLOUTS.c.state.in_(_LIVE))
    connection.execute(live.values(state=REPLACED, changed_at=now, changed_by=who))
    rollout = Rollout(
        number=number,
        base=base,
        rings=tuple(rings),
        ring=0,
        budget=budget,
        state=ROLLING,
        reason="",
        changed_by=who,
        began_at=now,
        ring_at=now,
        changed_at=now,
    )
    values = {name: getattr(rollout, name) for name in Rollout.__struct_fields__}
    connection.execute(insert(ROLLOUTS).values(values | {"rings": msgspec.json.encode(rollout.rings).decode()}))
    _remember(connection, number)
    _tell(connection, now, who, f"Policy {number} is rolled out, to {ring_words(rollout.rings[0])} first")
    return rollout


def ring_words(ring: Ring) -> str:
    """Return who is in a ring, for a person: `5 % and group lab`."""
    shares = [f"{ring.percent} %"] if ring.percent else []
    names = [f"group {one}" for one in ring.groups] + [f"label {one}" for one in ring.labels]
    return " and ".join(shares + names) or "nobody"


def check_rings(rings: Sequence[Ring]) -> None:
    """Refuse rings that do not grow to the whole fleet. Raises WeighbridgeError `E-policy-rings`."""
    shares = [ring.percent for ring in rings]
    if not rings or len(rings) > 20 or shares != sorted(shares) or shares[-1] != 100:
        raise WeighbridgeError(
            "E-policy-rings", "rings grow, and the last has 100 percent", "for example 5, 25, 100; at most twenty"
        )


def current(connection: Connection) -> Rollout | None:
    """Return how far the newest published policy is; None if there is none."""
    columns = [ROLLOUTS.c[name] for name in Rollout.__struct_fields__]
    row = connection.execute(select(*columns).order_by(ROLLOUTS.c.number.desc()).limit(1)).first()
    if row is None:
        return None
    rings = msgspec.json.decode(row.rings, type=tuple[Ring, ...])
    return Rollout(**{**row._mapping, "rings": rings})


def place(number: int, endpoint_id: str) -> int:
    """Return where an endpoint stands in the roll-out of a policy: from 0 to 9999, in hundredths of a percent."""
    return int.from_bytes(sha256(f"{number} {endpoint_id}".encode()).digest()[:8]) % _PLACES


def ring_of(rollout: Rollout, endpoint_id: str, group: str, labels: Collection[str] = ()) -> int:
    """Return the index of the ring that an endpoint is in: the first that its share, group or a label reaches."""
    at = place(rollout.number, endpoint_id)
    for index, ring in enumerate(rollout.rings):
        if at < ring.percent * 100 or (group and group in ring.groups) or not set(ring.labels).isdisjoint(labels):
            return index
    return len(rollout.rings) - 1


def wanted(rollout: Rollout | None, endpoint_id: str, group: str, held: int, labels: Collection[str] = ()) -> int:
    """Return the number of the policy that an endpoint should have; 0 for none.

    While a roll-out is halted nobody else gets the policy. Who has one keeps it until a newer one: numbers only grow.

    Args:
        rollout: how far the newest one is.
        endpoint_id: which endpoint.
        group: that it is in.
        held: the number of the policy that is in force there, as it says.
        labels: that people gave it.
    """
    if rollout is None:
        return 0
    reached = rollout.state != HALTED and ring_of(rollout, endpoint_id, group, labels) <= rollout.ring
    return rollout.number if reached else min(max(rollout.base, held), rollout.number)


def progress(connection: Connection, rollout: Rollout) -> list[RingProgress]:
    """Return how far each ring is. Reads every endpoint: for a job or a page, not for each request."""
    denied = _denied(connection)
    before = select(DENIED_BEFORE.c.endpoint_id, DENIED_BEFORE.c.denied).where(DENIED_BEFORE.c.number == rollout.number)
    was = {row.endpoint_id: row.denied for row in connection.execute(before)}
    labels = labelled(connection, rollout)
    counts = [[0, 0, 0, 0] for _ in rollout.rings]
    for endpoint_id, group, said in _said(connection):
        number, code = held_of(said)
        count = counts[ring_of(rollout, endpoint_id, group, labels.get(endpoint_id, ()))]
        count[0] += 1
        has = number >= rollout.number
        count[1] += has
        count[2] += bool(code in _TROUBLE and not has)
        count[3] += has and denied.get(endpoint_id, 0) > was.get(endpoint_id, 0)
    return [
        RingProgress(ring=ring, endpoints=count[0], have=count[1], refused=count[2], denying=count[3])
        for ring, count in zip(rollout.rings, counts, strict=True)
    ]


_TROUBLE = frozenset({"damaged", "mixed", "old", "oversized", "unlisted", "unsigned", "unusable"})
"""Codes that are about what was published; being offline or without a root is not."""


def labelled(connection: Connection, rollout: Rollout) -> dict[str, list[str]]:
    """Return the labels that rings name, by the endpoints that have them."""
    names = sorted({label for ring in rollout.rings for label in ring.labels})
    found: dict[str, list[str]] = {}
    if names:
        query = select(LABELS.c.endpoint_id, LABELS.c.label).where(LABELS.c.label.in_(names))
        for endpoint_id, label in connection.execute(query):
            found.setdefault(endpoint_id, []).append(label)
    return found


def over_budget(rollout: Rollout, rings: Sequence[RingProgress]) -> str:
    """Return why a roll-out must not go on; empty if it may. One endpoint alone is enough in a ring of few."""
    begun = rings[: rollout.ring + 1]
    answered = sum(one.have + one.refused for one in begun)
    troubled = sum(one.troubled for one in begun)
    if not troubled or troubled * 100 <= answered * rollout.budget:
        return ""
    refused, denying = sum(one.refused for one in begun), sum(one.denying for one in begun)
    return (
        f"{troubled} of {answered} endpoints are in trouble ({denying} deny more than before, {refused} could not take"
        f" it); the budget is {rollout.budget} %"
    )


def due(connection: Connection, now: int) -> tuple[Rollout, dict[str, object]] | None:
    """Return what the time brings a roll-out: it halts over its budget, or its next ring begins; None for nothing.

    Reads every endpoint, so it is asked on a snapshot; `settle` writes the answer.
    """
    rollout = current(connection)
    if rollout is None or rollout.state != ROLLING:
        return None
    reason = over_budget(rollout, progress(connection, rollout))
    if reason:
        return rollout, {"state": HALTED, "reason": reason}
    if now < rollout.ring_at:  # the server's clock was ahead when the ring began, and must not hold it up for years
        return rollout, {"ring_at": now}
    if now - rollout.ring_at < rollout.rings[rollout.ring].hours * HOUR:
        return None
    if rollout.ring == len(rollout.rings) - 1:
        return rollout, {"state": DONE}
    return rollout, {"ring": rollout.ring + 1, "ring_at": now}


def settle(connection: Connection, now: int, found: tuple[Rollout, dict[str, object]]) -> None:
    """Write what `due` found, unless somebody changed the roll-out meanwhile."""
    rollout, values = found
    same = (ROLLOUTS.c.number == rollout.number, ROLLOUTS.c.changed_at == rollout.changed_at)
    unchanged = (*same, ROLLOUTS.c.state == ROLLING, ROLLOUTS.c.ring == rollout.ring)
    done = connection.execute(update(ROLLOUTS).where(*unchanged).values(changed_at=now, changed_by="", **values))
    if done.rowcount != 1:
        return
    number, reason = rollout.number, str(values.get("reason", ""))
    if values.get("state") == HALTED:
        _tell(connection, now, "", f"The roll-out of policy {number} was halted by the server", reason, "high")
    elif values.get("state") == DONE:
        _tell(connection, now, "", f"The roll-out of policy {number} is open to everybody")
    elif "ring" in values:
        ring = rollout.rings[rollout.ring + 1]
        _tell(connection, now, "", f"The roll-out of policy {number} goes on to {ring_words(ring)}")


def halt(connection: Connection, now: int, who: str, reason: str) -> Rollout:
    """Give the policy to no further endpoint. Raises `E-policy-rings`: none is being rolled out."""
    rollout = current(connection)
    if rollout is None or rollout.state != ROLLING:
        raise _not(rollout, "there is no roll-out that goes on")
    _tell(connection, now, who, f"The roll-out of policy {rollout.number} was halted", reason, "medium")
    return _set(connection, rollout, now, state=HALTED, reason=reason[:2000], changed_by=who)


def go_on(connection: Connection, now: int, who: str, reason: str = "") -> Rollout:
    """Let a halted roll-out go on: the ring that it is in begins anew. Raises `E-policy-rings`: none is halted."""
    rollout = current(connection)
    if rollout is None or rollout.state != HALTED:
        raise _not(rollout, "there is no roll-out that was halted")
    _remember(connection, rollout.number)
    _tell(connection, now, who, f"The roll-out of policy {rollout.number} goes on", reason)
    return _set(connection, rollout, now, state=ROLLING, reason="", ring_at=now, changed_by=who)


def held(connection: Connection) -> dict[str, int]:
    """Return how many endpoints say that they hold what: `7`, `7 expired`, empty for none."""
    counts: dict[str, int] = {}
    for _, _, said in _said(connection):
        number, code = held_of(said)
        word = "" if not number and not code else said
        counts[word] = counts.get(word, 0) + 1
    return counts


def forget(connection: Connection) -> int:
    """Remove what was remembered for roll-outs that are over; return how many rows."""
    newest = connection.execute(select(func.max(ROLLOUTS.c.number))).scalar() or 0
    return connection.execute(delete(DENIED_BEFORE).where(DENIED_BEFORE.c.number < newest)).rowcount


def _said(connection: Connection) -> list[tuple[str, str, str]]:
    """Return id, group and what each active endpoint says of its policy."""
    joined = ENDPOINTS.outerjoin(PRESENCE, PRESENCE.c.endpoint_id == ENDPOINTS.c.endpoint_id)
    columns = ENDPOINTS.c.endpoint_id, ENDPOINTS.c.group_name, PRESENCE.c.policy_version
    query = select(*columns).select_from(joined).where(ENDPOINTS.c.state == ACTIVE)
    return [(row[0], row[1], row[2] or "") for row in connection.execute(query)]


def _denied(connection: Connection) -> dict[str, int]:
    """Return how many artifacts each endpoint denies."""
    query = select(VERDICTS.c.endpoint_id, func.count()).where(VERDICTS.c.decision == "deny")
    return {row[0]: row[1] for row in connection.execute(query.group_by(VERDICTS.c.endpoint_id))}


def _remember(connection: Connection, number: int) -> None:
    rows = [
        {"endpoint_id": one, "number": number, "denied": count} for one, count in sorted(_denied(connection).items())
    ]
    for at in range(0, len(rows), _AT_ONCE):
        upsert(connection, DENIED_BEFORE, rows[at : at + _AT_ONCE])


def _set(connection: Connection, rollout: Rollout, now: int, **values: object) -> Rollout:
    named = update(ROLLOUTS).where(ROLLOUTS.c.number == rollout.number)
    connection.execute(named.values(changed_at=now, **values))
    found = current(connection)
    assert found is not None  # noqa: S101  (it was there a line ago)
    return found


def _tell(connection: Connection, now: int, who: str, message: str, reason: str = "", severity: str = "info") -> None:
    """Tell who watches the fleet from elsewhere. `who`: empty for the server itself."""
    body = {"message": message, "by": who, "reason": reason[:2000], "severity": severity, "about": "policy"}
    outbox.tell(connection, "", outbox.DECISION, body, now)


def _not(rollout: Rollout | None, message: str) -> WeighbridgeError:
    state = "" if rollout is None else f"policy {rollout.number} is {rollout.state}; "
    return WeighbridgeError("E-policy-rings", message, f"{state}`wb fleet policy status` shows it")
