"""Evidence that names different licenses.

What it finds: a header key, a model card, a license text or a well-known name that say different things about the
license of one artifact. Revisions of one publisher's license do not count.

Why it matters: whoever reads only one of them ships under the wrong terms. Labels are copied from card to card; texts
are seldom read.

Example: a GGUF file whose header says `mit` beside a model card that says `llama3.1`; a model named Qwen2.5-3B, which
is for research only, labeled `apache-2.0` like the rest of its family.

What to do: find the license on the publisher's page, keep its text beside the weights and correct the label. Until
then the stricter of the two holds.

Known misses: two labels that are wrong in the same way; terms that stand only in prose, or behind a link.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.license import LicenseDisagreement


def judge(found: LicenseDisagreement, subject: Subject) -> Iterator[Finding]:
    """Yield one finding that asks to clear it up."""
    yield Finding(
        check=CHECK.id,
        severity=Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
        message=f"{subject.name} is `{found.first[:80]}` by {found.first_source[:120]} and `{found.second[:80]}` by"
        f" {found.second_source[:120]}.",
        remedy="Find the license on the publisher's page and keep its text beside the weights; the stricter one holds.",
        implies=Assessment.CLEAN,
        evidence=Evidence(member=found.member, key=found.key, value=found.second[:200]),
    )


CHECK = Check(
    id="license-disagreement",
    title="The evidence names different licenses",
    wants=(LicenseDisagreement,),
    judge=judge,
)
