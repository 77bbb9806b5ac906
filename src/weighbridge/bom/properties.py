"""What neither format has a field for, as pairs of name and value in one namespace; and back.

CycloneDX carries them as `properties`, SPDX as `extension_CdxPropertiesExtension` (which was made for that). A pair
whose name is a head begins a group; the pairs after it that belong to the group give its details:

    weighbridge:fact:architecture   llama
    weighbridge:evidence            declared; header key general.architecture

Every name is listed in docs/reference/bom-properties.md.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from weighbridge.bom.component import (
    Attribute,
    Component,
    Concern,
    Decided,
    Identity,
    Licensing,
    Occurrence,
    Statement,
    Text,
)
from weighbridge.model.ancestry import Ancestor, Relation
from weighbridge.model.fact import Grade

NAMESPACE = "weighbridge:"
Pair = tuple[str, str]
_FACT = "fact:"
_MOST_PAIRS = 20_000
_DEEPEST = 16
Choice = TypeVar("Choice", Grade, Relation)


def pairs_of(component: Component) -> list[Pair]:
    """Return everything about `component` that the formats' own fields do not hold without loss."""
    return [(NAMESPACE + name, value) for name, value in _pairs(component) if value]


def _pairs(component: Component) -> Iterator[Pair]:
    yield "kind", component.kind.value
    yield "format", component.format
    yield "size", str(component.size)
    yield "producer", component.producer
    yield "claimed-sha256", component.claimed_sha256 or ""
    yield "assessment", component.assessment
    for concern in component.concerns:
        yield "finding", concern.check
        yield "severity", concern.severity
        yield "message", concern.message
    if component.verdict is not None:
        yield "verdict", component.verdict.decision
        yield "action", component.verdict.action
        yield "policy", component.verdict.policy
        yield "mode", component.verdict.mode
        for name, reason in component.verdict.rules:
            yield "rule", name
            yield "reason", reason
    yield from _license_pairs(component.licensing)
    for ancestor, depth in flattened(component.ancestors):
        yield "ancestor", ancestor.name
        yield "depth", str(depth)
        yield "relation", ancestor.relation.value
        yield "grade", ancestor.grade.value
        yield "source", ancestor.source
        yield "sha256", ancestor.sha256 or ""
        yield "license", ancestor.license or ""
        yield "score", "" if ancestor.score is None else repr(ancestor.score)
        yield "share", "" if ancestor.share is None else repr(ancestor.share)
        yield "residual", "" if ancestor.residual is None else repr(ancestor.residual)
        yield "detail", ancestor.detail
    for place in component.occurrences:
        yield "place", place.path
        yield "member", place.member or ""
        yield "store", place.store or ""
        yield "store-name", place.store_name or ""
    for identity in component.identities:
        yield "identity", identity.field
        yield "value", identity.value
        yield "technique", identity.technique
        yield "confidence", repr(identity.confidence)
        yield "source", identity.source
    for fact in component.attributes:
        yield _FACT + fact.name, fact.value or '""'
        yield "evidence", f"{fact.grade.value}; {fact.source}"


def _license_pairs(licensing: Licensing) -> Iterator[Pair]:
    for statement in licensing.declared:
        yield "license:declared", statement.value
        yield "source", statement.source
    if licensing.concluded is not None:
        yield "license:concluded", licensing.concluded
        yield "method", licensing.method or ""
        yield "confidence", licensing.confidence or ""
    for text in licensing.texts:
        yield "license:text", text.sha256
        yield "source", text.source
        yield "likeness", text.likeness
        yield "license", text.license or ""
    for name, value in licensing.terms:
        yield f"terms:{name}", value
    for reason in licensing.reasons:
        yield "license:reason", reason


def flattened(ancestors: Sequence[Ancestor], depth: int = 1) -> Iterator[tuple[Ancestor, int]]:
    """Yield ancestors before their own ancestors, each with its distance from the artifact (1: direct)."""
    for ancestor in ancestors:
        yield ancestor, depth
        if depth < _DEEPEST:
            yield from flattened(ancestor.parents, depth + 1)


_DETAILS = frozenset(
    (
        *("action", "confidence", "depth", "detail", "evidence", "grade", "license", "likeness", "member", "message"),
        *("method", "mode", "policy", "reason", "relation", "residual", "score", "severity", "sha256", "share"),
        *("source", "store", "store-name", "technique", "value"),
    )
)
"""Names of pairs that belong to the group before them."""


class _Group:
    """A head with what follows it."""

    __slots__ = ("details", "name", "value")

    def __init__(self, name: str, value: str) -> None:
        self.name, self.value = name, value
        self.details: dict[str, str] = {}

    def get(self, name: str) -> str:
        return self.details.get(name, "")


