"""A policy's own tests: situations and the verdicts that its owner expects.

In: the files in `tests/` of a policy. Out: situations, and what came out differently. A situation says only what
matters; everything else is ordinary (a clean safetensors file from a known publisher, an endpoint, nothing special).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NoReturn

import msgspec

from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record
from weighbridge.model.verdict import Verdict
from weighbridge.policy.nearest import did_you_mean
from weighbridge.policy.policy import Policy
from weighbridge.policy.settings_file import convert
from weighbridge.policy.strict_yaml import Document, read_yaml
from weighbridge.policy.vocabulary import (
    ACTION_BY_NAME,
    CONTEXT,
    ENTITY_BY_NAME,
    PRINCIPALS,
    RESOURCES,
    Attribute,
    Value,
    ordinary,
)
from weighbridge.policy.weigh import Principal, Request, decide


@record
class Situation:
    """One question with the expected answer."""

    name: str
    file: str
    line: int
    request: Request
    decision: str
    rules: tuple[str, ...]
    """Rules that must be among those that hold."""
    silent: tuple[str, ...]
    """Rules that must not be among them."""


@record
class Tried:
    """A situation, the verdict on it, and what is wrong with that; nothing if `problems` is empty."""

    situation: Situation
    verdict: Verdict
    problems: tuple[str, ...]


class _Expected(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    decision: Literal["allow", "warn", "pending", "deny"]
    rules: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


class _Situation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    expect: _Expected
    action: str | tuple[str, ...] = "load"
    given: dict[str, Any] = {}
    principal: dict[str, Any] = {}
    context: dict[str, Any] = {}


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    situations: tuple[_Situation, ...]


def read_situations(policy: Policy) -> tuple[Situation, ...]:
    """Return the situations of a policy in file order. Raises `WeighbridgeError` with file and line."""
    situations: list[Situation] = []
    for file, content in policy.tests:
        document = read_yaml(file, content)
        if not isinstance(document.value, dict):
            raise WeighbridgeError(
                "E-policy-situation", f"{file} holds no situations.", "Start it with `situations:` and a list."
            )
        for index, item in enumerate(convert(document, _File).situations):
            situations += _situations(document, index, item, policy)
    return tuple(situations)


def try_situations(policy: Policy, situations: Sequence[Situation]) -> list[Tried]:
    """Weigh every situation and say what differs from what was expected."""
    verdicts = decide([situation.request for situation in situations], policy)
    return [
        Tried(situation=situation, verdict=verdict, problems=tuple(_problems(situation, verdict)))
        for situation, verdict in zip(situations, verdicts, strict=True)
    ]


def never_seen(policy: Policy, tried: Sequence[Tried]) -> tuple[list[str], list[str]]:
    """Return ids of forbidding rules that hold in no situation, and of those that hold in all that concern them."""
    silent, loud = [], []
    for rule in policy.rules:
        if rule.effect != "forbid":
            continue
        concerned = [
            rule.id in {held.id for held in item.verdict.rules}
            for item in tried
            if (not rule.actions or item.situation.request.action in rule.actions)
            and (not rule.resources or item.situation.request.resource_kind in rule.resources)
        ]
        if True not in concerned:
            silent.append(rule.id)
        elif False not in concerned:
            loud.append(rule.id)
    return silent, loud


def _problems(situation: Situation, verdict: Verdict) -> list[str]:
    problems = []
    held = [rule.id for rule in verdict.rules]
    if verdict.decision != situation.decision:
        by = ", ".join(held)
        problems.append(f"expected {situation.decision}, got {verdict.decision} (by {by})")
    problems += [f"rule {rule} was expected to hold and does not" for rule in situation.rules if rule not in held]
    problems += [f"rule {rule} was expected to be silent and holds" for rule in situation.silent if rule in held]
    return problems


def _situations(document: Document, index: int, item: _Situation, policy: Policy) -> list[Situation]:
    path: tuple[str | int, ...] = ("situations", index)
    known = [rule.id for rule in policy.rules] + ["not-permitted"]
    for key in ("rules", "silent"):
        for rule in getattr(item.expect, key):
            if rule not in known:
                _refuse(document, (*path, "expect", key), f"names the unknown rule `{rule}`", did_you_mean(rule, known))
    given, principal_given = dict(item.given), dict(item.principal)
    kind = _kind(document, (*path, "given"), given, "Artifact", RESOURCES)
    principal_kind = _kind(document, (*path, "principal"), principal_given, "Endpoint", PRINCIPALS)
    principal = Principal(
        kind=principal_kind,
        id=str(principal_given.pop("id", "somebody")),
        attributes=_values(document, (*path, "principal"), ENTITY_BY_NAME[principal_kind].attributes, principal_given),
    )
    resource = {
        **ordinary(ENTITY_BY_NAME[kind].attributes),
        **_values(document, (*path, "given"), ENTITY_BY_NAME[kind].attributes, given),
    }
    context = _values(document, (*path, "context"), CONTEXT, item.context)
    actions = (item.action,) if isinstance(item.action, str) else item.action
    for action in actions:
        if action not in ACTION_BY_NAME:
            what = f"names the unknown action `{action}`"
            _refuse(document, (*path, "action"), what, did_you_mean(action, ACTION_BY_NAME))
        if kind not in ACTION_BY_NAME[action].resources:
            fitting = [name for name, known_action in ACTION_BY_NAME.items() if kind in known_action.resources]
            what = f"cannot {action} a {kind}"
            _refuse(document, (*path, "action"), what, f"With a {kind} one can: {', '.join(fitting)}.")
    return [
        Situation(
            name=item.name if len(actions) == 1 else f"{item.name} ({action})",
            file=document.file,
            line=document.line(path),
            request=Request(action=action, resource_kind=kind, resource=resource, principal=principal, context=context),
            decision=item.expect.decision,
            rules=item.expect.rules,
            silent=item.expect.silent,
        )
        for action in actions
    ]


def _kind(
    document: Document, path: tuple[str | int, ...], given: dict[str, Any], default: str, valid: Sequence[str]
) -> str:
    kind = given.pop("kind", default)
    if kind not in valid:
        _refuse(document, (*path, "kind"), f"names the unknown kind `{kind}`", did_you_mean(str(kind), valid))
    return str(kind)


def _values(
    document: Document, path: tuple[str | int, ...], attributes: tuple[Attribute, ...], given: Mapping[str, Any]
) -> dict[str, Value]:
    """Return attribute values by dotted path; records may be written nested or dotted."""
    known = {attribute.path: attribute for attribute in attributes}
    values: dict[str, Value] = {}
    waiting = [((*path, key), key, value) for key, value in given.items()]
    while waiting:
        at, name, value = waiting.pop(0)
        if name in known:
            values[name] = _value(document, at, known[name], value)
        elif isinstance(value, dict) and any(other.startswith(f"{name}.") for other in known):
            waiting += [((*at, key), f"{name}.{key}", inner) for key, inner in value.items()]
        else:
            _refuse(document, at, f"has the unknown attribute `{name}`", did_you_mean(name, known))
    return values


def _value(document: Document, path: tuple[str | int, ...], attribute: Attribute, value: Any) -> Value:  # noqa: ANN401  (YAML values)
    texts = value if isinstance(value, list) and attribute.type == "Set<String>" else [value]
    right: bool = {
        "Bool": isinstance(value, bool),
        "Long": isinstance(value, int) and not isinstance(value, bool),
        "String": isinstance(value, str),
        "Set<String>": isinstance(value, list) and all(isinstance(item, str) for item in texts),
    }[attribute.type]
    if not right:
        _refuse(document, path, f"has a wrong value for `{attribute.path}`", f"Give {_WANTED[attribute.type]}.")
    for item in texts if attribute.values else ():
        if item not in attribute.values:
            what = f"gives `{attribute.path}` the value `{item}`, which it never has"
            _refuse(document, path, what, did_you_mean(str(item), attribute.values))
    return tuple(texts) if attribute.type == "Set<String>" else value


_WANTED = {
    "Bool": "`true` or `false`",
    "Long": "a whole number",
    "String": "a text",
    "Set<String>": "a list of texts",
}


def _refuse(document: Document, path: tuple[str | int, ...], what: str, hint: str) -> NoReturn:
    raise WeighbridgeError("E-policy-situation", f"{document.file}:{document.line(path)} {what}.", hint)
