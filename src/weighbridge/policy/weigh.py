"""From artifacts to verdicts.

In: artifacts, a policy, an action, who acts and what surrounds it. Out: one `Verdict` each, in the same order. The
rules that hold decide: the strictest of them wins, a forbidding rule always before a permission, and what no rule
permits is denied. The mode comes last and only ever lowers: see `docs/adr/` on decisions in Cedar.
"""

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from weighbridge.model.artifact import Artifact, Repository
from weighbridge.model.finding import Severity
from weighbridge.model.record import record
from weighbridge.model.verdict import DecidingRule, Decision, Verdict
from weighbridge.policy.attributes import accepted_digests, artifact_attributes, nested, surroundings
from weighbridge.policy.engine import cedarpy
from weighbridge.policy.policy import Policy
from weighbridge.policy.rules import Rule
from weighbridge.policy.vocabulary import CONTEXT, ENTITY_BY_NAME, Value, ordinary

_STRICTNESS = {decision: position for position, decision in enumerate(Decision)}
_SEVERITY = {str(severity): position for position, severity in enumerate(Severity)}
_LONGEST_FACT = 200
_AT_ONCE = 1_000
"""Questions in one call to the engine, so that memory does not grow with the number of artifacts."""
_POSITION = re.compile(r"`policy(\d{1,6})`")
"""How the engine's messages name a rule: by its position."""


@record
class Principal:
    """Who acts. Attributes that are not given have their ordinary value."""

    kind: str = "Endpoint"
    """`Endpoint`, `User`, `Agent` or `Build`."""
    id: str = "this"
    attributes: Mapping[str, Value] = field(default_factory=dict)


@record
class Circumstances:
    """What surrounds the act."""

    environment: str = "unknown"
    data_class: str = "unknown"
    data_kinds: tuple[str, ...] = ()
    day: datetime.date | None = None
    """The day of weighing, for acceptances that run out."""


@record
class Request:
    """One question to the policy, in attribute values."""

    action: str
    resource_kind: str
    resource: Mapping[str, Value]
    principal: Principal = Principal()
    context: Mapping[str, Value] = field(default_factory=dict)


_HERE = Principal()
_NOTHING_SPECIAL = Circumstances()


def weigh(
    artifact: Artifact,
    policy: Policy,
    action: str = "load",
    *,
    principal: Principal = _HERE,
    circumstances: Circumstances = _NOTHING_SPECIAL,
) -> Verdict:
    """Return the verdict on one artifact. Raises nothing, whatever the artifact holds."""
    return weigh_all((artifact,), policy, action, principal=principal, circumstances=circumstances)[0]


def weigh_all(
    artifacts: Sequence[Artifact],
    policy: Policy,
    action: str = "load",
    *,
    principal: Principal = _HERE,
    circumstances: Circumstances = _NOTHING_SPECIAL,
    repositories: Sequence[Repository] = (),
) -> list[Verdict]:
    """Return one verdict for each of `artifacts`, in order, in one call to the engine.

    Args:
        artifacts: complete but for their verdicts.
        policy: see `weighbridge.policy.pack`.
        action: `download`, `store`, `load`, `serve`, `infer` or `ship`.
        principal: who acts; this endpoint if not given.
        circumstances: environment, data class, day.
        repositories: the model repositories that the artifacts may lie in.
    """
    around = surroundings(repositories)
    accepted = accepted_digests(policy.settings, circumstances.day)
    if policy.rulings is None:
        resources = [artifact_attributes(artifact, policy.settings, accepted, around) for artifact in artifacts]
    else:
        from weighbridge.policy.approvals import approval_of, catalog_attributes  # only machines of a fleet have any
        from weighbridge.policy.ruled import ruled, without_excepted

        data, resources = (circumstances.data_class, circumstances.data_kinds), []
        for artifact in artifacts:
            weighed = without_excepted(artifact, policy.rulings, circumstances.day)
            attributes = artifact_attributes(weighed, policy.settings, accepted, around)
            approval = approval_of(artifact, policy, circumstances.day)
            resources.append(attributes | catalog_attributes(approval, attributes, policy, *data))
    context: dict[str, Value] = {
        "data_class": circumstances.data_class,
        "data_kinds": circumstances.data_kinds,
        "environment": circumstances.environment,
    }
    requests = [
        Request(action=action, resource_kind="Artifact", resource=resource, principal=principal, context=context)
        for resource in resources
    ]
    verdicts = decide(requests, policy)
    if policy.rulings is None:
        return verdicts
    pairs = zip(verdicts, artifacts, strict=True)
    return [ruled(verdict, artifact, policy, circumstances.day) for verdict, artifact in pairs]


