"""One file's outcome between inspection and assembly, and its form in the cache."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from weighbridge.model.artifact import Coverage
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Persona, Severity, Unexamined
from weighbridge.model.record import record

if TYPE_CHECKING:
    from weighbridge.formats.listing import Listing
    from weighbridge.pipeline.images import Image


@record
class Examined:
    """A file, or a member of an archive that is a file of its own, read and judged by its own bytes."""

    member: str | None
    format: str
    size: int
    holds_model: bool
    assessment: Assessment
    facts: tuple[Fact, ...] = ()
    findings: tuple[Finding, ...] = ()
    parts_wanted: tuple[tuple[str, bool], ...] = ()
    """Relative path with `/`, and whether the artifact is incomplete without it."""
    coverage: Coverage | None = None
    sha256: str | None = None
    """Of a member only; whole files are hashed by the digest stage."""

    @property
    def is_artifact(self) -> bool:
        """Whether it belongs in the inventory: it holds a model, or something must be said about it."""
        return self.holds_model or self.assessment is not Assessment.NOT_A_MODEL


@record
class Contents:
    """What an archive is made of, for those who ask what a build ships."""

    listings: dict[str | None, "Listing"]
    """Names of all files, by the member that holds them (None: the file itself)."""
    images: tuple["Image", ...] = ()
    """If it is a saved image."""


@record
class Outcome:
    """Everything that looking at one path gave."""

    examined: tuple[Examined, ...] = ()
    unexamined: tuple[Unexamined, ...] = ()
    contents: Contents | None = None
    """If it was asked for; not remembered."""

    @property
    def matters(self) -> bool:
        """Whether anything later needs it: an artifact, or facts and parts for the artifacts beside it."""
        return any(item.is_artifact or item.facts or item.parts_wanted for item in self.examined)


def encode(outcome: Outcome) -> bytes:
    """Return `outcome` as JSON for the cache."""
    return json.dumps([asdict(item) for item in outcome.examined], separators=(",", ":")).encode()


def decode(content: bytes) -> Outcome:
    """Return what `encode` was given. Raises ValueError, KeyError or TypeError on anything else."""
    return Outcome(examined=tuple(_examined(item) for item in json.loads(content)))


def _examined(item: dict[str, Any]) -> Examined:
    coverage = item["coverage"]
    return Examined(
        member=item["member"],
        format=item["format"],
        size=item["size"],
        holds_model=item["holds_model"],
        assessment=Assessment(item["assessment"]),
        facts=tuple(
            Fact(
                name=fact["name"],
                value=_frozen(fact["value"]),
                grade=Grade(fact["grade"]),
                source=fact["source"],
            )
            for fact in item["facts"]
        ),
        findings=tuple(_finding(finding) for finding in item["findings"]),
        parts_wanted=tuple((path, required) for path, required in item["parts_wanted"]),
        coverage=coverage and Coverage(**{**coverage, "skipped": tuple(coverage["skipped"])}),
        sha256=item["sha256"],
    )


def _finding(item: dict[str, Any]) -> Finding:
    return Finding(
        check=item["check"],
        severity=Severity(item["severity"]),
        confidence=Confidence(item["confidence"]),
        message=item["message"],
        remedy=item["remedy"],
        implies=Assessment(item["implies"]),
        evidence=Evidence(**item["evidence"]),
        atlas=item["atlas"],
        persona=Persona(item["persona"]),
    )


def _frozen(value: Any) -> Any:  # noqa: ANN401  (JSON values)
    if isinstance(value, dict):
        return {name: _frozen(item) for name, item in value.items()}
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
