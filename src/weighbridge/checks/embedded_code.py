"""Code in a place where only data is expected.

What it finds: Python bytecode and pickles inside configurations, machine code and scripts inside weights or archives,
compiled graphs, programs that are models by design.

Why it matters: a loader that meets such code runs it, or hands it to somebody who does.

Example: a Keras configuration whose Lambda layer carries marshalled Python bytecode.

What to do: do not load what carries foreign code. For code by design (TorchScript, llamafile), approve the program as
you would approve any other program.

Known misses: code that is encrypted or spread over tensors.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.observation import EmbeddedCode

_BY_DESIGN = frozenset(
    {"torchscript", "wasm", "ape", "java-class", "pickle", "python-handler", "compiled-graph", "lua"}
)
"""Kinds that honest models of their format hold; a pickle is judged by its own content beside this."""


def judge(code: EmbeddedCode, subject: Subject) -> Iterator[Finding]:
    """Yield one finding: review for code by design, malicious for code that has no business there."""
    by_design = code.kind in _BY_DESIGN
    yield Finding(
        check=CHECK.id,
        severity=Severity.MEDIUM if by_design else Severity.CRITICAL,
        confidence=Confidence.HIGH if by_design else Confidence.MEDIUM,
        message=f"{subject.name} holds code ({code.kind}): {code.description[:300]}.",
        remedy=(
            "Approve it as you would approve any other program, or not at all."
            if by_design
            else "Do not load it. Ask the author for a model without code, and report the file."
        ),
        implies=Assessment.REVIEW if by_design else Assessment.MALICIOUS,
        evidence=Evidence(offset=code.offset, member=code.member, key=code.key, value=code.kind),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="embedded-code",
    title="Code among data",
    wants=(EmbeddedCode,),
    judge=judge,
    atlas="AML.T0011.000",
)