def decide(requests: Sequence[Request], policy: Policy) -> list[Verdict]:
    """Return one verdict for each question, in order.

    Rules see nothing but the attributes that they ask about, so questions that agree in those are put once.
    """
    asked = _asked(policy)
    projected = [_projected(request, asked) for request in requests]
    distinct = dict(zip(map(_key, projected), projected, strict=True))
    by_principal: dict[tuple[object, ...], list[tuple[object, ...]]] = {}
    for key, request in distinct.items():
        by_principal.setdefault(_principal_key(request), []).append(key)
    verdicts: dict[tuple[object, ...], Verdict] = {}
    for keys in by_principal.values():
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            verdicts.update(zip(some, _decide([distinct[key] for key in some], policy), strict=True))
    return [verdicts[_key(request)] for request in projected]


def _decide(requests: Sequence[Request], policy: Policy) -> list[Verdict]:
    """Return verdicts for questions of one principal."""
    entities = _entities(requests)
    questions = [_question(position, request) for position, request in enumerate(requests)]
    answers = cedarpy.is_authorized_batch(questions, policy.engine, entities)
    held = [_held(policy, answer) for answer in answers]
    # A forbid hides from the answer whether anything permits, so those that only warn or wait are asked again.
    unsure = [at for at, rules in enumerate(held) if rules and rules[0].decision in (Decision.WARN, Decision.PENDING)]
    permitted = set(range(len(requests))).difference(unsure)
    if unsure:
        again = cedarpy.is_authorized_batch([questions[at] for at in unsure], policy.permits, entities)
        permitted |= {at for at, answer in zip(unsure, again, strict=True) if answer.allowed}
    return [
        _verdict(policy, request, held[at], list(answers[at].diagnostics.errors), permitted=at in permitted)
        for at, request in enumerate(requests)
    ]


def lowered(decision: Decision, mode: str) -> Decision:
    """Return what is left of `decision` in `mode`: only `enforce` lets anything wait or be denied."""
    if mode == "enforce" or _STRICTNESS[decision] <= _STRICTNESS[Decision.WARN]:
        return decision
    return Decision.WARN


def _asked(policy: Policy) -> dict[str, frozenset[str]]:
    """Return the paths that any rule asks about, by variable."""
    asked: dict[str, set[str]] = {"resource": set(), "principal": set(), "context": set()}
    for rule in policy.rules:
        for variable, path in rule.attributes:
            asked.setdefault(variable, set()).add(path)
    return {variable: frozenset(paths) for variable, paths in asked.items()}


def _projected(request: Request, asked: Mapping[str, frozenset[str]]) -> Request:
    """Return `request` with ordinary values filled in and everything left out that no rule asks about."""
    principal = request.principal
    whole = {**ordinary(ENTITY_BY_NAME[principal.kind].attributes), **principal.attributes}
    return Request(
        action=request.action,
        resource_kind=request.resource_kind,
        resource=_only(request.resource, asked["resource"]),
        principal=Principal(kind=principal.kind, id=principal.id, attributes=_only(whole, asked["principal"])),
        context=_only({**ordinary(CONTEXT), **request.context}, asked["context"]),
    )


def _only(values: Mapping[str, Value], asked: frozenset[str]) -> dict[str, Value]:
    return {
        path: value for path, value in values.items() if path in asked or any(outer in asked for outer in _outers(path))
    }


def _outers(path: str) -> list[str]:
    """Return the records around `path`: `license` and `license.effective` for `license.effective.commercial`."""
    steps = path.split(".")
    return [".".join(steps[:length]) for length in range(1, len(steps))]


def _key(request: Request) -> tuple[object, ...]:
    return (
        request.action,
        request.resource_kind,
        *_principal_key(request),
        tuple(sorted(request.resource.items())),
        tuple(sorted(request.context.items())),
    )


def _principal_key(request: Request) -> tuple[object, ...]:
    principal = request.principal
    return principal.kind, principal.id, tuple(sorted(principal.attributes.items()))


def _entities(requests: Sequence[Request]) -> cedarpy.Entities:
    entities = [
        {
            "uid": _principal_uid(requests[0]),
            "attrs": nested(requests[0].principal.attributes),
            "parents": [],
        }
    ]
    for position, request in enumerate(requests):
        uid = {"type": request.resource_kind, "id": str(position)}
        entities.append({"uid": uid, "attrs": nested(request.resource), "parents": []})
    return cedarpy.Entities.from_json_str(json.dumps(entities))


