"""The record from an SPDX 2.x document in JSON.

Source: SPDX 2.3 JSON schema (`packages`, `files`, `relationships`, `creationInfo`).
"""

from typing import Any

from weighbridge.bom.component import Bom, Component, Kind, Licensing, Statement
from weighbridge.bom.values import digest, items, mapping, text

_NOTHING = ("", "NOASSERTION", "NONE")


def read_spdx2(document: dict[str, Any]) -> Bom:
    """Return the record of an SPDX 2.x document: packages and files, with digests and licenses."""
    creation = mapping(document.get("creationInfo"))
    creators = [text(one) for one in items(creation.get("creators"))]
    tools = [one.removeprefix("Tool:").strip() for one in creators if one.startswith("Tool:")]
    return Bom(
        foreign=True,
        name=text(document.get("name")),
        tool=next(iter(tools), ""),
        timestamp=text(creation.get("created")) or None,
        components=tuple(
            [_component(mapping(one), file=False) for one in items(document.get("packages"))]
            + [_component(mapping(one), file=True) for one in items(document.get("files"))]
        ),
    )


def _component(one: dict[str, Any], *, file: bool) -> Component:
    hashes = {
        text(mapping(value).get("algorithm")): text(mapping(value).get("checksumValue"))
        for value in items(one.get("checksums"))
    }
    declared = text(one.get("licenseDeclared"))
    concluded = text(one.get("licenseConcluded"))
    references = [mapping(value) for value in items(one.get("externalRefs"))]
    purls = [text(value.get("referenceLocator")) for value in references if value.get("referenceType") == "purl"]
    producer = text(one.get("supplier")) or text(one.get("originator"))
    return Component(
        ref=text(one.get("SPDXID")),
        kind=Kind.FILE if file else Kind.LIBRARY,
        name=(text(one.get("fileName")) if file else text(one.get("name"))).removeprefix("./"),
        version=text(one.get("versionInfo")),
        description=text(one.get("description")),
        producer="" if producer in _NOTHING else producer.partition(":")[2].strip() or producer,
        sha256=digest(hashes.get("SHA256")),
        purl=next(filter(None, purls), None),
        licensing=Licensing(
            declared=() if declared in _NOTHING else (Statement(value=declared, source="stated by the document"),),
            concluded=None if concluded in _NOTHING else concluded,
        ),
    )
