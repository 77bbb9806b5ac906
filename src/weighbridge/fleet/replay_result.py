"""What comes of a replay: counts, whose and where, and examples, as they gather and as they are told."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct

from weighbridge.fleet.replay_questions import Asked, Thing, label
from weighbridge.model.verdict import Decision

EXAMPLES = 50
LISTED = 20
"""Endpoints and owners that are listed with how much of theirs it is."""


class Example(Struct, frozen=True, kw_only=True):
    """One thing that would be stopped, or would not be any more."""

    endpoint_id: str
    endpoint: str
    owner: str
    kind: str
    """Of record: `sighting`, `process`, `listener`, `agent`."""
    action: str
    sha256: str
    """Of the model; empty if it is none."""
    path: str
    """Where it lies, or what it is called."""
    before: str
    after: str
    rules: list[str]
    """That decide then; if it is newly allowed, that stopped it before."""


class Share(Struct, frozen=True, kw_only=True):
    """How much of it is one endpoint's, or one owner's."""

    endpoint_id: str = ""
    name: str = ""
    owner: str = ""
    things: int = 0


class Tally(Struct, kw_only=True):
    """What is of one sort. A thing counts once, whatever is asked about it."""

    things: int = 0
    endpoints: int = 0
    artifacts: int = 0
    rules: dict[str, int] = {}
    """Things by rule."""
    where: list[Share] = []
    """The endpoints with most of them."""
    whose: list[Share] = []
    """The owners with most of them."""
    examples: list[Example] = []
    """Of as many endpoints as possible."""


class Action(Struct, frozen=True, kw_only=True):
    """How one kind of question came out."""

    action: str
    resource: str
    weighed: int
    stopped_before: int
    """Denied or held by the policy that it is compared with."""
    stopped: int
    """Denied or held by this one."""
    warned: int
    """Let through with a warning by this one."""


class Replay(Struct, kw_only=True):
    """What a policy would have said, and what it would have changed."""

    number: int
    against: int
    days: int
    things: int
    """That were there within the days, and that something was asked about."""
    situations: int
    """Different ones among them; each was put to both policies once."""
    actions: list[Action]
    flagged: Tally
    """Would be denied or held."""
    newly_denied: Tally
    """Could go ahead, and could not any more."""
    newly_allowed: Tally
    unknown: list[str]
    """Attributes that rules of these policies ask for and the fleet does not know."""


class Answer(NamedTuple):
    """What both policies say."""

    before: Decision
    after: Decision
    rules: tuple[str, ...]
    """That decide after, or that stopped it before."""


class Gathering:
    """A tally as it grows."""

    def __init__(self) -> None:
        self.endpoints: Counter[str] = Counter()
        """Things by endpoint."""
        self._tally = Tally(rules={}, examples=[])
        self._artifacts: set[str] = set()

    def add(self, thing: Thing, asked: Asked, answer: Answer) -> None:
        """Take in that a thing is of this sort, by the question that decides about it; `fold` counts the rest."""
        if len(self._tally.examples) < EXAMPLES and thing.endpoint_id not in self.endpoints:
            self._tally.examples.append(
                Example(
                    endpoint_id=thing.endpoint_id,
                    endpoint="",
                    owner="",
                    kind=thing.kind,
                    action=asked.question.action,
                    sha256=asked.artifact.removeprefix("claimed:"),
                    path=label(thing)[:1000],
                    before=answer.before.value,
                    after=answer.after.value,
                    rules=[*answer.rules],
                )
            )
        self.endpoints[thing.endpoint_id] += 1

    def fold(self, asked: Asked, answer: Answer, times: int) -> None:
        """Count that so many things came out alike."""
        self._tally.things += times
        for rule in answer.rules:
            self._tally.rules[rule] = self._tally.rules.get(rule, 0) + times
        if asked.artifact:
            self._artifacts.add(asked.artifact)

    def finished(self, names: Mapping[str, tuple[str, str]]) -> Tally:
        """Return the tally, with names and owners of endpoints by their ids."""
        tally = self._tally
        tally.endpoints, tally.artifacts = len(self.endpoints), len(self._artifacts)
        tally.rules = dict(sorted(tally.rules.items(), key=lambda one: (-one[1], one[0])))
        owners: Counter[str] = Counter()
        for endpoint_id, things in self.endpoints.items():
            owners[names.get(endpoint_id, ("", ""))[1]] += things
        tally.where = [
            Share(endpoint_id=one, name=names.get(one, ("", ""))[0], owner=names.get(one, ("", ""))[1], things=things)
            for one, things in _most(self.endpoints)
        ]
        tally.whose = [Share(owner=owner, things=things) for owner, things in _most(owners)]
        tally.examples = [_named(one, *names.get(one.endpoint_id, ("", ""))) for one in tally.examples]
        return tally


class Outcome:
    """How things come out about which the same is asked.

    Args:
        asked: what is asked.
    """

    __slots__ = ("answers", "asked", "counted", "times")

    def __init__(self, asked: tuple[Asked, ...]) -> None:
        self.asked = asked
        self.answers: list[Answer] = []
        """To each question."""
        self.counted: list[tuple[Gathering, Asked, Answer]] = []
        """Where a thing counts, with the question that decides that."""
        self.times = 0
        """Things since the last count."""


def _most(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:LISTED]


def _named(one: Example, name: str, owner: str) -> Example:
    values = {field: getattr(one, field) for field in Example.__struct_fields__}
    return Example(**(values | {"endpoint": name, "owner": owner}))
