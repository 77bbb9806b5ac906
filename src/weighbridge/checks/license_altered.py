"""License texts that were changed.

What it finds: a text beside a model, or in its store's license layer, that is close to a known license and not it:
words were added, removed or replaced.

Why it matters: one sentence changes what a license allows. `MIT` with one line about commercial use is not MIT, and
tools that compare roughly say that it is.

Example: the MIT license with "for non-commercial purposes only" in its first paragraph; the second half of a CC BY-NC
text, which reads like CC BY.

What to do: read what was changed. Use the model only as the changed text allows, or fetch it from its publisher.

Known misses: texts that are far from every license in the index are unidentified, which is said with the license and
is no finding; a changed word in a license that the index does not hold.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.license import LicenseAltered


def judge(altered: LicenseAltered, subject: Subject) -> Iterator[Finding]:
    """Yield one finding that says what was changed."""
    detail = f": {altered.detail[:200]}" if altered.detail else ""
    yield Finding(
        check=CHECK.id,
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
        message=f"The license text of {subject.name} ({altered.source[:120]}) is `{altered.license[:80]}` with changes"
        f"{detail}.",
        remedy="Read the changed text; its terms hold, not those of the license that it looks like.",
        implies=Assessment.CLEAN,
        evidence=Evidence(member=altered.member, key=altered.key, value=altered.detail[:200] or None),
    )


CHECK = Check(
    id="license-altered",
    title="A license text was changed",
    wants=(LicenseAltered,),
    judge=judge,
)