def _principal_uid(request: Request) -> dict[str, str]:
    return {"type": request.principal.kind, "id": request.principal.id}


def _question(position: int, request: Request) -> dict[str, Any]:
    return {
        "principal": _principal_uid(request),
        "action": {"type": "Action", "id": request.action},
        "resource": {"type": request.resource_kind, "id": str(position)},
        "context": nested(request.context),
    }


def _held(policy: Policy, answer: cedarpy.AuthzResult) -> list[Rule]:
    """Return the rules that the answer rests on, strictest and most severe first."""
    reasons = set(answer.diagnostics.id_annotations_by_reason.values())
    rules = [rule for rule in policy.rules if rule.id in reasons]
    rules.sort(key=lambda rule: (-_STRICTNESS[rule.decision], -_SEVERITY[rule.severity]))
    return rules


def _verdict(policy: Policy, request: Request, held: list[Rule], errors: list[str], *, permitted: bool) -> Verdict:
    deciding = [_deciding(rule, request) for rule in held]
    if not held or not permitted:
        deciding.insert(0, _nothing_permits(request))
    if errors:
        deciding.append(_broken(policy, errors))
    deciding.sort(key=lambda rule: -_STRICTNESS[rule.decision])
    if policy.is_tightened and deciding[0].decision is Decision.WARN:
        deciding.insert(0, _stale(policy))
    by_rules = deciding[0].decision
    return Verdict(
        decision=lowered(by_rules, policy.settings.mode),
        action=request.action,
        policy=policy.title,
        mode=policy.settings.mode,
        rules=tuple(deciding),
        remedy="" if by_rules is Decision.ALLOW else deciding[0].remedy,
        by_rules=by_rules,
    )


def _deciding(rule: Rule, request: Request) -> DecidingRule:
    return DecidingRule(
        id=rule.id,
        severity=rule.severity,
        reason=rule.reason,
        remedy=rule.remedy,
        clause=rule.clause or None,
        facts=tuple(_facts(rule, request)),
        decision=rule.decision,
    )


def _facts(rule: Rule, request: Request) -> list[tuple[str, str]]:
    sides: dict[str, Mapping[str, Value]] = {
        "resource": request.resource,
        "principal": request.principal.attributes,
        "context": request.context,
    }
    facts = []
    for variable, path in rule.attributes:
        values = sides.get(variable, {})
        name = path if variable == "resource" else f"{variable}.{path}"
        facts.append((name, shown(values[path]) if path in values else "not known"))
    return facts


def shown(value: Value) -> str:
    """Return an attribute's value for a person."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ", ".join(value) or "none" if isinstance(value, tuple) else str(value)
    return text if len(text) <= _LONGEST_FACT else text[: _LONGEST_FACT - 1] + "…"


def _nothing_permits(request: Request) -> DecidingRule:
    return DecidingRule(
        id="not-permitted",
        severity=str(Severity.HIGH),
        reason=f"No rule of the policy permits to {request.action} this.",
        remedy="Ask the owner of the policy for a rule that permits it, or use an artifact that one permits.",
        decision=Decision.DENY,
    )


def _stale(policy: Policy) -> DecidingRule:
    """What `when_stale: tighten` adds: a newer policy, which this machine was not given, may forbid it."""
    since = "" if policy.origin is None else policy.origin.stale
    return DecidingRule(
        id="policy-stale",
        severity=str(Severity.MEDIUM),
        reason=f"Since {since} nobody here can know whether this is still the fleet's newest policy.",
        remedy="Let this machine reach its fleet: `wb sync`; `wb enroll --status` says what is wrong.",
        decision=Decision.PENDING,
    )


def _broken(policy: Policy, errors: Sequence[str]) -> DecidingRule:
    """A rule that failed did not speak; until somebody mends it the answer must wait."""
    problem = _POSITION.sub(lambda found: f"`{policy.rules[int(found.group(1))].id}`", errors[0])
    return DecidingRule(
        id="rule-failed",
        severity=str(Severity.HIGH),
        reason=f"A rule of the policy could not be evaluated: {problem[:_LONGEST_FACT]}",
        remedy="Ask the owner of the policy to correct the rule.",
        decision=Decision.PENDING,
    )
