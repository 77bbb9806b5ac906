"""Configurations that ask their loader to run code which comes with the model.

What it finds: `auto_map`, `custom_pipelines`, `custom_generate`, Diffusers components and sentence-transformers modules
that are files in the repository, compiled kernels, code in another repository, and a configuration that itself asks
to be trusted.

Why it matters: with `trust_remote_code=True`, which model cards ask people to set, the named Python file is downloaded
and run with all rights of the user. Code in another repository can change after the model was approved.

Example: `"auto_map": {"AutoModel": "someone/elsewhere--modeling_x.XModel"}` in `config.json`.

What to do: read the named file (it is judged by itself if it lies beside the model), pin the revision, and approve
code and weights together; or use a model whose architecture the library already has.

Known misses: code that a person copies out of a model card.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.weights import RemoteCode


def judge(code: RemoteCode, subject: Subject) -> Iterator[Finding]:
    """Yield one review finding; graver if the code lies in another repository."""
    what = code.file or "code"
    if code.repository is not None:
        message = f"{subject.name} makes {code.framework} fetch and run {what} from {code.repository}."
        severity = Severity.HIGH
    elif code.file:
        message = f"{subject.name} makes {code.framework} run {what}, which comes with the model."
        severity = Severity.MEDIUM
    else:
        message = f"{subject.name} asks {code.framework} to trust code that comes with the model."
        severity = Severity.LOW
    parts = (code.repository, code.file, code.name)
    yield Finding(
        check=CHECK.id,
        severity=severity,
        confidence=Confidence.HIGH,
        message=message[:400],
        remedy="Read the named code, pin its revision, and approve it together with the weights.",
        implies=Assessment.REVIEW,
        evidence=Evidence(
            offset=code.offset, member=code.member, key=code.key, value=" ".join(part for part in parts if part)[:200]
        ),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="remote-code",
    title="Configuration names code to run",
    wants=(RemoteCode,),
    judge=judge,
    atlas="AML.T0011.000",
)
