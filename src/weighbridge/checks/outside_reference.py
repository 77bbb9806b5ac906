"""Names, links, addresses and entities that point out of the artifact.

What it finds: archive members called `../../x` or `/etc/x`, links and devices in archives, external data of a graph
that lies outside the model's folder, addresses that a loader would fetch, XML entities.

Why it matters: extracting or loading the model then overwrites files of the machine, reads files that are none of its
business, or talks to a host. No model needs that (CVE-2007-4559, CVE-2022-25882, CVE-2024-27318, CVE-2025-23360).

Example: a `.nemo` archive with the member `../../../home/user/.bashrc`.

What to do: do not extract or load it. Ask the author for an archive whose members stay inside.

Known misses: paths that code beside the model builds when it runs.
"""

from collections.abc import Iterator

from weighbridge.checks.archive_anomaly import PLAIN
from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.observation import Escape, OutsideReference

_SENTENCES = {
    Escape.ABSOLUTE_PATH: "names an absolute path",
    Escape.PARENT_PATH: "leads out of its folder",
    Escape.SYMBOLIC_LINK: "holds a link that points outside",
    Escape.DEVICE: "holds a device or pipe",
    Escape.URL: "names an address that a loader may fetch",
    Escape.ENTITY: "declares XML entities",
}
_REMEDY = "Do not extract or load it; ask the author for a version whose references stay inside."


def judge(reference: OutsideReference, subject: Subject) -> Iterator[Finding]:
    """Yield one finding: hostile for paths and entities, review for addresses and for links in plain archives."""
    mild = reference.escape is Escape.URL or (
        reference.escape in (Escape.SYMBOLIC_LINK, Escape.DEVICE) and subject.format in PLAIN
    )
    yield Finding(
        check=CHECK.id,
        severity=Severity.MEDIUM if mild else Severity.HIGH,
        confidence=Confidence.HIGH,
        message=f"{subject.name} {_SENTENCES[reference.escape]}: {reference.target[:160]}.",
        remedy=_REMEDY,
        implies=Assessment.REVIEW if mild else Assessment.HOSTILE,
        evidence=Evidence(
            offset=reference.offset, member=reference.member, key=reference.key, value=reference.target[:200]
        ),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="outside-reference",
    title="Reference that leaves the artifact",
    wants=(OutsideReference,),
    judge=judge,
    atlas="AML.T0010.003",
)
