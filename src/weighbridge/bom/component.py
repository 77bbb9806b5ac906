"""The internal record of a bill of materials: what both formats are written from and read back to.

Everything is text or a number as it stands in a document, already cleaned and bounded, so that writing and reading
again gives an equal record.
"""

from enum import StrEnum

from weighbridge.model.ancestry import Ancestor
from weighbridge.model.fact import Grade
from weighbridge.model.record import record


class Kind(StrEnum):
    """What a component is."""

    MODEL = "model"
    """Weights, or a graph that runs on them."""
    DATA = "data"
    """Arrays that no model is known from (embeddings, tensors of examples)."""
    FILE = "file"
    """Configuration, code or an archive that belongs to a model or could not be told apart from one."""
    LIBRARY = "library"
    """A Python distribution found beside the models."""


@record
class Attribute:
    """One named value with what it rests on."""

    name: str
    value: str
    """Text as it is; anything else as JSON."""
    grade: Grade
    source: str


@record
class Identity:
    """Why one identifying field has its value."""

    field: str
    """`group`, `name`, `version`, `purl` or `hash`."""
    value: str
    technique: str
    """As CycloneDX names them: `filename`, `manifest-analysis`, `binary-analysis`, `hash-comparison`, `attestation`."""
    confidence: float
    """0 to 1."""
    source: str


@record
class Occurrence:
    """One place, relative to what was scanned."""

    path: str
    member: str | None = None
    store: str | None = None
    store_name: str | None = None


@record
class Part:
    """One file of a component that is made of several."""

    ref: str
    path: str
    size: int
    sha256: str | None = None
    blake3: str | None = None


@record
class Statement:
    """A license that somebody stated."""

    value: str
    source: str


@record
class Text:
    """A license text that lay beside the artifact or in its store; the text itself is not carried."""

    sha256: str
    source: str
    likeness: str
    license: str | None = None


@record
class Licensing:
    """Declared and concluded license, and the effective terms."""

    declared: tuple[Statement, ...] = ()
    concluded: str | None = None
    method: str | None = None
    confidence: str | None = None
    texts: tuple[Text, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    """Effective terms over the artifact and its ancestors: (`commercial`, `prohibited`), (`obligation`, ...)."""
    reasons: tuple[str, ...] = ()


@record
class Concern:
    """A finding, in short."""

    check: str
    severity: str
    message: str


@record
class Decided:
    """A verdict, in short."""

    decision: str
    action: str
    policy: str
    mode: str
    rules: tuple[tuple[str, str], ...] = ()
    """Id and reason of every rule that decided."""


@record
class Component:
    """One artifact, set of shards or library."""

    ref: str
    """Unique in the document; `sha256:<hex>` wherever the content is known."""
    kind: Kind
    name: str
    group: str = ""
    version: str = ""
    description: str = ""
    producer: str = ""
    format: str = ""
    size: int = 0
    """Bytes, parts included."""
    sha256: str | None = None
    blake3: str | None = None
    claimed_sha256: str | None = None
    purl: str | None = None
    parts: tuple[Part, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()
    identities: tuple[Identity, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    licensing: Licensing = Licensing()
    ancestors: tuple[Ancestor, ...] = ()
    assessment: str = ""
    concerns: tuple[Concern, ...] = ()
    verdict: Decided | None = None

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values of an attribute, best grade first."""
        found = [item for item in self.attributes if item.name == name]
        return tuple(dict.fromkeys(item.value for item in sorted(found, key=lambda item: GRADES.index(item.grade))))

    def value(self, *names: str) -> str:
        """Return the best value of the first attribute in `names` that has one; else nothing."""
        for name in names:
            for value in self.values(name):
                return value
        return ""


def sort_key(component: Component) -> tuple[str, str, str, str]:
    """Return what components are ordered by in a record: kind, group, name, reference."""
    return component.kind.value, component.group.lower(), component.name.lower(), component.ref


def gap_key(gap: "Gap") -> tuple[str, str, str]:
    """Return what gaps are ordered by in a record: path, member, reason."""
    return gap.path, gap.member or "", gap.reason


@record
class Gap:
    """Something under the scanned paths that was not examined, so that the document is incomplete there."""

    ref: str
    path: str
    reason: str
    member: str | None = None


@record
class Bom:
    """A bill of materials."""

    name: str
    """What was scanned, for a person; never a host's or a person's name by itself."""
    tool: str
    """Version of Weighbridge, or name and version of the foreign tool."""
    components: tuple[Component, ...]
    gaps: tuple[Gap, ...] = ()
    timestamp: str | None = None
    """ISO 8601, UTC; None where the caller gave none: documents must not differ from run to run."""
    policy: str = ""
    interrupted: bool = False
    foreign: bool = False
    """Whether another tool wrote the document that it was read from."""
    stated: tuple[Attribute, ...] = ()
    """What a foreign document says of itself and of the system as a whole."""


GRADES: tuple[Grade, ...] = tuple(Grade)
CONFIDENCE: dict[Grade, float] = {Grade.MEASURED: 1.0, Grade.SIGNED: 0.9, Grade.DECLARED: 0.5}
"""How sure a value of each grade is; a file name alone counts 0.3."""
FROM_FILE_NAME = 0.3
