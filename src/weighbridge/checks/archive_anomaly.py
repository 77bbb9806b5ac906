"""Archives of which two readers see different members or contents.

What it finds: ZIP members that stand in the directory twice, whose own header contradicts the directory (name, size,
method, flags, CRC), that no directory lists, or that share bytes; several directories in one file; tar members behind
the end mark or with two sizes; bytes before or after a model archive.

Why it matters: a scanner that reads one of the two and a loader that reads the other do not see the same model. Every
published bypass of this kind (CVE-2025-1944, CVE-2025-1945, CVE-2025-10156) hid a working payload.

Example: a checkpoint whose directory calls a member `archive/data.pkl` while the member calls itself `archive/x.txt`.

What to do: delete the archive and get the model again from its author; if it is yours, write it anew with one tool.

Known misses: differences that show only in the expanded content of members which are too large to expand.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Persona, Severity
from weighbridge.model.observation import ArchiveAnomaly

PLAIN = frozenset({"zip", "tar", "gzip", "bzip2", "xz", "lzma", "lz4", "zstd", "zlib", "seven-zip"})
"""Archives that only carry files; odd bytes around them have honest causes (self-extractors, appended signatures)."""

_AROUND = frozenset({"prefix-data", "trailing-data"})
_DOUBTFUL = frozenset({"case-duplicate", "repeated-member", "members-after-end", "comment-mismatch", "several-volumes"})
_SENTENCES = {
    "duplicate-member": "holds a member twice",
    "case-duplicate": "holds two members that are one file on Windows and macOS",
    "repeated-member": "holds a file twice under one name",
    "path-duplicate": "holds two members that are one file once extracted",
    "name-mismatch": "holds a member that has two different names",
    "size-mismatch": "holds a member that has two different sizes",
    "method-mismatch": "holds a member that states two compression methods",
    "flag-mismatch": "holds a member whose flags contradict each other or its content",
    "crc-mismatch": "holds a member whose checksum does not fit",
    "hidden-member": "holds a member that its directory does not list",
    "overlap": "holds members that share the same bytes",
    "several-directories": "has two directories that list different members",
    "end-mismatch": "has two end records that contradict each other",
    "count-mismatch": "counts its members wrongly",
    "no-local-header": "lists a member that is not there",
    "nul-in-name": "holds a member whose name some readers cut short",
    "members-after-end": "holds members behind its end mark",
    "prefix-data": "begins with bytes that do not belong to it",
    "trailing-data": "ends with bytes that do not belong to it",
}
_REMEDY = "Delete this archive and get the model again from its author."
_AROUND_REMEDY = "Find out what wrote the extra bytes, or get the model again from its author."


def judge(anomaly: ArchiveAnomaly, subject: Subject) -> Iterator[Finding]:
    """Yield one finding: hostile where readers disagree, review where an honest tool may be the cause."""
    severity, implies, persona = Severity.HIGH, Assessment.HOSTILE, Persona.REGULAR
    if anomaly.kind in _AROUND:
        severity, implies = Severity.MEDIUM, Assessment.REVIEW
        if subject.format in PLAIN:
            severity, implies, persona = Severity.INFO, Assessment.CLEAN, Persona.AUDITOR
    elif anomaly.kind in _DOUBTFUL:
        severity, implies = Severity.MEDIUM, Assessment.REVIEW
    sentence = _SENTENCES.get(anomaly.kind, f"is inconsistent ({anomaly.kind})")
    yield Finding(
        check=CHECK.id,
        severity=severity,
        confidence=Confidence.HIGH,
        message=f"{subject.name} {sentence}: {anomaly.detail[:300]}.",
        remedy=_AROUND_REMEDY if anomaly.kind in _AROUND else _REMEDY,
        implies=implies,
        evidence=Evidence(offset=anomaly.offset, member=anomaly.member, key=anomaly.key, value=anomaly.kind),
        atlas=CHECK.atlas,
        persona=persona,
    )


CHECK = Check(
    id="archive-anomaly",
    title="Archive that reads in two ways",
    wants=(ArchiveAnomaly,),
    judge=judge,
    atlas="AML.T0076",
)
