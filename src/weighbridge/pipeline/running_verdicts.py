"""What the policy says of a process: of the weights in it, of the runtime, and of what it listens on.

In: a process with everything known about it, the artifacts in it. Out: one verdict, the strictest of all.
"""

from collections.abc import Sequence
from dataclasses import replace

from weighbridge.model.actor import ActorKind
from weighbridge.model.artifact import Artifact
from weighbridge.model.running import Listener, RunningProcess
from weighbridge.model.verdict import DecidingRule, Decision, Verdict
from weighbridge.policy.policy import Policy
from weighbridge.policy.vocabulary import Value
from weighbridge.policy.weigh import Circumstances, Principal, Request, decide, weigh_all

_STRICTNESS = {decision: position for position, decision in enumerate(Decision)}


def process_verdict(
    process: RunningProcess, artifacts: Sequence[Artifact], policy: Policy, circumstances: Circumstances
) -> Verdict | None:
    """Return the strictest verdict on what a process does; None if it neither runs nor serves models."""
    principal = _principal(process)
    verdicts = weigh_all(artifacts, policy, "infer", principal=principal, circumstances=circumstances)
    requests = [
        Request(action="serve", resource_kind="Listener", resource=_listener(process, listener), principal=principal)
        for listener in process.listeners
        if artifacts or process.runtime or listener.product or listener.api
    ]
    if process.runtime is not None:
        runtime: dict[str, Value] = {"name": process.runtime, "listens": bool(process.listeners)}
        requests.append(Request(action="infer", resource_kind="Runtime", resource=runtime, principal=principal))
    asked = decide(requests, policy)
    if policy.rulings is not None:
        from weighbridge.policy.ruled import ruled_thing  # only machines of a fleet have any

        things = [str(request.resource.get("runtime") or request.resource.get("name") or "") for request in requests]
        pairs = zip(asked, things, strict=True)
        asked = [ruled_thing(verdict, thing, policy, circumstances.day) for verdict, thing in pairs]
    return strictest((*verdicts, *asked)) if artifacts or requests else None


def strictest(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the strictest of `verdicts`, with the rules of all of them, each once, strictest first."""
    worst = max(verdicts, key=lambda one: (_STRICTNESS[one.decision], _STRICTNESS[one.by_rules or one.decision]))
    rules: dict[tuple[str, Decision], DecidingRule] = {}
    for verdict in (worst, *verdicts):
        for rule in verdict.rules:
            rules.setdefault((rule.id, rule.decision), rule)
    order = sorted(rules.values(), key=lambda rule: -_STRICTNESS[rule.decision])
    return replace(worst, rules=tuple(order))


def _principal(process: RunningProcess) -> Principal:
    actor = process.actor
    if actor.kind is ActorKind.AGENT:
        attributes: dict[str, Value] = {"name": actor.agent or "", "supervised": not actor.autonomous}
        return Principal(kind="Agent", id=actor.agent or "unknown", attributes=attributes)
    return Principal()


def _listener(process: RunningProcess, listener: Listener) -> dict[str, Value]:
    return {
        "address": listener.address,
        "authenticated": bool(listener.authenticated),
        "loopback": not listener.exposed,
        "port": listener.port or 0,
        "runtime": listener.product or process.runtime or "",
    }
