"""A server of models that other machines can reach.

What it finds: a listening socket of a server of models (or of an unknown server with an OpenAI-compatible interface)
that is bound to an address beyond loopback.

Why it matters: whoever reaches the port can use the models, read what they are, and in many products load, delete or
replace them. Such servers are made for the person in front of the machine and trust whoever asks.

Example: Ollama started with `OLLAMA_HOST=0.0.0.0` answers every machine of the café's network.

What to do: bind it to 127.0.0.1, or put a proxy in front of it that asks who is there. If it has to serve others, let
it ask for a key and allow its port to them only.

Known misses: a port of this machine that a router, a tunnel or a container's published port leads to another listener;
firewalls are not read, so that an exposed listener may still be unreachable.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.server_observation import ServerListener


def judge(listener: ServerListener, subject: Subject) -> Iterator[Finding]:
    """Yield one finding for a listener beyond loopback; one that asks for a key is a lesser one."""
    del subject
    if not listener.exposed:
        return
    where = f"{listener.address}:{listener.port}" if listener.port else listener.address
    bind = f"Set {listener.bind}" if listener.bind else "Bind it to 127.0.0.1"
    yield Finding(
        check=CHECK.id,
        severity=Severity.LOW if listener.authenticated else Severity.MEDIUM,
        confidence=Confidence.HIGH,
        message=f"{listener.title} listens on {where[:80]}, where other machines can reach it.",
        remedy=f"{bind}, or let only those reach its port who need it.",
        implies=Assessment.CLEAN,
        evidence=Evidence(key="listener", value=where[:120]),
    )


CHECK = Check(
    id="listener-exposed",
    title="Model server reachable from other machines",
    wants=(ServerListener,),
    judge=judge,
)
