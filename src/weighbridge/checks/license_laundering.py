"""Models that claim looser terms than what they were made from.

What it finds: an artifact whose own license is looser than the license of an ancestor, declared or measured: a
permissive label on a restricted base, or a derivative outside of the license that its base asks derivatives to keep.

Why it matters: nobody can grant more than they were granted. Restrictions get lost from copy to copy, and whoever
ships the last one answers for it. A third of the steps from models to applications drop restrictive clauses (arXiv
2509.09873).

Example: a GGUF file labeled `apache-2.0` whose own header names a Llama 3.1 model as its base.

What to do: meet the terms of the base as well, ask the publisher to correct the label, or take a model whose whole
chain allows what you need.

Known misses: ancestors that nobody declares and that no weights were compared with; licenses of training data and of
models whose outputs it was trained on.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.license import LicenseLaundering


def judge(found: LicenseLaundering, subject: Subject) -> Iterator[Finding]:
    """Yield one finding with the chain."""
    chain = " ← ".join(name[:100] for name in found.chain[:8])
    yield Finding(
        check=CHECK.id,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH if found.grade != "declared" else Confidence.MEDIUM,
        message=f"{subject.name} claims `{found.claimed[:80]}` and is made from {found.ancestor[:120]}"
        f" ({found.grade}), which is under the stricter `{found.ancestor_license[:80]}`.",
        remedy="Meet the terms of the base as well, or use a model whose whole chain allows what you need.",
        implies=Assessment.CLEAN,
        evidence=Evidence(member=found.member, key=found.key, value=chain[:200]),
    )


CHECK = Check(
    id="license-laundering",
    title="Looser terms than what it was made from",
    wants=(LicenseLaundering,),
    judge=judge,
)
