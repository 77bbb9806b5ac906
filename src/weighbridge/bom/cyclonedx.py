"""CycloneDX 1.7 JSON from the record, byte for byte the same for the same record.

Source: CycloneDX 1.7 (ECMA-424, second edition), JSON schema `bom-1.7.schema.json`.
"""

import json
import uuid
from collections.abc import Iterable
from typing import Any

from weighbridge.bom.component import Bom, Component, Gap, Kind
from weighbridge.bom.cyclonedx_claims import declarations, definitions
from weighbridge.bom.cyclonedx_model import model_card
from weighbridge.bom.license_names import spdx_expression, spdx_id
from weighbridge.bom.properties import pairs_of
from weighbridge.bom.text import web_address
from weighbridge.model.ancestry import Ancestor

SPEC_VERSION = "1.7"
ROOT_REF = "weighbridge:scanned"
_DOCUMENTS = uuid.UUID("3f0b5a4e-6d0c-5f37-8a55-2c1d7f3b9e10")
_TYPES = {Kind.MODEL: "machine-learning-model", Kind.DATA: "data", Kind.FILE: "file", Kind.LIBRARY: "library"}
_NATIVE = ("kind", "identity", "value", "technique", "confidence", "source")


def document(bom: Bom) -> dict[str, Any]:
    """Return `bom` as a CycloneDX document: plain values, ready to be written as JSON."""
    components = [_component(item) for item in bom.components] + [_gap(gap) for gap in bom.gaps]
    metadata: dict[str, Any] = {
        "lifecycles": [{"phase": "discovery"}],
        "tools": {
            "components": [
                {
                    "type": "application",
                    "bom-ref": "weighbridge:tool",
                    "name": "weighbridge",
                    "version": bom.tool,
                    "description": "Visibility and governance for AI that runs on the device",
                }
            ]
        },
        "component": {"type": "application", "bom-ref": ROOT_REF, "name": bom.name},
        "properties": _properties([("weighbridge:policy", bom.policy)] if bom.policy else [])
        + _properties([("weighbridge:interrupted", "true")] if bom.interrupted else []),
    }
    if bom.timestamp is not None:
        metadata = {"timestamp": bom.timestamp, **metadata}
    content: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.7.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPEC_VERSION,
        "version": 1,
        "metadata": metadata,
        "components": components,
        "dependencies": _dependencies(bom),
        "compositions": _compositions(bom),
        "declarations": declarations(bom),
        "definitions": definitions(),
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    serial = f"urn:uuid:{uuid.uuid5(_DOCUMENTS, text)}"
    return {key: value for key, value in _with_serial(content, serial) if value not in ([], {})}


def _with_serial(content: dict[str, Any], serial: str) -> Iterable[tuple[str, Any]]:
    for key, value in content.items():
        yield key, value
        if key == "specVersion":
            yield "serialNumber", serial


def _component(item: Component) -> dict[str, Any]:
    hashes = _hashes(item.sha256, item.blake3)
    values: dict[str, Any] = {
        "type": _TYPES[item.kind],
        "bom-ref": item.ref,
        "manufacturer": {"name": item.producer} if item.producer else None,
        "group": item.group,
        "name": item.name,
        "version": item.version,
        "description": item.description,
        "hashes": hashes,
        "licenses": _licenses(item),
        "purl": item.purl,
        "pedigree": _pedigree(item),
        "externalReferences": _references(item),
        "components": [
            {
                "type": "file",
                "bom-ref": part.ref,
                "name": part.path,
                **({"hashes": _hashes(part.sha256, part.blake3)} if part.sha256 else {}),
                "properties": _properties([("weighbridge:size", str(part.size))]),
            }
            for part in item.parts
        ],
        "evidence": _evidence(item),
        "modelCard": model_card(item) if item.kind is Kind.MODEL else None,
        "properties": _properties(_own_pairs(item)),
    }
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def _own_pairs(item: Component) -> Iterable[tuple[str, str]]:
    """Leave out what `evidence.identity` holds whole."""
    inside = False
    for name, value in pairs_of(item):
        short = name.removeprefix("weighbridge:")
        inside = short == "identity" or (inside and short in _NATIVE)
        if not inside:
            yield name, value


def _hashes(sha256: str | None, blake3: str | None) -> list[dict[str, str]]:
    found = (("SHA-256", sha256), ("BLAKE3", blake3))
    return [{"alg": name, "content": value} for name, value in found if value]


def _licenses(item: Component) -> list[dict[str, Any]]:
    """Declared licenses, each once with all its sources, then the concluded one; an address is a reference instead."""
    licensing = item.licensing
    sources: dict[str, list[tuple[str, str]]] = {}
    for statement in licensing.declared:
        if web_address(statement.value) is None:
            name = spdx_id(statement.value) or statement.value
            sources.setdefault(name, []).append(("weighbridge:source", statement.source))
    found = [_license(name, "declared", pairs) for name, pairs in sources.items()]
    if licensing.concluded is not None:
        how = [("weighbridge:method", licensing.method or ""), ("weighbridge:confidence", licensing.confidence or "")]
        found.append(_license(licensing.concluded, "concluded", how))
    return found


