"""A model file or bundle, identified by its digest."""

from weighbridge.model.ancestry import Ancestor
from weighbridge.model.fact import Fact
from weighbridge.model.finding import Assessment, Finding, Unexamined
from weighbridge.model.license import LicenseTerms
from weighbridge.model.place import Place
from weighbridge.model.record import record
from weighbridge.model.verdict import Verdict


@record
class Part:
    """A file that belongs to an artifact but has no identity as a model of its own.

    Examples: ONNX external data, the `.bin` beside an OpenVINO graph, SavedModel variables.
    """

    path: bytes
    size: int
    sha256: str | None = None


@record
class Coverage:
    """How much of the artifact was looked at."""

    bytes_read: int
    members_read: int = 0
    skipped: tuple[str, ...] = ()
    """What was passed over on purpose and why (`tensor data, 14 GB: holds no code`)."""


@record
class Artifact:
    """One artifact with everything known about it, at all its places."""

    format: str
    """Reader id (`gguf`, `safetensors`, `torch-zip`, `pickle`, ...)."""
    size: int
    """Bytes."""
    places: tuple[Place, ...]
    assessment: Assessment
    sha256: str | None = None
    """Measured SHA-256, lower-case hex; None when hashing was skipped."""
    blake3: str | None = None
    claimed_sha256: str | None = None
    """What the store's own file name or manifest says; not yet a measurement."""
    facts: tuple[Fact, ...] = ()
    findings: tuple[Finding, ...] = ()
    parts: tuple[Part, ...] = ()
    coverage: Coverage | None = None
    license: LicenseTerms = LicenseTerms()
    lineage: tuple[str, ...] = ()
    """Names of the ancestors, nearest first (`meta-llama/Llama-3.1-8B`)."""
    ancestry: tuple[Ancestor, ...] = ()
    """The same ancestors with relation, grade and numbers."""
    verdict: Verdict | None = None


@record
class Repository:
    """A folder of files that are loaded together, judged as a whole."""

    path: bytes
    assessment: Assessment
    findings: tuple[Finding, ...] = ()
    artifacts: tuple[bytes, ...] = ()
    """Paths of the artifacts in it."""


@record
class Scan:
    """The result of one run, complete or partial."""

    artifacts: tuple[Artifact, ...]
    repositories: tuple[Repository, ...]
    unexamined: tuple[Unexamined, ...]
    files_seen: int
    bytes_seen: int
    interrupted: bool = False
    policy: str = ""
    """Which policy weighed, whose it is and in which mode: `acme 7 (fleet, enforce)`."""
    stale: str = ""
    """What to know of it where nobody here can know whether it is still the newest; empty if it is."""
