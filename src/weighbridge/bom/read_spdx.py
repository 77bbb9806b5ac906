"""The record from an SPDX document in JSON: ours without loss, others' (3.0.1 JSON-LD, 2.x JSON) as far as they go.

Source: SPDX 3.0.1 JSON-LD serialization; SPDX 2.3 JSON schema. No context is fetched: terms are taken by their names.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from weighbridge.bom.component import (
    Attribute,
    Bom,
    Component,
    Gap,
    Kind,
    Licensing,
    Part,
    Statement,
    gap_key,
    sort_key,
)
from weighbridge.bom.properties import Pair, read_pairs
from weighbridge.bom.read_spdx2 import read_spdx2
from weighbridge.bom.text import clean
from weighbridge.bom.values import digest, items, mapping, number, text
from weighbridge.model.ancestry import Ancestor, Relation
from weighbridge.model.fact import Grade

_FOREIGN = "stated by the document"
_KINDS = {
    "ai_AIPackage": Kind.MODEL,
    "dataset_DatasetPackage": Kind.DATA,
    "software_Package": Kind.LIBRARY,
    "software_File": Kind.FILE,
}
_FIELDS = {
    "ai_typeOfModel": "architecture",
    "ai_domain": "task",
    "ai_informationAboutApplication": "use_cases",
    "ai_informationAboutTraining": "training.information",
    "ai_limitation": "limitations",
    "ai_modelExplainability": "explainability",
    "ai_autonomyType": "autonomy",
    "ai_energyConsumption": "energy",
    "ai_metric": "performance",
    "ai_safetyRiskAssessment": "risk",
    "ai_standardCompliance": "compliance",
    "ai_useSensitivePersonalInformation": "sensitive_data",
    "releaseTime": "released",
    "builtTime": "created",
    "software_downloadLocation": "source_url",
    "software_homePage": "source_url",
}


def read_spdx(document: dict[str, Any]) -> Bom:
    """Return the record of a document that says it is SPDX."""
    if "spdxVersion" in document:
        return read_spdx2(document)
    graph = _Index(items(document.get("@graph")))
    documents = {text(one.get("type")): one for one in reversed(graph.elements)}
    sbom = documents.get("software_Sbom") or documents.get("SpdxDocument") or {}
    ours = "/spdxdocs/weighbridge-" in text(sbom.get("spdxId"))
    components: list[Component] = []
    gaps: list[Gap] = []
    for one in graph.elements:
        kind = _KINDS.get(text(one.get("type")))
        if kind is None or one["spdxId"] in graph.parts:
            continue
        pairs = list(_pairs(one))
        said = dict(pairs)
        if "weighbridge:unexamined" in said:
            gaps.append(_gap(one, said))
        elif "weighbridge:kind" in said or not ours:
            components.append(_component(graph, one, kind, pairs, said))
    said = dict(_pairs(sbom))
    creation = next((one for one in graph.values if one.get("type") == "CreationInfo"), {})
    created = text(creation.get("created"))
    return Bom(
        foreign=not ours,
        stated=() if ours else tuple(_stated(graph, sbom, creation)),
        name=text(sbom.get("name")),
        tool=_tool(graph, creation),
        components=tuple(sorted(components, key=sort_key)),
        gaps=tuple(sorted(gaps, key=gap_key)),
        timestamp=created if created and not (ours and creation.get("comment")) else None,
        policy=said.get("weighbridge:policy", ""),
        interrupted=said.get("weighbridge:interrupted") == "true",
    )


class _Index:
    """Elements of a graph by address, and relationships by where they start and where they lead."""

    def __init__(self, values: list[Any]) -> None:
        self.values = [one for one in values if isinstance(one, dict)]
        self.elements = [one for one in self.values if isinstance(one.get("spdxId"), str)]
        self.by_id = {one["spdxId"]: one for one in self.elements}
        self.parts = {
            one["spdxId"] for one in self.elements if any(name == "weighbridge:part" for name, _ in _pairs(one))
        }
        """Addresses of files that our own documents give as parts."""
        self._from: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._to: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for one in self.elements:
            kind = text(one.get("relationshipType"))
            if not kind:
                continue
            self._from.setdefault((text(one.get("from")), kind), []).append(one)
            for target in items(one.get("to")):
                if isinstance(target, str):
                    self._to.setdefault((target, kind), []).append(one)

    def targets(self, source: str, kind: str) -> Iterator[dict[str, Any]]:
        """Yield what a relationship leads to."""
        for one in self._from.get((source, kind), []):
            for target in items(one.get("to")):
                if isinstance(target, str) and target in self.by_id:
                    yield self.by_id[target]

    def sources(self, target: str, kind: str) -> Iterator[dict[str, Any]]:
        """Yield where a relationship that leads here begins."""
        for one in self._to.get((target, kind), []):
            source = one.get("from")
            if isinstance(source, str) and source in self.by_id:
                yield self.by_id[source]


def _component(graph: _Index, one: dict[str, Any], kind: Kind, pairs: list[Pair], said: dict[str, str]) -> Component:
    iri = text(one.get("spdxId"))
    ours = read_pairs(pairs)
    group = said.get("weighbridge:group", "")
    name = text(one.get("name"))
    stated = said.get("weighbridge:kind", "")
    base = Component(
        ref=said.get("weighbridge:ref", iri),
        kind=Kind(stated) if stated in {value.value for value in Kind} else kind,
        name=name.removeprefix(group + "/") if group else name,
        group=group,
        version=said.get("weighbridge:version") or text(one.get("software_packageVersion")),
        description=text(one.get("description")),
        sha256=_hash(one, "sha256"),
        blake3=_hash(one, "blake3"),
        purl=said.get("weighbridge:purl") or text(one.get("software_packageUrl")) or None,
    )
    if ours:
        found = [part for part in graph.targets(iri, "contains") if part["spdxId"] in graph.parts]
        return replace(base, parts=tuple(map(_part, found)), **ours)  # type: ignore[arg-type]
    producer = [graph.by_id.get(text(agent), {}) for agent in [*items(one.get("originatedBy")), one.get("suppliedBy")]]
    return replace(
        base,
        producer=next((text(agent.get("name")) for agent in producer if agent.get("name")), ""),
        attributes=tuple(_attributes(graph, one, iri)),
        licensing=_licensing(graph, iri),
        ancestors=tuple(
            Ancestor(
                name=text(source.get("name")),
                relation=Relation.DERIVED,
                grade=Grade.DECLARED,
                source=_FOREIGN,
                sha256=_hash(source, "sha256"),
                license=next((one.value for one in _licensing(graph, text(source.get("spdxId"))).declared), None),
            )
            for source in graph.sources(iri, "ancestorOf")
            if text(source.get("name"))
        ),
    )


def _attributes(graph: _Index, one: dict[str, Any], iri: str) -> Iterator[Attribute]:
    found = [(name, text(one.get(key)) or ("stated" if one.get(key) else "")) for key, name in _FIELDS.items()]
    entries = [mapping(entry) for entry in items(one.get("ai_hyperparameter"))]
    found += [(text(entry.get("key"), 80), text(entry.get("value"))) for entry in entries]
    for kind in ("trainedOn", "testedOn"):
        for dataset in graph.targets(iri, kind):
            found.append(("dataset", text(dataset.get("name"))))
            found.append(("dataset.description", text(dataset.get("description"))))
            found.append(("dataset.content", text(dataset.get("dataset_datasetType"))))
            found.append(("dataset.governance", text(dataset.get("dataset_dataCollectionProcess"))))
            found.append(("dataset.hash", _hash(dataset, "sha256") or ""))
            found.append(("dataset.sensitivity", text(dataset.get("dataset_hasSensitivePersonalInformation"))))
    for reference in items(one.get("externalRef")):
        reference = mapping(reference)
        found.append((f"reference.{text(reference.get('externalRefType'), 40)}", text(reference.get("locator"))))
    for name, value in found:
        if name and value:
            yield Attribute(name=name, value=value, grade=Grade.DECLARED, source=_FOREIGN)


def _licensing(graph: _Index, iri: str) -> Licensing:
    def names(kind: str) -> list[str]:
        key = "simplelicensing_licenseExpression"
        return [text(one.get(key)) or text(one.get("name")) for one in graph.targets(iri, kind)]

    return Licensing(
        declared=tuple(Statement(value=name, source=_FOREIGN) for name in names("hasDeclaredLicense") if name),
        concluded=next(filter(None, names("hasConcludedLicense")), None),
    )


def _part(one: dict[str, Any]) -> Part:
    said = dict(_pairs(one))
    return Part(
        ref=said.get("weighbridge:part", ""),
        path=text(one.get("name"), 10_000),
        size=number(said.get("weighbridge:size")),
        sha256=_hash(one, "sha256"),
        blake3=_hash(one, "blake3"),
    )


def _gap(one: dict[str, Any], said: dict[str, str]) -> Gap:
    return Gap(
        ref=said.get("weighbridge:ref", text(one.get("spdxId"))),
        path=text(one.get("name"), 10_000),
        reason=said["weighbridge:unexamined"],
        member=said.get("weighbridge:member"),
    )


def _hash(one: dict[str, Any], algorithm: str) -> str | None:
    for method in items(one.get("verifiedUsing")):
        method = mapping(method)
        if method.get("algorithm") == algorithm:
            return digest(method.get("hashValue"))
    return None


def _tool(graph: _Index, creation: dict[str, Any]) -> str:
    for one in items(creation.get("createdUsing")):
        name = text(graph.by_id.get(one, {}).get("name")) if isinstance(one, str) else ""
        if name:
            return name.removeprefix("weighbridge ")
    return ""


def _pairs(one: dict[str, Any]) -> Iterator[Pair]:
    for extension in items(one.get("extension")):
        for entry in items(mapping(extension).get("extension_cdxProperty")):
            entry = mapping(entry)
            name, value = entry.get("extension_cdxPropName"), entry.get("extension_cdxPropValue")
            if isinstance(name, str):
                yield name[:200], clean(value, 10_000) if isinstance(value, str) else ""


def _stated(graph: _Index, sbom: dict[str, Any], creation: dict[str, Any]) -> Iterator[Attribute]:
    """Yield what a foreign document says of itself."""
    agents = [graph.by_id.get(one, {}) for one in items(creation.get("createdBy")) if isinstance(one, str)]
    kinds = {text(one.get("relationshipType")) for one in graph.elements}
    found = [
        ("author", next((text(agent.get("name")) for agent in agents if agent.get("name")), "")),
        ("lifecycle", "stated" if items(sbom.get("software_sbomType")) else ""),
        ("dependencies", "stated" if kinds & {"dependsOn", "contains", "ancestorOf", "trainedOn"} else ""),
        ("vulnerabilities", "stated" if "hasAssociatedVulnerability" in kinds else ""),
        ("signature", "stated" if items(sbom.get("verifiedUsing")) else ""),
    ]
    for name, value in found:
        if value:
            yield Attribute(name=name, value=value, grade=Grade.DECLARED, source=_FOREIGN)
