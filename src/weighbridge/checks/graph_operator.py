"""Operators of a computation graph that do more than mathematics.

What it finds: nodes of ONNX, TensorFlow, TFLite, Core ML, OpenVINO, TensorRT, Paddle and ExecuTorch graphs that touch
files, processes, the network or Python, and operators that the framework does not define itself.

Why it matters: a graph is a program. A `WriteFile` node runs with the rights of whoever runs the model, and a custom
operator means that a native library which is not part of the framework must be loaded first.

Example: a SavedModel whose serving function contains `WriteFile` with the path of a start-up script.

What to do: delete a model whose graph reaches outside; for a custom operator, find out which library provides it, who
made that library, and approve both together or not at all.

Known misses: a plain operator with a flaw in its kernel; what a custom operator's library does.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.checks.graph_operator_names import COMPILED, FILES_AND_PROCESSES, PYTHON
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.observation import GraphOperator

_REACH_REMEDY = "Do not load this model. Ask its author for a graph that only computes, and report the file."
_CUSTOM_REMEDY = "Find out which library defines this operator and who made it before you approve the model."


def judge(operator: GraphOperator, subject: Subject) -> Iterator[Finding]:
    """Yield one finding per operator: malicious if it reaches files, processes or Python, else a review."""
    shown = f"{operator.domain}::{operator.name}" if operator.domain else operator.name
    evidence = Evidence(
        offset=operator.offset, member=operator.member, opcode=operator.name[:200], key=operator.key, value=shown[:200]
    )
    reach = _reach(operator)
    if reach is not None:
        yield Finding(
            check=CHECK.id,
            severity=Severity.CRITICAL,
            confidence=Confidence.HIGH,
            message=f"The graph of {subject.name} contains the operator {shown[:120]}, which {reach}.",
            remedy=_REACH_REMEDY,
            implies=Assessment.MALICIOUS,
            evidence=evidence,
            atlas=CHECK.atlas,
        )
        return
    compiled = (operator.framework, operator.domain) in COMPILED
    what = (
        f"{subject.name} holds code ({shown[:120]}) that runs when its own runtime uses the model."
        if compiled
        else f"The graph of {subject.name} needs {shown[:120]}, an operator that {operator.framework} does not define."
    )
    yield Finding(
        check=CHECK.id,
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
        message=what,
        remedy=_CUSTOM_REMEDY,
        implies=Assessment.REVIEW,
        evidence=evidence,
        atlas=CHECK.atlas,
    )


def _reach(operator: GraphOperator) -> str | None:
    if operator.name in FILES_AND_PROCESSES.get(operator.framework, frozenset()):
        return "reads or writes files, starts programs or talks to the network"
    if operator.name in PYTHON.get(operator.framework, frozenset()):
        return "calls Python code while the model runs"
    return None


CHECK = Check(
    id="graph-operator",
    title="Graph operator beyond mathematics",
    wants=(GraphOperator,),
    judge=judge,
    atlas="AML.T0011.000",
)
