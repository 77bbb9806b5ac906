"""What a policy would have said of what the fleet really had: where, whose, before anybody is given it.

Everything that was there within the last days is asked about, of two policies: models at their places, processes with
their weights, listeners, tool servers (`replay_questions.py`). It goes slice by slice, each a short read of its own, so
that a million things take neither memory nor the database for themselves. Equal situations are weighed once. What the
fleet does not know (`unknown`) is said beside the result.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import Connection, func, select, tuple_

from weighbridge.fleet import policy_versions
from weighbridge.fleet.artifacts import ARTIFACTS
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.inventory import THINGS
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.replay_questions import (
    ASKED,
    KINDS,
    KNOWN,
    Asked,
    Question,
    Read,
    Thing,
    artifacts_of,
    key_of,
    questions,
    read,
    request,
)
from weighbridge.fleet.replay_result import Action, Answer, Gathering, Outcome, Replay
from weighbridge.fleet.replay_situations import Facts, Found, Lens
from weighbridge.fleet.visible import visible
from weighbridge.model.verdict import Decision, Verdict
from weighbridge.policy.attributes import accepted_digests
from weighbridge.policy.policy import Policy
from weighbridge.policy.weigh import decide

DAY = 86_400_000
MOST_DAYS = 366
_SLICE = 10_000
_MOST_KNOWN = 200_000
"""Situations that are remembered; a fleet with more has the oldest weighed again."""
_AT_ONCE = 400
_NONE: Mapping[str, Found] = MappingProxyType({})
_STRICTNESS = {decision: position for position, decision in enumerate(Decision)}
_STOPS = (Decision.PENDING, Decision.DENY)


class Progress(NamedTuple):
    """How far a replay is."""

    done: int
    """Endpoints."""
    total: int


class Replaying:
    """One replay, to be brought on slice by slice.

    Args:
        connection: of a read.
        number: of the policy.
        now: milliseconds since 1970.
        days: how far to look back.
        against: another policy to compare with; 0 for the one in force.
        scope: what the asker may see.

    Raises:
        WeighbridgeError: `E-policy-number`, or what this version cannot read in a policy.
    """

    def __init__(
        self,
        connection: Connection,
        number: int,
        now: int,
        *,
        days: int = 30,
        against: int = 0,
        scope: Scope = EVERYTHING,
    ) -> None:
        self._number, self._days, self._scope = number, days, scope
        self._against = against or policy_versions.in_force(connection) or number
        self._policies = (
            policy_versions.policy(connection, self._against),
            policy_versions.policy(connection, number),
        )
        day = datetime.fromtimestamp(now / 1000, UTC).date()
        self._accepted = [accepted_digests(policy.settings, day) for policy in self._policies]
        self._lens = Lens(self._policies, frozenset().union(*self._accepted))
        self._facts: dict[str, Facts] = {}
        self._alike: dict[Facts, Facts] = {}
        self._since = now - days * DAY
        self._at = ("", "")
        self._known: dict[Question, Answer] = {}
        self._outcomes: dict[tuple[object, ...], Outcome] = {}
        self._situations = self._things = self._done = 0
        self._last = ""
        counted = select(func.count()).select_from(ENDPOINTS).where(visible(ENDPOINTS, scope))
        self._total = int(connection.execute(counted).scalar_one())
        self._counts = {asked: [0, 0, 0, 0] for asked in ASKED}
        self._flagged, self._denied, self._allowed = Gathering(), Gathering(), Gathering()
        self.is_done = False

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return Progress(min(self._done, self._total), self._total)

    def step(self, connection: Connection) -> bool:
        """Weigh the next slice, on a short read; tell whether there is more."""
        things = self._slice(connection)
        said = [read(one) for one in things]
        models = [artifacts_of(thing, one) for thing, one in zip(things, said, strict=True)]
        self._learn(connection, {one for several in models for one in several})
        found = _found(connection, self._scope, things)
        if len(self._outcomes) > _MOST_KNOWN:
            self._fold()
        fresh: list[Outcome] = []
        outcomes = [
            self._outcome(thing, one, several, found.get(thing.endpoint_id, _NONE), fresh)
            for thing, one, several in zip(things, said, models, strict=True)
        ]
        self._weigh(fresh)
        for thing, outcome in zip(things, outcomes, strict=True):
            if thing.endpoint_id != self._last:
                self._last, self._done = thing.endpoint_id, self._done + 1
            outcome.times += 1
            for gathering, asked, answer in outcome.counted:
                gathering.add(thing, asked, answer)
        self.is_done = len(things) < _SLICE
        if things:
            self._at = self._end
        if self.is_done:
            self._done = self._total
        return not self.is_done

    def result(self, connection: Connection) -> Replay:
        """Return what came of it, once it is done."""
        self._fold()
        gathered = self._flagged, self._denied, self._allowed
        names = _names(connection, {one for each in gathered for one in each.endpoints})
        flagged, denied, allowed = (each.finished(names) for each in gathered)
        return Replay(
            number=self._number,
            against=self._against,
            days=self._days,
            things=self._things,
            situations=self._situations,
            actions=[
                Action(action=action, resource=resource, weighed=n[0], stopped_before=n[1], stopped=n[2], warned=n[3])
                for (action, resource), n in self._counts.items()
                if n[0]
            ],
            flagged=flagged,
            newly_denied=denied,
            newly_allowed=allowed,
            unknown=_unknown(self._policies),
        )

    def _slice(self, connection: Connection) -> list[Thing]:
        columns = [THINGS.c[name] for name in Thing._fields]
        there = (THINGS.c.ended_at.is_(None)) | (THINGS.c.ended_at >= self._since)
        key = THINGS.c.endpoint_id, THINGS.c.subject
        # Joined with nothing, so that no index on kinds is used: the rows are wanted in the order in which they lie.
        kind = THINGS.c.kind.concat("").in_(KINDS)
        wanted = visible(THINGS, self._scope), kind, there, tuple_(*key) > self._at
        query = select(THINGS.c.subject, *columns).where(*wanted).order_by(*key).limit(_SLICE)
        rows = connection.execute(query).all()
        if rows:
            self._end = (rows[-1][1], rows[-1][0])
        return [Thing(*row[1:]) for row in rows]

    def _learn(self, connection: Connection, artifacts: Iterable[str]) -> None:
        """Look up what the fleet knows of artifacts that did not come before."""
        fresh = sorted({one.removeprefix("claimed:") for one in artifacts} - self._facts.keys())
        if len(self._facts) + len(fresh) > _MOST_KNOWN:
            self._facts.clear()
            fresh = sorted({one.removeprefix("claimed:") for one in artifacts})
        columns = [ARTIFACTS.c[name] for name in Facts._fields]
        for at in range(0, len(fresh), _AT_ONCE):
            query = select(ARTIFACTS.c.sha256, *columns).where(ARTIFACTS.c.sha256.in_(fresh[at : at + _AT_ONCE]))
            for row in connection.execute(query):
                known = self._lens.shown(Facts(row[1], row[2] or 0, row[3], row[4], row[5]))
                self._facts[row[0]] = self._alike.setdefault(known, known)

    def _outcome(
        self, thing: Thing, said: Read | None, models: Sequence[str], found: Mapping[str, Found], fresh: list[Outcome]
    ) -> Outcome:
        """Return how a thing comes out; where that is not known yet, it is put into `fresh`."""
        asked: tuple[Asked, ...] | None = None
        key = key_of(thing, said, self._lens, found)
        if key is None:
            key = asked = tuple(questions(said, models, self._lens, self._facts, found))
        outcome = self._outcomes.get(key)
        if outcome is None:
            if asked is None:
                asked = tuple(questions(said, models, self._lens, self._facts, found))
            outcome = self._outcomes[key] = Outcome(asked)
            fresh.append(outcome)
        return outcome

    def _weigh(self, outcomes: Sequence[Outcome]) -> None:
        """Put what was not asked before to both policies, and find out what that makes of each outcome."""
        asked = dict.fromkeys(one.question for outcome in outcomes for one in outcome.asked)
        if len(self._known) + len(asked) > _MOST_KNOWN:
            self._known.clear()
        fresh = [one for one in asked if one not in self._known]
        self._situations += len(fresh)
        both = [
            decide([request(one, policy, accepted) for one in fresh], policy)
            for policy, accepted in zip(self._policies, self._accepted, strict=True)
        ]
        for one, old, new in zip(fresh, *both, strict=True):
            self._known[one] = _answer(old, new)
        for outcome in outcomes:
            best: dict[int, tuple[int, Asked, Answer]] = {}
            for one in outcome.asked:
                answer = self._known[one.question]
                outcome.answers.append(answer)
                stopped, stops = answer.before in _STOPS, answer.after in _STOPS
                for sort, holds in enumerate((stops, stops and not stopped, stopped and not stops)):
                    strict = _STRICTNESS[answer.before if stopped and not stops else answer.after]
                    if holds and (sort not in best or best[sort][0] < strict):
                        best[sort] = strict, one, answer
            gatherings = self._flagged, self._denied, self._allowed
            outcome.counted = [(gatherings[sort], one, answer) for sort, (_, one, answer) in best.items()]

    def _fold(self) -> None:
        """Add up what was counted by outcome, and forget the outcomes."""
        for outcome in self._outcomes.values():
            times, outcome.times = outcome.times, 0
            self._things += times if outcome.asked else 0
            for one, answer in zip(outcome.asked, outcome.answers, strict=True):
                counts = self._counts[one.question.action, one.question.resource]
                counts[0] += times
                counts[1] += times * (answer.before in _STOPS)
                counts[2] += times * (answer.after in _STOPS)
                counts[3] += times * (answer.after is Decision.WARN)
            for gathering, one, answer in outcome.counted:
                gathering.fold(one, answer, times)
        self._outcomes.clear()


def replay(
    connection: Connection, number: int, now: int, *, days: int = 30, against: int = 0, scope: Scope = EVERYTHING
) -> Replay:
    """Weigh what the fleet had by a policy and by another one, at once and on one read; arguments of `Replaying`."""
    replaying = Replaying(connection, number, now, days=days, against=against, scope=scope)
    while replaying.step(connection):
        pass
    return replaying.result(connection)


def _answer(old: Verdict, new: Verdict) -> Answer:
    deciding = new if new.decision in _STOPS else old
    rules = tuple(rule.id for rule in deciding.rules if rule.decision is deciding.by_rules)
    return Answer(old.decision, new.decision, rules)


def _unknown(policies: Sequence[Policy]) -> list[str]:
    found = set()
    for policy in policies:
        for rule in policy.rules:
            for action, resource in ASKED:
                if resource not in (rule.resources or (resource,)) or action not in (rule.actions or (action,)):
                    continue
                paths = {path for variable, path in rule.attributes if variable == "resource"}
                prefix = "" if resource == "Artifact" else f"{resource}."
                found |= {prefix + path for path in paths - KNOWN[resource] if _is_of(path, resource)}
    return sorted(found)


def _is_of(path: str, resource: str) -> bool:
    """Tell whether a resource has an attribute at all: a rule without a resource names those of others, too."""
    from weighbridge.policy.vocabulary import attributes_of

    return any(one == path or one.startswith(f"{path}.") for one in attributes_of(resource))


def _found(connection: Connection, scope: Scope, things: Sequence[Thing]) -> dict[str, dict[str, Found]]:
    """Return check and severity of what holds of artifacts, by endpoint and artifact, for the endpoints of a slice."""
    if not things:
        return {}
    columns = FINDINGS.c.endpoint_id, FINDINGS.c.artifact, FINDINGS.c.check_id, FINDINGS.c.severity
    between = FINDINGS.c.endpoint_id.between(things[0].endpoint_id, things[-1].endpoint_id)
    held = visible(FINDINGS, scope), between, FINDINGS.c.artifact != "", FINDINGS.c.ended_at.is_(None)
    rows = connection.execute(select(*columns).where(*held).order_by(*columns))
    found: dict[str, dict[str, Found]] = {}
    for (endpoint_id, artifact), group in groupby(rows, key=lambda row: (row[0], row[1])):
        found.setdefault(endpoint_id, {})[artifact] = tuple((row[2], row[3]) for row in group)
    return found


def _names(connection: Connection, endpoints: Iterable[str]) -> dict[str, tuple[str, str]]:
    wanted = sorted(endpoints)
    found: dict[str, tuple[str, str]] = {}
    for at in range(0, len(wanted), _AT_ONCE):
        columns = ENDPOINTS.c.endpoint_id, ENDPOINTS.c.name, ENDPOINTS.c.owner
        some = ENDPOINTS.c.endpoint_id.in_(wanted[at : at + _AT_ONCE])
        found |= {row[0]: (row[1], row[2]) for row in connection.execute(select(*columns).where(some))}
    return found
