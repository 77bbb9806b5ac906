"""What a reader has taken so far, kept even when the file turns out to be damaged halfway."""

from collections.abc import Callable

from weighbridge.formats.reader import Child, IsolatedRequest, PartWanted, Reading
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Fact, FactValue, Grade
from weighbridge.model.observation import Damage, Malformed, Observation, Unread, stopped
from weighbridge.model.source import ByteSource, LimitReached, SourceError

MOST_OBSERVATIONS = 2_000
"""Distinct observations kept per reading; a file with more of them is judged by the first ones."""

TEXT_CHARACTERS = 2_000
"""Longest text kept as one fact."""


class StructureError(Exception):
    """The bytes break the format's rules and reading cannot go on.

    Args:
        damage: how.
        reason: one sentence for a person.
        offset: where, in bytes.
    """

    def __init__(self, damage: Damage, reason: str, offset: int | None = None) -> None:
        super().__init__(reason)
        self.damage = damage
        self.reason = reason
        self.offset = offset


class Gathering:
    """A `Reading` in the making.

    Args:
        format: reader id.
        holds_model: what the finished reading says; a reader may change it.
    """

    def __init__(self, format: str, *, holds_model: bool = True) -> None:
        self.format = format
        self.holds_model = holds_model
        self.children: list[Child] = []
        self.requests: list[IsolatedRequest] = []
        self.skipped: list[str] = []
        self.scratch: dict[str, set[str]] = {}
        """What a reader needs to remember while it works; not part of the result."""
        self._facts: dict[str, Fact] = {}
        self._observations: dict[Observation, None] = {}
        self._parts: dict[PartWanted, None] = {}

    def fact(self, name: str, value: FactValue, source: str, grade: Grade = Grade.DECLARED) -> None:
        """Keep one fact; empty values and repetitions are dropped, long texts shortened."""
        if value is None or value in ("", ()):
            return
        if isinstance(value, str):
            value = value[:TEXT_CHARACTERS]
        if len(self._facts) < MOST_OBSERVATIONS:
            self._facts.setdefault(
                f"{name}\0{value}\0{source}", Fact(name=name, value=value, grade=grade, source=source)
            )

    def observe(self, observation: Observation) -> None:
        """Keep one observation, once."""
        if len(self._observations) < MOST_OBSERVATIONS:
            self._observations[observation] = None

    def damaged(self, damage: Damage, reason: str, offset: int | None = None, key: str | None = None) -> None:
        """Note that the structure breaks a rule; reading goes on."""
        self.observe(Malformed(damage=damage, reason=reason, offset=offset, key=key))

    def want(self, relative_path: str, *, required: bool = True) -> None:
        """Ask for a file beside this one."""
        if len(self._parts) < MOST_OBSERVATIONS:
            self._parts[PartWanted(relative_path=relative_path, required=required)] = None

    def reading(self) -> Reading:
        """Return everything gathered."""
        return Reading(
            format=self.format,
            holds_model=self.holds_model,
            facts=tuple(self._facts.values()),
            observations=tuple(self._observations),
            children=tuple(self.children),
            requests=tuple(self.requests),
            parts_wanted=tuple(self._parts),
            skipped=tuple(self.skipped),
        )


def gathered(
    format: str, body: Callable[[ByteSource, Budget, Gathering], None], *, holds_model: bool = True
) -> Callable[[ByteSource, Budget], Reading]:
    """Return a `Reader.read` that runs `body` and turns whatever stops it into an observation.

    Args:
        format: reader id.
        body: reads the source into the gathering; may raise `StructureError`, `LimitReached`, `SourceError`.
        holds_model: what the reading says unless `body` changes it.
    """

    def read(source: ByteSource, budget: Budget) -> Reading:
        gathering = Gathering(format, holds_model=holds_model)
        try:
            body(source, budget, gathering)
        except StructureError as error:
            gathering.damaged(error.damage, error.reason, error.offset)
        except LimitReached as reached:
            gathering.observe(stopped(reached))
        except SourceError as error:
            gathering.observe(Unread(what="content", reason=str(error)))
        return gathering.reading()

    return read
