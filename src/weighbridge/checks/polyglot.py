"""Bytes that are several model formats at once.

What it finds: files that two readers of different model formats both accept, such as a ZIP archive behind a pickle.

Why it matters: what a scanner examined and what the loader executes may be two different models. No writer produces
such files by accident.

Example: a file that `pickle.load` executes from its first byte and that a ZIP reader opens from its end.

What to do: do not load it; get the model again from its author.

Known misses: second formats that no reader here knows.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.observation import Polyglot


def judge(polyglot: Polyglot, subject: Subject) -> Iterator[Finding]:
    """Yield one hostile finding."""
    formats = " and ".join(polyglot.formats)
    yield Finding(
        check=CHECK.id,
        severity=Severity.HIGH,
        confidence=Confidence.MEDIUM,
        message=f"{subject.name} is {formats} at once, so two loaders see two different models.",
        remedy="Do not load it; get the model again from its author.",
        implies=Assessment.HOSTILE,
        evidence=Evidence(offset=polyglot.offset, member=polyglot.member, key=polyglot.key, value=formats[:200]),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="polyglot",
    title="Several formats in one file",
    wants=(Polyglot,),
    judge=judge,
    atlas="AML.T0076",
)
