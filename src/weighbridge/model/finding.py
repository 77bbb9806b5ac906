"""What a person should know about an artifact, and what follows from it."""

from collections.abc import Iterable
from enum import StrEnum

from weighbridge.model.record import record


class Severity(StrEnum):
    """How bad it is if true; worst last, so that position orders."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Confidence(StrEnum):
    """How sure the check is that what it says is so."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Persona(StrEnum):
    """Who wants to hear this. `regular` is the default audience; `auditor` wants everything."""

    REGULAR = "regular"
    AUDITOR = "auditor"


class Assessment(StrEnum):
    """The one answer per artifact; every artifact has exactly one."""

    NOT_A_MODEL = "not-a-model"
    """Looked at and holds no model."""
    CLEAN = "clean"
    """Fully examined; holds data only."""
    REVIEW = "review"
    """Needs code or a claim that a person or a policy must accept."""
    INCOMPLETE = "incomplete"
    """Not everything could be read; fails closed and says what was not read."""
    HOSTILE = "hostile"
    """Malformed on purpose or a resource attack; no honest writer makes this."""
    MALICIOUS = "malicious"
    """Runs or reaches what no model needs when it is loaded."""


_ORDER = tuple(Assessment)


def worst(assessments: Iterable[Assessment]) -> Assessment:
    """Return the worst of `assessments`; `NOT_A_MODEL` if there is none."""
    return max(assessments, key=_ORDER.index, default=Assessment.NOT_A_MODEL)


@record
class Evidence:
    """Where exactly the finding stands. Every field is optional; a finding fills what it knows."""

    offset: int | None = None
    """Byte offset in the file, or in the member if `member` is set."""
    member: str | None = None
    """Path inside the artifact (`archive/data.pkl`); nested paths are joined with `!/`."""
    opcode: str | None = None
    key: str | None = None
    """Header key, configuration key or attribute path."""
    value: str | None = None
    """The offending value, shortened to 200 characters; never a secret."""


@record
class Finding:
    """One thing that a person should know."""

    check: str
    """Check id: the file name in `weighbridge.checks` with dashes."""
    severity: Severity
    confidence: Confidence
    message: str
    """One sentence, understandable without the source code."""
    remedy: str
    """What to do next, in the imperative."""
    implies: Assessment
    """The assessment that this finding alone justifies; `CLEAN` for plain information."""
    evidence: Evidence = Evidence()
    atlas: str | None = None
    """MITRE ATLAS technique id where one fits (`AML.T0011.000`)."""
    persona: Persona = Persona.REGULAR


@record
class Unexamined:
    """Something that could not be read, and why: a result like any other."""

    path: bytes
    reason: str
    member: str | None = None
