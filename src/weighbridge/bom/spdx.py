"""SPDX 3.0.1 JSON-LD with the AI profile from the record, byte for byte the same for the same record.

Source: SPDX specification 3.0.1 (core, software, simple licensing, AI, dataset and extension profiles) and its JSON
schema. A creation time is required there; without one from the caller it is the start of 1970 and a comment says so.
"""

import uuid
from collections.abc import Iterator
from typing import Any

from weighbridge.bom.canonical import canonical
from weighbridge.bom.component import Bom, Component, Gap, Kind
from weighbridge.bom.cyclonedx_model import listed
from weighbridge.bom.properties import Pair, flattened, pairs_of
from weighbridge.bom.spdx_graph import SpdxGraph, extension
from weighbridge.bom.spdx_licenses import Licenses
from weighbridge.bom.text import web_address
from weighbridge.model.ancestry import Ancestor

_DOCUMENTS = uuid.UUID("b0b54d5a-2f9a-5d4c-9a58-0b7f6f2f6a44")
_HYPERPARAMETERS = (
    "parameters",
    "quantization",
    "bits_per_value",
    "context_length",
    "embedding_length",
    "block_count",
    "adapter.rank",
    "adapter.alpha",
)
_PURPOSES = {Kind.MODEL: "model", Kind.DATA: "data", Kind.FILE: "file", Kind.LIBRARY: "library"}


def document(bom: Bom) -> dict[str, Any]:
    """Return `bom` as an SPDX document: plain values, ready to be written as JSON."""
    prefix = f"https://spdx.org/spdxdocs/weighbridge-{uuid.uuid5(_DOCUMENTS, canonical(bom))}"
    graph = SpdxGraph(prefix)
    graph.add_creation(bom)
    root = graph.add("software_Package", "scanned", name=bom.name, software_primaryPurpose="other")
    licenses = Licenses(graph.add)
    people: dict[str, str] = {}
    names = {item.ref: graph.iri(item.ref) for item in bom.components}
    by_digest: dict[str, str] = {item.sha256: names[item.ref] for item in reversed(bom.components) if item.sha256}
    contained = [_component(graph, item, people) for item in bom.components]
    for item in bom.components:
        _parts(graph, item, names[item.ref])
        _licensing(graph, licenses, item, names[item.ref])
        _ancestry(graph, licenses, item, names[item.ref], by_digest)
        _datasets(graph, item, names[item.ref])
        _annotations(graph, item, names[item.ref])
    contained += [_gap(graph, gap) for gap in bom.gaps]
    whole = not bom.gaps and not bom.interrupted and all(item.assessment != "incomplete" for item in bom.components)
    if contained:
        graph.relate(root, "contains", contained, completeness="complete" if whole else "incomplete")
    said = [("weighbridge:policy", bom.policy), ("weighbridge:interrupted", "true" if bom.interrupted else "")]
    return graph.finish(bom, root, [pair for pair in said if pair[1]])


def _component(graph: SpdxGraph, item: Component, people: dict[str, str]) -> str:
    common: dict[str, Any] = {
        "name": f"{item.group}/{item.name}" if item.group else item.name,
        "description": item.description,
        "verifiedUsing": _hashes(item.sha256, item.blake3),
        "software_primaryPurpose": _PURPOSES[item.kind],
        "externalRef": _references(item),
        "extension": extension(_pairs(item)),
    }
    if item.producer:
        people[item.producer] = people.get(item.producer) or graph.add(
            "Organization", f"producer-{len(people) + 1}", name=item.producer
        )
        common["originatedBy"] = [people[item.producer]]
    if item.kind is Kind.FILE:
        return graph.add("software_File", item.ref, software_fileKind="file", **common)
    if item.producer:
        common["suppliedBy"] = people[item.producer]
    common["software_packageVersion"] = item.version
    common["software_packageUrl"] = item.purl
    common["software_downloadLocation"] = next(filter(None, map(web_address, item.values("source_url"))), None)
    if item.kind is not Kind.MODEL:
        return graph.add("software_Package", item.ref, **common)
    task = item.value("task", "adapter.task")
    tensors = item.value("tensor_types")
    return graph.add(
        "ai_AIPackage",
        item.ref,
        **common,
        ai_typeOfModel=sorted({*item.values("architecture"), *item.values("model_type"), *item.values("family")}),
        ai_hyperparameter=[
            {"type": "DictionaryEntry", "key": name, "value": value}
            for name in _HYPERPARAMETERS
            if (value := item.value(name))
        ],
        ai_domain=[task] if task else [],
        ai_informationAboutApplication=_inputs_and_outputs(item),
        ai_informationAboutTraining=_training(item),
        ai_modelDataPreprocessing=[f"tensor types: {tensors}"] if tensors else [],
    )


def _inputs_and_outputs(item: Component) -> str:
    said = [f"{name}: {', '.join(found)}" for name in ("inputs", "outputs") if (found := listed(item, name))]
    return "; ".join(said)


def _training(item: Component) -> str:
    said = [
        f"{name}: {item.value(name)}"
        for name in sorted({one.name for one in item.attributes if one.name.startswith("training.")})
    ]
    return "; ".join(said)


def _pairs(item: Component) -> list[Pair]:
    """Return what SPDX has no field for; group and name are one name there, and files have no version."""
    own = [("weighbridge:ref", item.ref), ("weighbridge:group", item.group)]
    if item.kind is Kind.FILE:
        own += [("weighbridge:version", item.version), ("weighbridge:purl", item.purl or "")]
    return [pair for pair in own if pair[1]] + pairs_of(item)