def _license(value: str, acknowledgement: str, pairs: list[tuple[str, str]]) -> dict[str, Any]:
    properties = _properties([pair for pair in pairs if pair[1]])
    rest: dict[str, Any] = {"acknowledgement": acknowledgement}
    if properties:
        rest["properties"] = properties
    known = spdx_id(value)
    if known is not None:
        return {"license": {"id": known, **rest}}
    expression = spdx_expression(value)
    if expression is not None:
        return {"expression": expression, **rest}
    return {"license": {"name": value, **rest}}


def _pedigree(item: Component) -> dict[str, Any] | None:
    if not item.ancestors:
        return None
    return {"ancestors": [_ancestor(ancestor) for ancestor in item.ancestors]}


def _ancestor(ancestor: Ancestor) -> dict[str, Any]:
    group, _, name = ancestor.name.rpartition("/")
    said = [
        ("weighbridge:relation", ancestor.relation.value),
        ("weighbridge:grade", ancestor.grade.value),
        ("weighbridge:source", ancestor.source),
        ("weighbridge:score", "" if ancestor.score is None else repr(ancestor.score)),
        ("weighbridge:share", "" if ancestor.share is None else repr(ancestor.share)),
        ("weighbridge:residual", "" if ancestor.residual is None else repr(ancestor.residual)),
        ("weighbridge:detail", ancestor.detail),
    ]
    values: dict[str, Any] = {
        "type": "machine-learning-model",
        "group": group if name else "",
        "name": name or ancestor.name,
        "hashes": _hashes(ancestor.sha256, None),
        "licenses": [_license(ancestor.license, "declared", [])] if ancestor.license is not None else [],
        "pedigree": {"ancestors": [_ancestor(parent) for parent in ancestor.parents]} if ancestor.parents else None,
        "properties": _properties([pair for pair in said if pair[1]]),
    }
    return {key: value for key, value in values.items() if value not in (None, "", [])}


def _references(item: Component) -> list[dict[str, str]]:
    """Addresses that the artifact or its card states; nobody has followed them."""
    found = {}
    for name, kind in (("source_url", "distribution"), ("license.link", "license"), ("doi", "documentation")):
        for value in item.values(name):
            address = web_address(value if name != "doi" or "://" in value else f"https://doi.org/{value}")
            if address is not None:
                found[address] = {"type": kind, "url": address}
    for statement in item.licensing.declared:
        if web_address(statement.value) is not None:
            found[statement.value] = {"type": "license", "url": statement.value}
    return [found[address] for address in sorted(found)]


def _evidence(item: Component) -> dict[str, Any]:
    by_field: dict[str, list[dict[str, Any]]] = {}
    for identity in item.identities:
        by_field.setdefault(identity.field, []).append(
            {
                "field": identity.field,
                "confidence": identity.confidence,
                "concludedValue": identity.value,
                "methods": [
                    {"technique": identity.technique, "confidence": identity.confidence, "value": identity.source}
                ],
                "tools": ["weighbridge:tool"],
            }
        )
    occurrences = []
    for place in item.occurrences:
        said = ": ".join(word for word in (place.store, place.store_name) if word)
        occurrences.append(
            {
                "location": place.path,
                **({"symbol": place.member} if place.member else {}),
                **({"additionalContext": said} if said else {}),
            }
        )
    texts = [
        _text(text.license or "license text", text.sha256, text.source, text.likeness) for text in item.licensing.texts
    ]
    found = {"identity": [one for many in by_field.values() for one in many], "occurrences": occurrences}
    return {key: value for key, value in {**found, "licenses": texts}.items() if value}


def _text(name: str, sha256: str, source: str, likeness: str) -> dict[str, Any]:
    properties = [
        ("weighbridge:text:sha256", sha256),
        ("weighbridge:source", source),
        ("weighbridge:likeness", likeness),
    ]
    # Only the whole text of a license, unaltered, is that license; anything else is just a text that resembles it.
    known = spdx_id(name) if likeness in ("exact", "contained") else None
    title: dict[str, Any] = {"id": known} if known is not None else {"name": name}
    return {"license": {**title, "properties": _properties(properties)}}


def _gap(gap: Gap) -> dict[str, Any]:
    said = [("weighbridge:unexamined", gap.reason)] + ([("weighbridge:member", gap.member)] if gap.member else [])
    return {"type": "file", "bom-ref": gap.ref, "name": gap.path, "properties": _properties(said)}


def _dependencies(bom: Bom) -> list[dict[str, Any]]:
    by_digest = {item.sha256: item.ref for item in reversed(bom.components) if item.sha256}
    found = [{"ref": ROOT_REF, "dependsOn": sorted(item.ref for item in bom.components)}]
    for item in sorted(bom.components, key=lambda item: item.ref):
        needs = {by_digest[ancestor.sha256] for ancestor in item.ancestors if ancestor.sha256 in by_digest}
        if needs - {item.ref}:
            found.append({"ref": item.ref, "dependsOn": sorted(needs - {item.ref})})
    return found


def _compositions(bom: Bom) -> list[dict[str, Any]]:
    """Say of every assembly whether all of it is here: unexamined files make the whole incomplete."""
    gaps = [gap.ref for gap in bom.gaps]
    partial = sorted(item.ref for item in bom.components if item.assessment == "incomplete")
    whole = "incomplete" if gaps or partial or bom.interrupted else "complete"
    found: list[dict[str, Any]] = [{"aggregate": whole, "assemblies": [ROOT_REF]}]
    if gaps or partial:
        found.append({"aggregate": "incomplete", "assemblies": sorted([*gaps, *partial])})
    return found


def _properties(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]
