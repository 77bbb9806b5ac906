"""The contract of a check.

The documentation of a check is the docstring of its module, under these headings:
What it finds / Why it matters / Example / What to do / Known misses.
"""

from collections.abc import Callable, Iterable

from weighbridge.model.finding import Finding
from weighbridge.model.observation import Observation
from weighbridge.model.record import record


@record
class Subject:
    """What an observation was made on, as far as a check may care."""

    format: str
    """Reader id of the artifact."""
    name: str
    """Last path component, for messages only."""


@record
class Check:
    """One judgement.

    `judge(observation, subject)` gets observations of the types in `wants` only and yields findings whose
    `check` is this id. It is pure and gives the same answer for the same input, always.
    """

    id: str
    title: str
    wants: tuple[type[Observation], ...]
    judge: Callable[..., Iterable[Finding]]
    atlas: str | None = None
