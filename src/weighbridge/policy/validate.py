"""What makes a set of rules a policy that means what it says.

In: rules. Out: nothing, or a `WeighbridgeError` with file, line, rule and the nearest valid name. Cedar's validator
checks types against the schema; beyond it, what Cedar would accept and never match is refused too: `has` on an
attribute that does not exist, a value outside of a closed set, an id of a check or format that does not exist,
and rules that can never be about anything.
Source: Cedar policy language reference, "Policy validation against schema".
"""

import re
from collections.abc import Collection, Sequence
from typing import NoReturn

from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record
from weighbridge.policy.engine import cedarpy
from weighbridge.policy.nearest import did_you_mean
from weighbridge.policy.plain_text import is_plain
from weighbridge.policy.rules import COMPUTED, Rule, annotations
from weighbridge.policy.schema import schema
from weighbridge.policy.vocabulary import (
    ACTION_BY_NAME,
    CONTEXT_BY_PATH,
    ENTITY_BY_NAME,
    PRINCIPALS,
    RESOURCES,
    SEVERITIES,
    Attribute,
    attributes_of,
)

REQUIRED = ("id", "severity", "reason", "remedy")
ANNOTATIONS = (*REQUIRED, "clause", "control", "decision")
DECISIONS = ("deny", "pending", "warn")

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TICKED = re.compile(r"`([^`]*)`")
_LONGEST_ID = 80
_LONGEST_TEXT = 1_000


@record
class Names:
    """Names that only the registries know; None where nobody asked them, and then those names are not checked."""

    formats: Collection[str] | None = None
    checks: Collection[str] | None = None
    stores: Collection[str] | None = None


def validate(rules: Sequence[Rule], names: Names | None = None) -> None:
    """Raise `WeighbridgeError` for the first rule that is not right."""
    names = names or Names()
    seen: dict[str, Rule] = {}
    for rule in rules:
        _annotations(rule)
        first = seen.setdefault(rule.id, rule)
        if first is not rule:
            _refuse(rule, "has an id that is used already", f"The other one is at {first.file}:{first.line}.")
        _scope(rule)
        _attributes(rule)
        _values(rule, names)
    _types(rules)


def _annotations(rule: Rule) -> None:
    notes = annotations(rule.parsed)
    for name in notes:
        if name not in ANNOTATIONS:
            _refuse(rule, f"has the unknown annotation `@{name}`", did_you_mean(name, ANNOTATIONS))
    for name in REQUIRED:
        if not notes.get(name, "").strip():
            _refuse(rule, f"lacks `@{name}`", f'Add `@{name}("...")` above the rule.')
    for name, text in notes.items():
        if len(text) > _LONGEST_TEXT or not is_plain(text, one_line=True):
            what = f"has a `@{name}` with control characters, or longer than {_LONGEST_TEXT:,} characters"
            _refuse(rule, what, "Write one or two plain sentences.")
    if not _ID.fullmatch(rule.id) or len(rule.id) > _LONGEST_ID:
        _refuse(rule, "has an id that is not lower-case words with dashes", "Write it like `deny-malicious`.")
    if rule.severity not in SEVERITIES:
        _refuse(rule, f"has the unknown severity `{rule.severity[:60]}`", did_you_mean(rule.severity, SEVERITIES))
    decision = notes.get("decision")
    if decision is None:
        return
    if rule.effect == "permit":
        _refuse(rule, "permits and has `@decision`", "Remove it: a permission allows.")
    if decision not in DECISIONS:
        _refuse(rule, f"has the unknown decision `{decision[:60]}`", did_you_mean(decision, DECISIONS))


def _scope(rule: Rule) -> None:
    for action in rule.actions:
        if action not in ACTION_BY_NAME:
            _refuse(rule, f"names the unknown action `{action[:60]}`", did_you_mean(action, ACTION_BY_NAME))
    for kind in rule.principals:
        if kind not in PRINCIPALS:
            _refuse(rule, f"names the unknown principal type `{kind[:60]}`", did_you_mean(kind, PRINCIPALS))
    for kind in rule.resources:
        if kind not in RESOURCES:
            _refuse(rule, f"names the unknown resource type `{kind[:60]}`", did_you_mean(kind, RESOURCES))
    for kind, name in rule.entities:
        if kind == "Action" and name not in ACTION_BY_NAME:
            _refuse(rule, f"names the unknown action `{name[:60]}`", did_you_mean(name, ACTION_BY_NAME))
        if kind != "Action" and kind not in PRINCIPALS:
            _refuse(rule, f'names the single resource `{kind[:60]}::"{name[:60]}"`', "Ask for its attributes instead.")
    if "entity" in rule.parsed["resource"] or "in" in rule.parsed["resource"]:
        _refuse(rule, "names a single resource in its head", "Write `resource is Artifact` and ask for its attributes.")
    if rule.parsed["principal"]["op"] == "in" or "in" in rule.parsed["principal"]:
        _refuse(rule, "asks for a group with `in`", "Ask for the attribute: `principal.groups.contains(...)`.")
    if rule.actions and rule.resources:
        possible = {kind for action in rule.actions for kind in ACTION_BY_NAME[action].resources}
        if possible.isdisjoint(rule.resources):
            actions = ", ".join(f"`{action}`" for action in rule.actions)
            kinds = ", ".join(f"`{kind}`" for kind in sorted(possible))
            _refuse(rule, f"can never apply: {actions} is never about `{rule.resources[0]}`", f"It is about {kinds}.")


