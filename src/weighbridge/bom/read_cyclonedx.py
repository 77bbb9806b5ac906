"""The record from a CycloneDX document in JSON: ours without loss, others' as far as they say something.

Source: CycloneDX 1.2 to 1.7, JSON. Nothing here follows a reference or an address.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from weighbridge.bom.component import (
    Attribute,
    Bom,
    Component,
    Gap,
    Identity,
    Kind,
    Licensing,
    Occurrence,
    Part,
    Statement,
)
from weighbridge.bom.properties import Pair, read_pairs
from weighbridge.bom.text import clean
from weighbridge.bom.values import digest, items, mapping, number, text
from weighbridge.model.ancestry import Ancestor, Relation
from weighbridge.model.fact import Grade

MOST_COMPONENTS = 200_000
_DEEPEST = 6
_KINDS = {
    "machine-learning-model": Kind.MODEL,
    "data": Kind.DATA,
    "file": Kind.FILE,
}
_CARD = {
    "task": "task",
    "architectureFamily": "model_type",
    "modelArchitecture": "architecture",
}
_FOREIGN = "stated by the document"


def read_cyclonedx(document: dict[str, Any]) -> Bom:
    """Return the record of a document that says it is CycloneDX."""
    metadata = mapping(document.get("metadata"))
    said = dict(_pairs(metadata))
    components: list[Component] = []
    gaps: list[Gap] = []
    for value in _all(document.get("components"), 0):
        gap = _gap(value)
        if gap is not None:
            gaps.append(gap)
        elif len(components) < MOST_COMPONENTS:
            components.append(_component(value, f"component-{len(components) + 1}"))
    foreign = not any(text(mapping(one).get("bom-ref")) == "weighbridge:tool" for one in _tools(metadata))
    return Bom(
        foreign=foreign,
        stated=tuple(_stated(document, metadata)) if foreign else (),
        name=text(mapping(metadata.get("component")).get("name")),
        tool=_tool(metadata),
        components=tuple(components),
        gaps=tuple(gaps),
        timestamp=text(metadata.get("timestamp")) or None,
        policy=said.get("weighbridge:policy", ""),
        interrupted=said.get("weighbridge:interrupted") == "true",
    )


def _all(value: object, depth: int) -> Iterator[dict[str, Any]]:
    """Yield components, also those inside others, unless the outer one is ours: then they are its parts."""
    for item in items(value):
        if not isinstance(item, dict):
            continue
        yield item
        if depth < _DEEPEST and not any(name.startswith("weighbridge:kind") for name, _ in _pairs(item)):
            yield from _all(item.get("components"), depth + 1)


def _component(value: dict[str, Any], otherwise: str) -> Component:
    pairs = list(_pairs(value))
    ours = read_pairs(pairs)
    hashes = {
        text(mapping(one).get("alg")).upper(): text(mapping(one).get("content")) for one in items(value.get("hashes"))
    }
    said = dict(pairs)
    kind = _kind(said.get("weighbridge:kind", ""), text(value.get("type")))
    base = Component(
        ref=text(value.get("bom-ref")) or otherwise,
        kind=kind,
        name=text(value.get("name")),
        group=text(value.get("group")),
        version=text(value.get("version")),
        description=text(value.get("description")),
        sha256=digest(hashes.get("SHA-256")),
        blake3=digest(hashes.get("BLAKE3")),
        purl=text(value.get("purl")) or None,
        parts=tuple(_part(mapping(part)) for part in items(value.get("components"))) if ours else (),
    )
    if ours:
        return replace(base, **{**ours, "identities": tuple(_identities(value))})  # type: ignore[arg-type]
    return replace(
        base,
        producer=_producer(value),
        occurrences=tuple(
            Occurrence(path=text(mapping(one).get("location")))
            for one in items(mapping(value.get("evidence")).get("occurrences"))
        ),
        identities=tuple(_identities(value)),
        attributes=tuple(_attributes(value)),
        licensing=_licensing(value.get("licenses")),
        ancestors=_ancestors(value, 0),
    )


def _part(value: dict[str, Any]) -> Part:
    hashes = _hashes(value)
    return Part(
        ref=text(value.get("bom-ref")),
        path=text(value.get("name"), 10_000),
        size=number(dict(_pairs(value)).get("weighbridge:size")),
        sha256=digest(hashes.get("SHA-256")),
        blake3=digest(hashes.get("BLAKE3")),
    )


def _gap(value: dict[str, Any]) -> Gap | None:
    said = dict(_pairs(value))
    reason = said.get("weighbridge:unexamined")
    if reason is None:
        return None
    return Gap(
        ref=text(value.get("bom-ref")),
        path=text(value.get("name"), 10_000),
        reason=reason,
        member=said.get("weighbridge:member"),
    )


def _identities(value: dict[str, Any]) -> Iterator[Identity]:
    found = mapping(value.get("evidence")).get("identity")
    for one in items(found) if isinstance(found, list) else [found]:
        one = mapping(one)
        method = next((mapping(method) for method in items(one.get("methods"))), {})
        confidence = one.get("confidence", method.get("confidence"))
        if text(one.get("field")):
            yield Identity(
                field=text(one.get("field")),
                value=text(one.get("concludedValue")),
                technique=text(method.get("technique")),
                confidence=float(confidence) if isinstance(confidence, int | float) else 0.0,
                source=text(method.get("value")),
            )


def _attributes(value: dict[str, Any]) -> Iterator[Attribute]:
    """Yield what the model card and the references of a foreign document state."""
    card = mapping(value.get("modelCard"))
    parameters = mapping(card.get("modelParameters"))
    found: list[tuple[str, str]] = [(name, text(parameters.get(key))) for key, name in _CARD.items()]
    found.append(("training.approach", text(mapping(parameters.get("approach")).get("type"))))
    for dataset in items(parameters.get("datasets")):
        dataset = mapping(dataset)
        found.append(("dataset", text(dataset.get("name")) or text(dataset.get("ref"))))
        found.append(("dataset.description", text(dataset.get("description"))))
        found.append(("dataset.governance", "stated" if dataset.get("governance") else ""))
        found.append(("dataset.sensitivity", ", ".join(text(one) for one in items(dataset.get("sensitiveData")))))
        found.append(("dataset.content", text(dataset.get("classification"))))
        address = text(mapping(dataset.get("contents")).get("url"))
        found.append(("dataset.identifier", address))
    for key in ("inputs", "outputs"):
        found += [(key, text(mapping(one).get("format"))) for one in items(parameters.get(key))]
    considerations = mapping(card.get("considerations"))
    for key, name in (
        ("useCases", "use_cases"),
        ("users", "users"),
        ("technicalLimitations", "limitations"),
        ("ethicalConsiderations", "ethics"),
        ("fairnessAssessments", "fairness"),
        ("environmentalConsiderations", "energy"),
    ):
        if considerations.get(key):
            found.append((name, text(considerations[key]) or "stated"))
    if items(mapping(card.get("quantitativeAnalysis")).get("performanceMetrics")):
        found.append(("performance", "stated"))
    for reference in items(value.get("externalReferences")):
        reference = mapping(reference)
        found.append((f"reference.{text(reference.get('type'), 40)}", text(reference.get("url"))))
    found.append(("released", text(mapping(value.get("releaseNotes")).get("timestamp"))))
    for name, stated in found:
        if stated:
            yield Attribute(name=name, value=stated, grade=Grade.DECLARED, source=_FOREIGN)


def _licensing(value: object) -> Licensing:
    declared: list[Statement] = []
    concluded: str | None = None
    for one in items(value):
        one = mapping(one)
        license_ = mapping(one.get("license"))
        name = text(license_.get("id")) or text(license_.get("name")) or text(one.get("expression"))
        acknowledgement = text(license_.get("acknowledgement")) or text(one.get("acknowledgement"))
        if name and acknowledgement == "concluded":
            concluded = concluded or name
        elif name:
            declared.append(Statement(value=name, source=_FOREIGN))
    return Licensing(declared=tuple(declared), concluded=concluded)


def _ancestors(value: dict[str, Any], depth: int) -> tuple[Ancestor, ...]:
    if depth >= _DEEPEST:
        return ()
    found = []
    for one in items(mapping(value.get("pedigree")).get("ancestors")):
        one = mapping(one)
        group, name = text(one.get("group")), text(one.get("name"))
        if name:
            said = _licensing(one.get("licenses")).declared
            found.append(
                Ancestor(
                    name=f"{group}/{name}" if group else name,
                    relation=Relation.DERIVED,
                    grade=Grade.DECLARED,
                    source=_FOREIGN,
                    sha256=digest(_hashes(one).get("SHA-256")),
                    license=said[0].value if said else None,
                    parents=_ancestors(one, depth + 1),
                )
            )
    return tuple(found)


def _hashes(value: dict[str, Any]) -> dict[str, str]:
    found = [mapping(one) for one in items(value.get("hashes"))]
    return {text(one.get("alg")).upper(): text(one.get("content")) for one in found}


def _producer(value: dict[str, Any]) -> str:
    for key in ("manufacturer", "supplier"):
        name = text(mapping(value.get(key)).get("name"))
        if name:
            return name
    authors = [text(mapping(one).get("name")) for one in items(value.get("authors"))]
    return next(filter(None, authors), "") or text(value.get("author")) or text(value.get("publisher"))


def _kind(ours: str, theirs: str) -> Kind:
    if ours in {kind.value for kind in Kind}:
        return Kind(ours)
    return _KINDS.get(theirs, Kind.LIBRARY)


def _tool(metadata: dict[str, Any]) -> str:
    for one in _tools(metadata):
        name, version = text(mapping(one).get("name")), text(mapping(one).get("version"))
        return version if name == "weighbridge" else f"{name} {version}".strip()
    return ""


def _tools(metadata: dict[str, Any]) -> list[Any]:
    tools = metadata.get("tools")
    return items(mapping(tools).get("components")) if isinstance(tools, dict) else items(tools)


def _pairs(value: dict[str, Any]) -> Iterable[Pair]:
    for one in items(value.get("properties")):
        if isinstance(one, dict) and isinstance(one.get("name"), str):
            stated = one.get("value")
            yield one["name"][:200], clean(stated, 10_000) if isinstance(stated, str) else ""


def _stated(document: dict[str, Any], metadata: dict[str, Any]) -> Iterator[Attribute]:
    """Yield what a foreign document says of itself and of the whole system."""
    system = mapping(metadata.get("component"))
    found = [
        ("author", next((text(mapping(one).get("name")) for one in items(metadata.get("authors"))), "")),
        ("author", text(mapping(metadata.get("manufacturer") or metadata.get("supplier")).get("name"))),
        ("document.version", str(number(document.get("version")) or "")),
        ("signature", "stated" if document.get("signature") else ""),
        ("lifecycle", "stated" if items(metadata.get("lifecycles")) else ""),
        ("dependencies", "stated" if items(document.get("dependencies")) else ""),
        ("system.producer", _producer(system)),
        ("system.version", text(system.get("version"))),
        ("system.description", text(system.get("description"))),
        ("vulnerabilities", "stated" if items(document.get("vulnerabilities")) else ""),
        ("compliance", "stated" if mapping(document.get("declarations")).get("attestations") else ""),
        ("data_flow", "stated" if any(mapping(one).get("data") for one in items(document.get("services"))) else ""),
    ]
    for reference in [*items(document.get("externalReferences")), *items(system.get("externalReferences"))]:
        reference = mapping(reference)
        found.append((f"reference.{text(reference.get('type'), 40)}", text(reference.get("url"))))
    found += _pairs(metadata)
    for name, value in found:
        if value:
            yield Attribute(name=name, value=value, grade=Grade.DECLARED, source=_FOREIGN)
