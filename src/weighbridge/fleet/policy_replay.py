"""What a policy would have said of what the fleet really has: where, whose, before anybody is given it.

Every place of every model that was there within the last days is weighed by two policies, from what endpoints reported:
format, size, digest, assessment, findings, license, store, path. Equal situations are weighed once, so a million places
of a few thousand models take seconds. What the fleet does not know (`unknown`) is said beside the result.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select, tuple_

from weighbridge.fleet import policy_versions
from weighbridge.fleet.artifacts import ARTIFACTS
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.inventory import THINGS
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.visible import visible
from weighbridge.model.artifact import Artifact
from weighbridge.model.finding import Assessment, Severity
from weighbridge.model.license import Commercial
from weighbridge.model.place import Place
from weighbridge.model.verdict import Decision, Verdict
from weighbridge.policy.attributes import accepted_digests, artifact_attributes
from weighbridge.policy.capability import CODE_CHECKS
from weighbridge.policy.policy import Policy
from weighbridge.policy.settings import Settings
from weighbridge.policy.vocabulary import Value
from weighbridge.policy.weigh import Request, decide

DAY = 86_400_000
EXAMPLES = 50
MOST_DAYS = 366
KNOWN = frozenset(
    {
        "accepted",
        "assessment",
        "checks",
        "code_capable",
        "digest.sha256",
        "digest.status",
        "findings",
        "format",
        "in_archive",
        "license.concluded",
        "license.effective.commercial",
        "production",
        "publishers",
        "runs_code",
        "severity",
        "severity_rank",
        "size",
        "source.accepted",
        "source.known",
        "stores",
    }
)
"""Attributes of artifacts that the fleet has; those that it has not are weighed as unknown."""
_SLICE = 20_000
_SEVERITIES = tuple(str(one) for one in Severity)
_ASSESSMENTS = frozenset(map(str, Assessment))
_COMMERCIAL = frozenset(map(str, Commercial))
_STOPS = (Decision.PENDING, Decision.DENY)


class Example(Struct, frozen=True, kw_only=True):
    """One place whose verdict would change."""

    endpoint_id: str
    endpoint: str
    owner: str
    sha256: str
    path: str
    before: str
    after: str
    rules: list[str]
    """That decide then; if it is newly allowed, that stopped it before."""


class Tally(Struct, kw_only=True):
    """What would change in one direction."""

    places: int = 0
    endpoints: int = 0
    artifacts: int = 0
    rules: dict[str, int] = {}
    """Places by rule."""
    examples: list[Example] = []
    """Of as many endpoints as possible."""


class Replay(Struct, kw_only=True):
    """What a policy would have changed."""

    number: int
    against: int
    days: int
    places: int
    """Weighed: every place where a model was within the days."""
    situations: int
    """Different ones among them; each was put to the rules of both policies once."""
    newly_denied: Tally
    """Could go ahead, and could not any more."""
    newly_allowed: Tally
    unknown: list[str]
    """Attributes that rules of these policies ask for and the fleet does not know."""


class _Sighting(Struct):
    path: str = ""
    member: str | None = None
    store: str | None = None
    store_name: str | None = None


class _Facts(NamedTuple):
    format: str
    size: int
    assessment: str
    license: str
    commercial: str


_UNKNOWN = _Facts("", 0, "", "", "")


def replay(
    connection: Connection, number: int, now: int, *, days: int = 30, against: int = 0, scope: Scope = EVERYTHING
) -> Replay:
    """Weigh what the fleet has by a policy and by the one in force.

    Args:
        connection: of a read; slow, so never in the event loop.
        number: of the policy.
        now: milliseconds since 1970.
        days: how far to look back.
        against: another policy to compare with; 0 for the one in force.
        scope: what the asker may see.

    Raises:
        WeighbridgeError: `E-policy-number`.
    """
    before = against or policy_versions.in_force(connection) or number
    policies = policy_versions.policy(connection, before), policy_versions.policy(connection, number)
    weighing = _Weighing(connection, policies, scope, now)
    result = Replay(
        number=number,
        against=before,
        days=days,
        places=0,
        situations=0,
        newly_denied=Tally(),
        newly_allowed=Tally(),
        unknown=_unknown(policies),
    )
    seen: dict[bool, tuple[set[str], set[str]]] = {True: (set(), set()), False: (set(), set())}
    for rows in _slices(connection, scope, now - days * DAY):
        result.places += len(rows)
        for row, (old, new) in zip(rows, weighing.verdicts(rows), strict=True):
            stopped, stops = old.decision in _STOPS, new.decision in _STOPS
            if stopped == stops:
                continue
            tally = result.newly_denied if stops else result.newly_allowed
            _count(tally, seen[stops], row, old, new, weighing)
    for stops, tally in ((True, result.newly_denied), (False, result.newly_allowed)):
        tally.endpoints, tally.artifacts = len(seen[stops][0]), len(seen[stops][1])
    result.situations = len(weighing.known)
    return result


class _Row(NamedTuple):
    endpoint_id: str
    subject: str
    artifact: str
    path: str
    data: bytes


def _slices(connection: Connection, scope: Scope, since: int) -> Iterator[list[_Row]]:
    columns = [THINGS.c[name] for name in _Row._fields]
    within = visible(THINGS, scope), THINGS.c.kind == "sighting", THINGS.c.artifact != ""
    there = (THINGS.c.ended_at.is_(None)) | (THINGS.c.ended_at >= since)
    key = tuple_(THINGS.c.endpoint_id, THINGS.c.subject)
    at = ("", "")
    while True:
        query = select(*columns).where(*within, there, key > at).order_by(THINGS.c.endpoint_id, THINGS.c.subject)
        rows = [_Row(*row) for row in connection.execute(query.limit(_SLICE))]
        if rows:
            yield rows
        if len(rows) < _SLICE:
            return
        at = (rows[-1].endpoint_id, rows[-1].subject)


class _Weighing:
    """Puts each different situation to both policies once."""

    def __init__(self, connection: Connection, policies: tuple[Policy, Policy], scope: Scope, now: int) -> None:
        self._policies = policies
        self._day = datetime.fromtimestamp(now / 1000, UTC).date()
        self._facts = _facts(connection)
        self._checks = _checks(connection, scope)
        self._folders = sorted({folder for policy in policies for folder in _folders(policy.settings)})
        self.names = _names(connection, scope)
        self.known: dict[tuple[object, ...], tuple[Verdict, Verdict]] = {}
        self._read = msgspec.json.Decoder(_Sighting)

    def verdicts(self, rows: list[_Row]) -> Iterator[tuple[Verdict, Verdict]]:
        """Yield both verdicts for each row."""
        keys, fresh = [], {}
        for row in rows:
            sighting = self._sighting(row)
            key = self._key(row, sighting)
            keys.append(key)
            if key not in self.known and key not in fresh:
                fresh[key] = self._artifact(row, sighting)
        if fresh:
            both = [
                decide([self._request(policy, row, made) for row, made in fresh.values()], policy)
                for policy in self._policies
            ]
            self.known.update(zip(fresh, zip(*both, strict=True), strict=True))
        for key in keys:
            yield self.known[key]

    def _sighting(self, row: _Row) -> _Sighting:
        try:
            return self._read.decode(row.data)
        except msgspec.MsgspecError:
            return _Sighting(path=row.path)

    def _key(self, row: _Row, sighting: _Sighting) -> tuple[object, ...]:
        """Return what tells one situation from another: the model, where it came from, which named folders it is in."""
        owner = (sighting.store_name or "").partition("/")
        named = owner[0] if owner[1] else bool(sighting.store_name)
        inside = tuple(index for index, folder in enumerate(self._folders) if _below(sighting.path, folder))
        return row.artifact, self._found(row), sighting.store, named, inside, bool(sighting.member)

    def _found(self, row: _Row) -> tuple[tuple[str, str], ...]:
        return self._checks.get(row.endpoint_id, {}).get(row.artifact, ())

    def _artifact(self, row: _Row, sighting: _Sighting) -> tuple[_Row, Artifact]:
        facts = self._facts.get(row.artifact.removeprefix("claimed:"), _UNKNOWN)
        claimed = row.artifact.startswith("claimed:")
        place = Place(
            path=sighting.path.encode("utf-8", "replace"),
            member=sighting.member,
            store=sighting.store,
            store_name=sighting.store_name,
        )
        digest = row.artifact.removeprefix("claimed:")
        return row, Artifact(
            format=facts.format,
            size=facts.size,
            places=(place,),
            assessment=Assessment(facts.assessment) if facts.assessment in _ASSESSMENTS else Assessment.INCOMPLETE,
            sha256=None if claimed else digest,
            claimed_sha256=digest if claimed else None,
        )

    def _request(self, policy: Policy, row: _Row, artifact: Artifact) -> Request:
        values: dict[str, Value] = artifact_attributes(
            artifact, policy.settings, accepted_digests(policy.settings, self._day)
        )
        facts = self._facts.get(row.artifact.removeprefix("claimed:"), _UNKNOWN)
        commercial = facts.commercial if facts.commercial in _COMMERCIAL else str(Commercial.UNKNOWN)
        found = self._found(row)
        worst = max((_SEVERITIES.index(one) for _, one in found if one in _SEVERITIES), default=-1)
        checks = sorted({check for check, _ in found})
        values |= {
            "license.concluded": (facts.license or "unknown").lower(),
            "license.effective.commercial": commercial,
            "checks": tuple(checks),
            "findings": len(found),
            "runs_code": not CODE_CHECKS.isdisjoint(checks),
            "severity": "none" if worst < 0 else _SEVERITIES[worst],
            "severity_rank": worst + 1,
        }
        return Request(action="load", resource_kind="Artifact", resource=values)


def _count(
    tally: Tally, seen: tuple[set[str], set[str]], row: _Row, old: Verdict, new: Verdict, weighing: _Weighing
) -> None:
    tally.places += 1
    deciding = new if new.decision in _STOPS else old
    rules = [rule.id for rule in deciding.rules if rule.decision is deciding.by_rules]
    for rule in rules:
        tally.rules[rule] = tally.rules.get(rule, 0) + 1
    if len(tally.examples) < EXAMPLES and row.endpoint_id not in seen[0]:
        name, owner = weighing.names.get(row.endpoint_id, ("", ""))
        tally.examples.append(
            Example(
                endpoint_id=row.endpoint_id,
                endpoint=name,
                owner=owner,
                sha256=row.artifact.removeprefix("claimed:"),
                path=row.path,
                before=old.decision.value,
                after=new.decision.value,
                rules=rules,
            )
        )
    seen[0].add(row.endpoint_id)
    seen[1].add(row.artifact)


def _unknown(policies: tuple[Policy, Policy]) -> list[str]:
    asked = {
        path
        for policy in policies
        for rule in policy.rules
        if "Artifact" in (rule.resources or ("Artifact",)) and "load" in (rule.actions or ("load",))
        for variable, path in rule.attributes
        if variable == "resource"
    }
    return sorted(path for path in asked if path not in KNOWN)


def _facts(connection: Connection) -> dict[str, _Facts]:
    columns = [ARTIFACTS.c[name] for name in _Facts._fields]
    rows = connection.execute(select(ARTIFACTS.c.sha256, *columns))
    return {row[0]: _Facts(row[1], row[2] or 0, row[3], row[4], row[5]) for row in rows}


def _checks(connection: Connection, scope: Scope) -> dict[str, dict[str, tuple[tuple[str, str], ...]]]:
    """Return check and severity of what holds of artifacts, by endpoint and artifact."""
    columns = FINDINGS.c.endpoint_id, FINDINGS.c.artifact, FINDINGS.c.check_id, FINDINGS.c.severity
    held = visible(FINDINGS, scope), FINDINGS.c.artifact != "", FINDINGS.c.ended_at.is_(None)
    rows = connection.execute(select(*columns).where(*held).order_by(*columns))
    found: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {}
    for (endpoint_id, artifact), group in groupby(rows, key=lambda row: (row[0], row[1])):
        found.setdefault(endpoint_id, {})[artifact] = tuple((row[2], row[3]) for row in group)
    return found


def _names(connection: Connection, scope: Scope) -> Mapping[str, tuple[str, str]]:
    rows = connection.execute(
        select(ENDPOINTS.c.endpoint_id, ENDPOINTS.c.name, ENDPOINTS.c.owner).where(visible(ENDPOINTS, scope))
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _folders(settings: Settings) -> Iterator[str]:
    yield from settings.production_paths
    yield from (source.path for source in settings.sources if source.path is not None)


def _below(path: str, folder: str) -> bool:
    normal, outer = path.replace("\\", "/"), folder.replace("\\", "/").rstrip("/")
    return normal == outer or normal.startswith(outer + "/")