def groups(pairs: Iterable[Pair]) -> list[_Group]:
    """Return the groups of our namespace in `pairs`, in order; other names are passed over."""
    found: list[_Group] = []
    for count, (name, value) in enumerate(pairs):
        if count >= _MOST_PAIRS:
            break
        if not name.startswith(NAMESPACE):
            continue
        name = name.removeprefix(NAMESPACE)
        if name in _DETAILS and found:
            found[-1].details.setdefault(name, value)
        else:
            found.append(_Group(name, value))
    return found


def read_pairs(pairs: Iterable[Pair]) -> dict[str, object]:
    """Return the fields of a `Component` that `pairs_of` wrote; empty if there is none of ours."""
    found = groups(pairs)
    if not found:
        return {}
    single = {group.name: group.value for group in found}

    def named(name: str) -> list[_Group]:
        return [group for group in found if group.name == name]

    size = single.get("size", "")
    fields: dict[str, object] = {
        "format": single.get("format", ""),
        "size": int(size) if size.isdecimal() and len(size) < 25 else 0,
        "producer": single.get("producer", ""),
        "claimed_sha256": single.get("claimed-sha256"),
        "assessment": single.get("assessment", ""),
        "concerns": tuple(
            Concern(check=group.value, severity=group.get("severity"), message=group.get("message"))
            for group in named("finding")
        ),
        "verdict": _verdict(named("verdict"), named("rule")),
        "licensing": _licensing(found),
        "ancestors": _ancestors(named("ancestor")),
        "occurrences": tuple(
            Occurrence(
                path=group.value,
                member=group.details.get("member"),
                store=group.details.get("store"),
                store_name=group.details.get("store-name"),
            )
            for group in named("place")
        ),
        "identities": tuple(
            Identity(
                field=group.value,
                value=group.get("value"),
                technique=group.get("technique"),
                confidence=_number(group.get("confidence")) or 0.0,
                source=group.get("source"),
            )
            for group in named("identity")
        ),
        "attributes": tuple(_attribute(group) for group in found if group.name.startswith(_FACT)),
    }
    return fields


def _verdict(verdicts: list[_Group], rules: list[_Group]) -> Decided | None:
    if not verdicts:
        return None
    verdict = verdicts[0]
    return Decided(
        decision=verdict.value,
        action=verdict.get("action"),
        policy=verdict.get("policy"),
        mode=verdict.get("mode"),
        rules=tuple((rule.value, rule.get("reason")) for rule in rules),
    )


def _licensing(found: list[_Group]) -> Licensing:
    by_name: dict[str, list[_Group]] = {}
    for group in found:
        by_name.setdefault(group.name, []).append(group)
    concluded = by_name.get("license:concluded", [])
    return Licensing(
        declared=tuple(
            Statement(value=group.value, source=group.get("source")) for group in by_name.get("license:declared", [])
        ),
        concluded=concluded[0].value if concluded else None,
        method=concluded[0].details.get("method") if concluded else None,
        confidence=concluded[0].details.get("confidence") if concluded else None,
        texts=tuple(
            Text(
                sha256=group.value,
                source=group.get("source"),
                likeness=group.get("likeness"),
                license=group.details.get("license"),
            )
            for group in by_name.get("license:text", [])
        ),
        terms=tuple(
            (group.name.removeprefix("terms:"), group.value) for group in found if group.name.startswith("terms:")
        ),
        reasons=tuple(group.value for group in by_name.get("license:reason", [])),
    )


def _attribute(group: _Group) -> Attribute:
    grade, _, source = group.get("evidence").partition("; ")
    return Attribute(
        name=group.name.removeprefix(_FACT),
        value="" if group.value == '""' else group.value,
        grade=_choice(Grade, grade, Grade.DECLARED),
        source=source,
    )


def _ancestors(listed: list[_Group]) -> tuple[Ancestor, ...]:
    """Rebuild the tree from the list, last first: what stands deeper behind an entry belongs to it."""
    waiting: dict[int, list[Ancestor]] = {}
    for group in reversed(listed):
        depth = group.get("depth")
        level = min(int(depth), _DEEPEST) if depth.isdecimal() and len(depth) < 4 else 1
        parents = tuple(reversed(waiting.pop(level + 1, [])))
        waiting.setdefault(level, []).append(
            Ancestor(
                name=group.value,
                relation=_choice(Relation, group.get("relation"), Relation.DERIVED),
                grade=_choice(Grade, group.get("grade"), Grade.DECLARED),
                source=group.get("source"),
                sha256=group.details.get("sha256"),
                license=group.details.get("license"),
                score=_number(group.get("score")),
                share=_number(group.get("share")),
                residual=_number(group.get("residual")),
                detail=group.get("detail"),
                parents=parents,
            )
        )
    return tuple(reversed(waiting.get(1, [])))


def _choice(kind: type[Choice], text: str, otherwise: Choice) -> Choice:
    try:
        return kind(text)
    except ValueError:
        return otherwise


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None
