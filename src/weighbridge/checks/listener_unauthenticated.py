"""A server of models that answers without a key.

What it finds: a server of models that answered a GET without a key on a path that a server with a key refuses. Beyond
loopback that is a serious finding; on loopback, where it is what nearly all of them do, it is told to auditors only.

Why it matters: any program and any account of this machine can use it, and so can a web page in a browser if the server
allows other origins. Beyond loopback it is open to everybody.

Example: a vLLM server on 0.0.0.0:8000 lists its models to a request without a key.

What to do: start it with a key (`--api-key` in vLLM and llama.cpp, a token in LM Studio), or keep it on loopback.

Known misses: products that have no closed path which can be asked with a GET; unknown servers, whose list of models may
be public although the rest needs a key. Whether a key is weak is not tried.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Persona, Severity
from weighbridge.model.server_observation import ServerListener


def judge(listener: ServerListener, subject: Subject) -> Iterator[Finding]:
    """Yield one finding for a listener that was seen to answer without a key."""
    del subject
    if listener.authenticated is not False:
        return
    where = f"{listener.address}:{listener.port}" if listener.port else listener.address
    whom = "every machine that reaches it" if listener.exposed else "every program on this machine"
    yield Finding(
        check=CHECK.id,
        severity=Severity.HIGH if listener.exposed else Severity.INFO,
        confidence=Confidence.HIGH,
        message=f"{listener.title} on {where[:80]} answers {whom} without a key.",
        remedy="Start it with a key, or keep it on loopback behind a proxy that asks for one.",
        implies=Assessment.CLEAN,
        evidence=Evidence(key="listener", value=where[:120]),
        persona=Persona.REGULAR if listener.exposed else Persona.AUDITOR,
    )


CHECK = Check(
    id="listener-unauthenticated",
    title="Model server that answers without a key",
    wants=(ServerListener,),
    judge=judge,
)