def _hashes(sha256: str | None, blake3: str | None) -> list[dict[str, str]]:
    found = (("sha256", sha256), ("blake3", blake3))
    return [{"type": "Hash", "algorithm": name, "hashValue": value} for name, value in found if value]


def _references(item: Component) -> list[dict[str, Any]]:
    found = []
    for name, kind in (("source_url", "altDownloadLocation"), ("license.link", "license")):
        values = set(item.values(name))
        if kind == "license":
            values |= {statement.value for statement in item.licensing.declared}
        addresses = sorted(value for value in values if web_address(value))
        found += [{"type": "ExternalRef", "externalRefType": kind, "locator": [one]} for one in addresses]
    return found


def _parts(graph: SpdxGraph, item: Component, iri: str) -> None:
    parts = [
        graph.add(
            "software_File",
            part.ref,
            name=part.path,
            software_fileKind="file",
            software_primaryPurpose="file",
            verifiedUsing=_hashes(part.sha256, part.blake3),
            extension=extension([("weighbridge:part", part.ref), ("weighbridge:size", str(part.size))]),
        )
        for part in item.parts
    ]
    if parts:
        missing = any(concern.message.endswith("shards are missing") for concern in item.concerns)
        graph.add(
            "Relationship",
            f"relationship-{iri.rpartition('#')[2]}-contains",
            relationshipType="contains",
            to=parts,
            completeness="incomplete" if missing else "complete",
            **{"from": iri},
        )


def _licensing(graph: SpdxGraph, licenses: Licenses, item: Component, iri: str) -> None:
    hashes = [text.sha256 for text in item.licensing.texts]
    stated = [statement.value for statement in item.licensing.declared]
    declared = [licenses.element(value, hashes) for value in stated if web_address(value) is None]
    if declared:
        graph.relate(iri, "hasDeclaredLicense", declared)
    if item.licensing.concluded is not None:
        graph.relate(iri, "hasConcludedLicense", [licenses.element(item.licensing.concluded, hashes)])
    elif item.kind is not Kind.FILE or declared:
        graph.relate(iri, "hasConcludedLicense", ["expandedlicensing_NoAssertionLicense"])


def _ancestry(graph: SpdxGraph, licenses: Licenses, item: Component, iri: str, by_digest: dict[str, str]) -> None:
    """Relate every ancestor to its direct descendant; one that is not in the document gets an element of its own."""
    chain: list[str] = [iri]
    for ancestor, depth in flattened(item.ancestors):
        del chain[depth:]
        known = by_digest.get(ancestor.sha256) if ancestor.sha256 else None
        target = known if known is not None and known != iri else _ancestor(graph, licenses, ancestor, iri)
        said = [f"{ancestor.relation.value}, {ancestor.grade.value} ({ancestor.source})"]
        said += [] if ancestor.score is None else [f"correlation {ancestor.score!r}"]
        said += [] if ancestor.license is None else [f"license {ancestor.license}"]
        comment = "; ".join([*said, *([ancestor.detail] if ancestor.detail else [])])
        graph.relate(target, "ancestorOf", [chain[-1]], comment=comment)
        chain.append(target)


def _ancestor(graph: SpdxGraph, licenses: Licenses, ancestor: Ancestor, descendant: str) -> str:
    iri = graph.add(
        "ai_AIPackage",
        f"ancestor-of-{descendant.rpartition('#')[2]}",
        name=ancestor.name,
        software_primaryPurpose="model",
        verifiedUsing=_hashes(ancestor.sha256, None),
        comment="Named as an ancestor; it is not part of what was scanned.",
    )
    if ancestor.license is not None:
        graph.relate(iri, "hasDeclaredLicense", [licenses.element(ancestor.license)])
    return iri


def _datasets(graph: SpdxGraph, item: Component, iri: str) -> None:
    if item.kind is not Kind.MODEL:
        return
    found = [
        graph.add(
            "dataset_DatasetPackage",
            f"dataset-of-{iri.rpartition('#')[2]}",
            name=name,
            dataset_datasetType=["noAssertion"],
            software_primaryPurpose="data",
            comment="Declared by the model; it is not part of what was scanned.",
        )
        for name in listed(item, "dataset")
    ]
    if found:
        graph.relate(iri, "trainedOn", found, comment="declared")


def _annotations(graph: SpdxGraph, item: Component, iri: str) -> None:
    for statement in _statements(item):
        graph.add(
            "Annotation",
            f"annotation-{iri.rpartition('#')[2]}",
            annotationType="review",
            subject=iri,
            contentType="text/plain",
            statement=statement,
        )


def _statements(item: Component) -> Iterator[str]:
    if item.assessment:
        grounds = [f"{concern.message} [{concern.check}, {concern.severity}]" for concern in item.concerns]
        yield " ".join([f"The assessment is {item.assessment}.", *grounds])
    verdict = item.verdict
    if verdict is not None:
        reasons = [f"{reason} [{name}]" for name, reason in verdict.rules]
        about = f"The verdict on {verdict.action} is {verdict.decision} under {verdict.policy} ({verdict.mode})."
        yield " ".join([about, *reasons])
    commercial = dict(reversed(item.licensing.terms)).get("commercial")
    if commercial is not None:
        yield " ".join([f"Commercial use of the weights: {commercial}.", *item.licensing.reasons])


def _gap(graph: SpdxGraph, gap: Gap) -> str:
    said = [
        ("weighbridge:unexamined", gap.reason),
        ("weighbridge:ref", gap.ref),
        ("weighbridge:member", gap.member or ""),
    ]
    return graph.add(
        "software_File",
        gap.ref,
        name=gap.path,
        software_fileKind="file",
        comment=f"Not examined: {gap.reason}",
        extension=extension([pair for pair in said if pair[1]]),
    )
