"""Checks of a document that was just written: what schemas cannot say, and what other tools get wrong.

References are unique and lead somewhere, hashes have the length of their algorithm, license ids are listed ones.
"""

from collections.abc import Iterator
from typing import Any

from weighbridge.bom.license_names import spdx_expression, spdx_id

_LENGTHS = {"SHA-256": 64, "BLAKE3": 64, "sha256": 64, "blake3": 64}
_INDIVIDUALS = frozenset({"expandedlicensing_NoAssertionLicense", "expandedlicensing_NoneLicense", "_:creation"})
_LISTED = ("dependsOn", "claims", "counterClaims", "assemblies", "evidence", "counterEvidence", "tools")
_SINGLE = ("ref", "target", "assessor", "requirement")
_SPDX_LISTED = ("to", "element", "rootElement", "originatedBy", "createdBy", "createdUsing")
_SPDX_SINGLE = ("from", "subject", "suppliedBy", "creationInfo")


def problems(document: dict[str, Any]) -> tuple[str, ...]:
    """Return what is wrong with a CycloneDX or SPDX document of ours, sorted; nothing if all is well."""
    found = _spdx(document) if "@graph" in document else _cyclonedx(document)
    return tuple(sorted(set(found)))


def _cyclonedx(document: dict[str, Any]) -> Iterator[str]:
    known: set[str] = set()
    wanted: set[str] = set()
    for key, value in _walk(document):
        if key == "bom-ref":
            if value in known:
                yield f"reference {value} occurs twice"
            known.add(value)
        elif key in _SINGLE and isinstance(value, str):
            wanted.add(value)
        elif key in _LISTED and isinstance(value, list):
            wanted.update(item for item in value if isinstance(item, str))
        elif key == "hashes":
            yield from _hashes((item["alg"], item["content"]) for item in value)
        elif key == "license" and "id" in value and spdx_id(value["id"]) != value["id"]:
            yield f"{value['id']} is no listed license"
        elif key == "expression" and spdx_expression(value) != value:
            yield f"{value} is no expression of listed licenses"
    yield from (f"reference {ref} leads nowhere" for ref in wanted - known)


def _spdx(document: dict[str, Any]) -> Iterator[str]:
    known: set[str] = set(_INDIVIDUALS)
    for element in document["@graph"]:
        ref = element.get("spdxId")
        if ref in known:
            yield f"reference {ref} occurs twice"
        if ref is not None:
            known.add(ref)
    for element in document["@graph"]:
        targets = [element[key] for key in _SPDX_SINGLE if key in element]
        targets += [target for key in _SPDX_LISTED for target in element.get(key, ())]
        yield from (f"reference {ref} leads nowhere" for ref in targets if ref not in known)
        yield from _hashes((one["algorithm"], one["hashValue"]) for one in element.get("verifiedUsing", ()))


def _hashes(pairs: Iterator[tuple[str, str]]) -> Iterator[str]:
    for algorithm, value in pairs:
        if len(value) != _LENGTHS.get(algorithm, -1) or set(value) - set("0123456789abcdef"):
            yield f"{algorithm} {value} is no such digest"


def _walk(value: object) -> Iterator[tuple[str, Any]]:
    """Yield every key with its value, at all levels; our own documents are not deep."""
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            yield from current.items()
            waiting.extend(current.values())
        elif isinstance(current, list):
            waiting.extend(current)
