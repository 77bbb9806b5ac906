"""The elements of an SPDX document, each with its own address, in an order that depends on their content alone.

Source: SPDX specification 3.0.1, core and extension profiles.
"""

from collections.abc import Iterable
from typing import Any

from weighbridge.bom.component import Bom
from weighbridge.bom.properties import Pair

SPEC_VERSION = "3.0.1"
CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
NO_TIME = "1970-01-01T00:00:00Z"
_CREATION = "_:creation"
_RANK = {
    "SpdxDocument": 0,
    "software_Sbom": 1,
    "SoftwareAgent": 2,
    "Tool": 2,
    "Relationship": 7,
    "Annotation": 8,
}
"""Order in the document: what it is about first, how things relate last."""


class SpdxGraph:
    """The elements of a document, each with its own address."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._elements: list[dict[str, Any]] = []
        self._taken: dict[str, int] = {}
        self._head: list[dict[str, Any]] = []

    def iri(self, ref: str) -> str:
        """Return the address of an element for its reference in the record."""
        plain = "".join(character if character.isalnum() and character.isascii() else "-" for character in ref)
        return f"{self._prefix}#{plain}"

    def add(self, kind: str, ref: str, /, **fields: object) -> str:
        """Add an element and return its address; a reference that is taken gets a number."""
        iri = self.iri(ref)
        number = self._taken.get(iri, 0) + 1
        self._taken[iri] = number
        iri = iri if number == 1 else f"{iri}.{number}"
        kept = {name: value for name, value in fields.items() if value not in (None, "", [], ())}
        self._elements.append({"type": kind, "spdxId": iri, "creationInfo": _CREATION, **kept})
        return iri

    def relate(self, source: str, kind: str, targets: Iterable[str], **fields: object) -> None:
        """Add a relationship."""
        ordered = sorted(dict.fromkeys(targets))
        ref = f"relationship-{source.rpartition('#')[2]}-{kind}"
        self.add("Relationship", ref, relationshipType=kind, to=ordered, **{"from": source}, **fields)

    def add_creation(self, bom: Bom) -> None:
        """Add who made the document, with what and when."""
        agent = self.add("SoftwareAgent", "agent", name="Weighbridge")
        tool = self.add("Tool", "tool", name=f"weighbridge {bom.tool}")
        creation: dict[str, Any] = {
            "type": "CreationInfo",
            "@id": _CREATION,
            "created": bom.timestamp or NO_TIME,
            "createdBy": [agent],
            "createdUsing": [tool],
            "specVersion": SPEC_VERSION,
        }
        if bom.timestamp is None:
            creation["comment"] = "No time was given; the document depends on its content alone."
        self._head.append(creation)

    def finish(self, bom: Bom, root: str, said: list[Pair]) -> dict[str, Any]:
        """Return the whole document."""
        members = sorted(element["spdxId"] for element in self._elements)
        # `extension` is used too, but the 3.0.1 context reads that word as the property, so it cannot be claimed.
        profiles = ["ai", "core", "dataset", "simpleLicensing", "software"]
        sbom = self.add(
            "software_Sbom",
            "bom",
            name=bom.name,
            software_sbomType=["analyzed"],
            rootElement=[root],
            element=members,
            profileConformance=profiles,
            extension=extension(said),
        )
        self.add(
            "SpdxDocument",
            "document",
            name=bom.name,
            rootElement=[sbom],
            element=sorted([sbom, *members]),
            profileConformance=profiles,
        )
        ordered = sorted(self._elements, key=lambda element: (_RANK.get(element["type"], 5), element["spdxId"]))
        return {"@context": CONTEXT, "@graph": self._head + ordered}


def extension(pairs: list[Pair]) -> list[dict[str, Any]]:
    """Return properties as the extension profile carries them, nothing if there are none."""
    if not pairs:
        return []
    entries = [
        {"type": "extension_CdxPropertyEntry", "extension_cdxPropName": name, "extension_cdxPropValue": value}
        for name, value in pairs
    ]
    return [{"type": "extension_CdxPropertiesExtension", "extension_cdxProperty": entries}]
