"""What would change between two policies, in cells of a scenario grid.

In: two policies. Out: the cells in which their verdicts differ. A decision is the strictest over rules that do not
know of each other, so the grid is the union of the cells of each rule that differs (of every rule, if the mode does):
all combinations of the attributes that the rule asks about, everything else ordinary, for every action that it is
about. A change that shows only where attributes of two different rules are unusual at once is not found.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import product

from weighbridge.model.record import record
from weighbridge.model.verdict import Decision, Verdict
from weighbridge.policy.policy import Policy
from weighbridge.policy.rules import Rule
from weighbridge.policy.validate import known_attributes
from weighbridge.policy.vocabulary import (
    ACTION_BY_NAME,
    CONTEXT,
    ENTITY_BY_NAME,
    PRINCIPALS,
    Attribute,
    Value,
    ordinary,
)
from weighbridge.policy.weigh import Principal, Request, decide

_MOST_CELLS_OF_A_RULE = 2_000
_MOST_CELLS = 10_000
_MANY_RULES = 100
"""Beyond so many, each rule gets an equal share of the cells."""
_STRICTNESS = {decision: position for position, decision in enumerate(Decision)}


@record
class Cell:
    """One scenario whose verdict changes."""

    action: str
    principal: str
    resource: str
    setting: tuple[tuple[str, Value], ...]
    """What is not ordinary: (`assessment`, `review`), (`principal.supervised`, True)."""
    before: Verdict
    after: Verdict

    @property
    def loosened(self) -> bool:
        """Whether the new policy lets more happen."""
        return _STRICTNESS[self.after.decision] < _STRICTNESS[self.before.decision]


@record
class Difference:
    """Everything that differs between two policies."""

    cells: tuple[Cell, ...]
    """Loosened before tightened, then by action."""
    weighed: int
    """Cells in the grid."""
    cut: bool
    """Whether the grid was larger than what was weighed."""
    settings: tuple[tuple[str, str, str], ...]
    """Settings that differ: key, before, after."""
    rules_added: tuple[str, ...]
    rules_removed: tuple[str, ...]
    rules_changed: tuple[str, ...]

    @property
    def newly_allowed(self) -> tuple[Cell, ...]:
        """Cells that could not go ahead before and now can (a warning goes ahead)."""
        return tuple(cell for cell in self.cells if _stops(cell.before) and not _stops(cell.after))

    @property
    def newly_denied(self) -> tuple[Cell, ...]:
        """Cells that could go ahead before and now cannot."""
        return tuple(cell for cell in self.cells if not _stops(cell.before) and _stops(cell.after))


def difference(before: Policy, after: Policy) -> Difference:
    """Return what differs from `before` to `after`."""
    requests, cut = _grid(_concerned(before, after))
    pairs = zip(requests, decide(requests, before), decide(requests, after), strict=True)
    cells = [
        Cell(
            action=request.action,
            principal=request.principal.kind,
            resource=request.resource_kind,
            setting=_unusual(request),
            before=old,
            after=new,
        )
        for request, old, new in pairs
        if old.decision is not new.decision
    ]
    cells.sort(key=lambda cell: (not cell.loosened, cell.action, len(cell.setting), str(cell.setting)))
    old_rules = {rule.id: rule for rule in before.rules}
    new_rules = {rule.id: rule for rule in after.rules}
    return Difference(
        cells=tuple(cells),
        weighed=len(requests),
        cut=cut,
        settings=tuple(_settings(before, after)),
        rules_added=tuple(sorted(new_rules.keys() - old_rules.keys())),
        rules_removed=tuple(sorted(old_rules.keys() - new_rules.keys())),
        rules_changed=tuple(
            sorted(
                name for name in old_rules.keys() & new_rules.keys() if old_rules[name].parsed != new_rules[name].parsed
            )
        ),
    )


def _stops(verdict: Verdict) -> bool:
    return verdict.decision in (Decision.PENDING, Decision.DENY)


def _settings(before: Policy, after: Policy) -> Iterator[tuple[str, str, str]]:
    for key in (one.name for one in fields(before.settings)):
        old, new = getattr(before.settings, key), getattr(after.settings, key)
        if old != new:
            yield key, _brief(old), _brief(new)


def _brief(value: object) -> str:
    if isinstance(value, tuple):
        return f"{len(value)} entries"
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _concerned(before: Policy, after: Policy) -> list[Rule]:
    """Return the rules that a change can come from: those that differ, or all if the mode does."""
    if before.settings.mode != after.settings.mode:
        return [*before.rules, *after.rules]
    old_rules = {rule.id: rule.parsed for rule in before.rules}
    new_rules = {rule.id: rule.parsed for rule in after.rules}
    return [
        *(rule for rule in before.rules if new_rules.get(rule.id) != rule.parsed),
        *(rule for rule in after.rules if old_rules.get(rule.id) != rule.parsed),
    ]


def _grid(rules: Sequence[Rule]) -> tuple[list[Request], bool]:
    cells: dict[tuple[object, ...], Request] = {}
    cut = False
    for request in _plain():
        cells[_key(request)] = request
    fair = len(rules) > _MANY_RULES
    most_of_a_rule = max(20, _MOST_CELLS // len(rules)) if fair else _MOST_CELLS_OF_A_RULE
    for rule in rules:
        for count, request in enumerate(_cells(rule)):
            if count >= most_of_a_rule or len(cells) >= _MOST_CELLS:
                cut = True
                break
            cells.setdefault(_key(request), request)
    return list(cells.values()), cut


def _plain() -> Iterator[Request]:
    """Yield every action on every kind of resource by every kind of principal, all ordinary."""
    for action in ACTION_BY_NAME.values():
        for resource in action.resources:
            for principal in PRINCIPALS:
                yield _request(action.name, resource, principal, {})


def _literals(rule: Rule) -> Mapping[tuple[str, str], tuple[Value, ...]]:
    """Return the values that `rule` compares each attribute with: the borders of what it distinguishes."""
    found: dict[tuple[str, str], dict[Value, None]] = {}
    for variable, path, value in rule.comparisons:
        found.setdefault((variable, path), {})[value] = None
    return {key: tuple(values) for key, values in found.items()}


def _cells(rule: Rule) -> Iterator[Request]:
    literals = _literals(rule)
    principals = rule.principals or (PRINCIPALS if rule.effect == "permit" else ("Agent", "User"))
    actions = rule.actions or tuple(ACTION_BY_NAME)
    dimensions = []
    for variable, path in rule.attributes:
        attribute = known_attributes(rule, variable).get(path)
        if attribute is not None:
            dimensions.append((variable, path, _choices(attribute, literals.get((variable, path), ()))))
    for action, principal in product(actions, principals):
        for resource in rule.resources or ACTION_BY_NAME[action].resources:
            if resource not in ACTION_BY_NAME[action].resources:
                continue
            for values in product(*(choices for _, _, choices in dimensions)):
                setting = {
                    (variable, path): value
                    for (variable, path, _), value in zip(dimensions, values, strict=True)
                    if value is not None
                }
                yield _request(action, resource, principal, setting)


def _choices(attribute: Attribute, literals: tuple[Value, ...]) -> tuple[Value | None, ...]:
    """Return values that tell rules apart: all of a closed set, both truth values, borders, and the ordinary one.

    None stands for an attribute that is absent.
    """
    choices: dict[Value | None, None] = {attribute.ordinary: None}
    if attribute.type == "Bool":
        choices.update({False: None, True: None})
    elif attribute.type == "Set<String>":
        choices[()] = None
        choices.update({(value,): None for value in (*attribute.values, *literals) if isinstance(value, str)})
    elif attribute.type == "Long":
        for value in literals:
            if isinstance(value, int):
                choices.update({value - 1: None, value: None, value + 1: None})
    else:
        choices.update(dict.fromkeys((*attribute.values, *literals)))
    return tuple(choices)


def _request(action: str, resource: str, principal: str, setting: Mapping[tuple[str, str], Value]) -> Request:
    sides: dict[str, dict[str, Value]] = {"resource": {}, "principal": {}, "context": {}}
    for (variable, path), value in setting.items():
        sides[variable][path] = value
    known = ordinary(ENTITY_BY_NAME[resource].attributes)
    allowed = {attribute.path for attribute in ENTITY_BY_NAME[resource].attributes}
    own = {attribute.path for attribute in ENTITY_BY_NAME[principal].attributes}
    return Request(
        action=action,
        resource_kind=resource,
        resource={**known, **{path: value for path, value in sides["resource"].items() if path in allowed}},
        principal=Principal(
            kind=principal,
            id="somebody",
            attributes={
                **ordinary(ENTITY_BY_NAME[principal].attributes),
                **{path: value for path, value in sides["principal"].items() if path in own},
            },
        ),
        context={**ordinary(CONTEXT), **sides["context"]},
    )


def _unusual(request: Request) -> tuple[tuple[str, Value], ...]:
    sides = (
        ("", request.resource, ordinary(ENTITY_BY_NAME[request.resource_kind].attributes)),
        ("principal.", request.principal.attributes, ordinary(ENTITY_BY_NAME[request.principal.kind].attributes)),
        ("context.", request.context, ordinary(CONTEXT)),
    )
    return tuple(
        (prefix + path, value)
        for prefix, values, usual in sides
        for path, value in values.items()
        if usual.get(path) != value
    )


def _key(request: Request) -> tuple[object, ...]:
    return request.action, request.resource_kind, request.principal.kind, _unusual(request)