def known_attributes(rule: Rule, variable: str) -> dict[str, Attribute]:
    """Return the attributes that `variable` may have in `rule`, by path."""
    if variable == "context":
        return CONTEXT_BY_PATH
    if variable == "principal":
        kinds: Collection[str] = rule.principals or PRINCIPALS
    elif rule.resources:
        kinds = rule.resources
    else:
        actions = rule.actions or tuple(ACTION_BY_NAME)
        kinds = {kind for action in actions for kind in ACTION_BY_NAME[action].resources}
    return {path: attribute for kind in sorted(kinds) for path, attribute in attributes_of(kind).items()}


def _attributes(rule: Rule) -> None:
    for variable, path in rule.attributes:
        if variable == COMPUTED:
            what = "asks for an attribute of a computed value"
            _refuse(rule, what, "Ask `resource`, `principal` or `context` directly.")
        if variable == "action":
            continue
        known = known_attributes(rule, variable)
        if path not in known and not any(other.startswith(f"{path}.") for other in known):
            _refuse(rule, f"asks for the unknown attribute `{variable}.{path[:100]}`", _nearest_path(path, known))


def _nearest_path(path: str, known: Collection[str]) -> str:
    """Return a hint; a part that is right (`license.` in `license.commercal`) narrows the choice."""
    outer, dot, last = path.rpartition(".")
    inside = {other.removeprefix(f"{outer}."): other for other in known if dot and other.startswith(f"{outer}.")}
    deepest_first = sorted(known, key=lambda other: -other.count("."))
    for candidates in (inside, {other.rpartition(".")[2]: other for other in deepest_first}):
        hint = did_you_mean(last if candidates else path, candidates)
        if hint.startswith("did you mean"):
            name = _TICKED.findall(hint)[0]
            return f"did you mean `{candidates[name]}`?"
    return did_you_mean(path, known)


def _values(rule: Rule, names: Names) -> None:
    """Refuse a literal that the attribute never has: such a rule would be silent for ever."""
    registered = {"format": names.formats, "checks": names.checks, "stores": names.stores}
    for variable, path, value in rule.comparisons:
        if not isinstance(value, str):
            continue
        attribute = known_attributes(rule, variable).get(path)
        if attribute is None:
            continue
        valid = attribute.values or (registered.get(path) if variable == "resource" else None)
        if valid and value not in valid:
            what = f"compares `{variable}.{path}` with `{value[:60]}`, which it never is"
            _refuse(rule, what, did_you_mean(value, valid))
        if attribute.lower_case and value != value.lower():
            what = f"compares `{variable}.{path}`, which is always in lower case, with `{value[:60]}`"
            _refuse(rule, what, f"Write `{value.lower()[:60]}`.")
    for variable, path in rule.patterns:
        attribute = known_attributes(rule, variable).get(path)
        if attribute is not None and attribute.values:
            what = f"compares `{variable}.{path}` with a pattern"
            _refuse(rule, what, "Name the values that you mean: " + ", ".join(attribute.values) + ".")


def _types(rules: Sequence[Rule]) -> None:
    """Let Cedar check types; its answers lead to the rule's `@id`."""
    outcome = cedarpy.validate_policies("\n".join(rule.source for rule in rules), schema())
    if outcome.validation_passed:
        return
    by_id = {rule.id: rule for rule in rules}
    for error in outcome.errors:
        rule = by_id.get(outcome.id_annotations_by_policy_id.get(error.policy_id, ""))
        problem = re.sub(r"^for policy `[^`]*`, ", "", error.error.strip()).splitlines()[0][:300]
        if rule is not None:
            _refuse(rule, f"is not valid: {problem}", _type_hint(problem, rule))
        raise WeighbridgeError("E-policy-rule", f"the rules are not valid: {problem}.", "Compare with a shipped pack.")


def _type_hint(problem: str, rule: Rule) -> str:
    if "optional attribute" in problem:
        name = next(iter(_TICKED.findall(problem)), "it").rpartition(".")[2]
        return f"Ask first whether it is there: `resource has {name} && ...`."
    ticked = next(iter(_TICKED.findall(problem)), "")
    kinds = [kind for kind in rule.resources if kind in ENTITY_BY_NAME]
    if "attribute" in problem and not kinds:
        return "Name the type of resource in the rule's head: `resource is Artifact`."
    if "attribute" in problem and ticked:
        return _nearest_path(ticked, known_attributes(rule, "resource"))
    return "The types of all attributes stand in schema.cedarschema."


def _refuse(rule: Rule, what: str, hint: str) -> NoReturn:
    name = f"rule `{rule.id[:_LONGEST_ID]}`" if rule.id else "a rule without id"
    raise WeighbridgeError("E-policy-rule", f"{rule.file}:{rule.line} {name} {what}.", hint)
