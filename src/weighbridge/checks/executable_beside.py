"""Programs that lie beside weights.

What it finds: ELF, PE and Mach-O programs, shell and batch scripts, installers and similar in a folder with a model.

Why it matters: a model repository needs none. Instructions in the model card ("run setup.sh first") or a wrapper's
search path are how such a file comes to run.

Example: an ELF file named `tokenizer` beside `model.safetensors`.

What to do: find out what it is for. If the model does not need it, delete it; if it does, approve it as a program.

Known misses: programs packed in archives of unknown kind; scripts without a first line that says so.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.observation import ExecutableBeside


def judge(executable: ExecutableBeside, subject: Subject) -> Iterator[Finding]:
    """Yield one review finding."""
    yield Finding(
        check=CHECK.id,
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
        message=f"{subject.name} is a program ({executable.kind}) that lies beside a model.",
        remedy="Find out what it is for; delete it if the model works without, else approve it as a program.",
        implies=Assessment.REVIEW,
        evidence=Evidence(member=executable.member, key=executable.key, value=executable.path[:200]),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="executable-beside",
    title="Program beside a model",
    wants=(ExecutableBeside,),
    judge=judge,
    atlas="AML.T0011",
)
