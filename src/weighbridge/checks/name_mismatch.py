"""Names that promise another format than the content is.

What it finds: a file whose ending belongs to one model format while its bytes are another, or none.

Why it matters: people and tools trust endings. `.safetensors` means "cannot run code"; a pickle under that name gets
past filters that look at names and is still executed by whoever loads it as what it is.

Example: a pickle named `adapter_model.safetensors`.

What to do: find out who named it so. Rename it to what it is before anything is decided about it.

Known misses: endings that many formats share (`.bin`, `.model`) promise nothing and are not compared.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Persona, Severity
from weighbridge.model.observation import NameMismatch

RUNS_CODE = frozenset(
    {
        "pickle",
        "joblib",
        "torch-zip",
        "torch-legacy",
        "torch-tar",
        "torchscript",
        "keras-h5",
        "keras-v3",
        "hdf5",
        "llamafile",
        "skops",
        "mar",
        "nemo",
        "r-data",
    }
)
"""Formats whose loaders can be made to run code by the file."""

PACKED = frozenset({"zip", "tar", "gzip", "bzip2", "xz", "lzma", "lz4", "zstd", "zlib", "seven-zip", "opaque-archive"})


def judge(mismatch: NameMismatch, subject: Subject) -> Iterator[Finding]:
    """Yield one finding: incomplete if the content is unknown, review if it can run code, else information."""
    expected = " or ".join(mismatch.expected)
    severity, implies, persona = Severity.INFO, Assessment.CLEAN, Persona.AUDITOR
    message = f"{subject.name} is named like {expected} but is {mismatch.actual}; both hold data only."
    if mismatch.actual == "unknown":
        severity, implies, persona = Severity.MEDIUM, Assessment.INCOMPLETE, Persona.REGULAR
        message = f"{subject.name} is named like {expected}, but its content is not a format that can be read."
    elif mismatch.actual in PACKED:
        severity, implies, persona = Severity.LOW, Assessment.REVIEW, Persona.REGULAR
        message = f"{subject.name} is named like {expected} but is packed as {mismatch.actual}."
    elif mismatch.actual in RUNS_CODE and not RUNS_CODE.intersection(mismatch.expected):
        severity, implies, persona = Severity.HIGH, Assessment.REVIEW, Persona.REGULAR
        message = (
            f"{subject.name} is named like {expected}, which cannot run code, but is {mismatch.actual}, which can."
        )
    yield Finding(
        check=CHECK.id,
        severity=severity,
        confidence=Confidence.HIGH,
        message=message,
        remedy="Find out who named it so, and rename it to what it is.",
        implies=implies,
        evidence=Evidence(
            offset=mismatch.offset, member=mismatch.member, key=mismatch.key, value=mismatch.name_suffix[:200]
        ),
        atlas=CHECK.atlas if severity is Severity.HIGH else None,
        persona=persona,
    )


CHECK = Check(
    id="name-mismatch",
    title="Name and content disagree",
    wants=(NameMismatch,),
    judge=judge,
    atlas="AML.T0074",
)
