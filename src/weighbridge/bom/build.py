"""From a scan to the record of a bill of materials."""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import replace

from weighbridge.bom.build_license import licensing_of
from weighbridge.bom.canonical import canonical
from weighbridge.bom.component import (
    CONFIDENCE,
    Attribute,
    Bom,
    Component,
    Concern,
    Decided,
    Gap,
    Identity,
    Kind,
    Part,
    gap_key,
    sort_key,
)
from weighbridge.bom.distribution import Distribution, library
from weighbridge.bom.kinds import kind_of
from weighbridge.bom.naming import Naming, main_place, naming_of
from weighbridge.bom.places import Places
from weighbridge.bom.purl import generic, huggingface, oci
from weighbridge.bom.shards import Group, grouped
from weighbridge.bom.text import clean, shown
from weighbridge.licensing.own_names import is_generic
from weighbridge.model.ancestry import Ancestor, Relation
from weighbridge.model.artifact import Artifact, Scan
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Assessment, worst

UNNAMED = "unnamed"
MOST_ATTRIBUTES = 80
MOST_CONCERNS = 50
MOST_ANCESTORS = 32
DEEPEST_ANCESTOR = 6
_NAMESPACE = uuid.UUID("6a1f2f5e-2f0e-5d53-9a52-6f6f77626d21")
"""Fixed: name-based identifiers of this program are made in it."""


def from_scan(
    scan: Scan,
    places: Places,
    *,
    tool: str,
    name: str | None = None,
    timestamp: str | None = None,
    distributions: Iterable[Distribution] = (),
) -> Bom:
    """Return the record of everything that `scan` found, sorted, with unique references.

    Args:
        scan: complete or partial result.
        places: how paths are shown.
        tool: version of Weighbridge.
        name: what was scanned, in a few words; taken from the scanned paths if None.
        timestamp: ISO 8601, UTC, or None to leave the time out.
        distributions: Python distributions found beside the models.
    """
    components = [_component(group, places) for group in grouped(scan.artifacts)]
    components += [library(item) for item in distributions]
    references = _References()
    ordered = [_referenced(item, references) for item in _told_apart(sorted(components, key=_order))]
    gaps = sorted(
        {
            Gap(
                ref="",
                path=places.shown(item.path),
                reason=clean(item.reason) or "no reason given",
                member=clean(item.member or "") or None,
            )
            for item in scan.unexamined
        },
        key=gap_key,
    )
    verdicts = (artifact.verdict for artifact in scan.artifacts)
    return Bom(
        name=clean(name or places.title),
        tool=clean(tool),
        components=tuple(sorted(ordered, key=sort_key)),
        gaps=tuple(replace(gap, ref=references.take(_unknown(gap.path, gap.member, "gap"))) for gap in gaps),
        timestamp=timestamp,
        policy=next((clean(f"{item.policy} ({item.mode})") for item in verdicts if item is not None), ""),
        interrupted=scan.interrupted,
    )


def _component(group: Group, places: Places) -> Component:
    first = group.artifacts[0]
    naming = naming_of(first)
    name = (
        naming.name if naming.repository or naming.group else _spoken(clean(group.name or naming.name), first, places)
    )
    sha256 = group.sha256
    whole = group.name is None
    identities = [*naming.identities]
    digest = sha256 or first.claimed_sha256
    version = naming.version
    if not version and digest:
        version = f"sha256:{digest[:12]}"
        identities.append(_hash_identity("version", version, measured=sha256 is not None))
    if sha256 is not None:
        identities.append(_hash_identity("hash", sha256, measured=True))
    purl = _purl(naming, first, sha256 if whole else None)
    if purl is not None:
        by_store = not purl.startswith("pkg:generic/")
        identities.append(
            Identity(
                field="purl",
                value=purl,
                technique="manifest-analysis" if by_store else "hash-comparison",
                confidence=CONFIDENCE[Grade.DECLARED if by_store else Grade.MEASURED],
                source="what the store says of it" if by_store else "SHA-256 of the file",
            )
        )
    occurrences = {places.occurrence(place): None for artifact in group.artifacts for place in artifact.places}
    attributes = _attributes(fact for artifact in group.artifacts for fact in artifact.facts)
    missing = f"{group.missing} of {len(group.artifacts) + group.missing} shards are missing"
    concerns = [
        Concern(check=item.check, severity=item.severity.value, message=clean(item.message))
        for artifact in group.artifacts
        for item in artifact.findings
    ]
    assessment = worst(artifact.assessment for artifact in group.artifacts)
    if group.missing:
        concerns.append(Concern(check="unread", severity="medium", message=missing))
        assessment = worst((assessment, Assessment.INCOMPLETE))
    values = {item.name: item.value for item in reversed(attributes)}
    return Component(
        ref=f"sha256:{sha256}" if sha256 else _unknown(*_where(first, places)),
        kind=kind_of(first.format),
        name=name,
        group=naming.group,
        version=version,
        description=values.get("description", ""),
        producer=values.get("organization") or values.get("author") or (naming.group if naming.repository else ""),
        format=first.format,
        size=sum(item.size + sum(part.size for part in item.parts) for item in group.artifacts),
        sha256=sha256 if whole else None,
        blake3=first.blake3 if whole else None,
        claimed_sha256=first.claimed_sha256 if whole else None,
        purl=purl,
        parts=tuple(_parts(group, places)),
        occurrences=tuple(sorted(occurrences, key=lambda item: (item.path, item.member or ""))),
        identities=tuple(identities),
        attributes=attributes,
        licensing=licensing_of(first.license),
        ancestors=_ancestors(first),
        assessment=assessment.value,
        concerns=tuple(dict.fromkeys(concerns))[:MOST_CONCERNS],
        verdict=_decided(group),
    )


def _spoken(file: str, artifact: Artifact, places: Places) -> str:
    """Return the name of a loose file; one that says nothing (`model.safetensors`) stands behind its folder's name."""
    if not is_generic(file):
        return file
    path, member = _where(artifact, places)
    folder = (member or path).rpartition("/")[0].rpartition("/")[2]
    folder = folder or (places.title if member is None and places.rooted else "")
    return file if folder in ("", "~") else f"{folder}/{file}"


def _hash_identity(field: str, value: str, *, measured: bool) -> Identity:
    grade = Grade.MEASURED if measured else Grade.DECLARED
    source = "SHA-256 of the content" if measured else "digest that the store claims"
    return Identity(field=field, value=value, technique="hash-comparison", confidence=CONFIDENCE[grade], source=source)


def _purl(naming: Naming, artifact: Artifact, sha256: str | None) -> str | None:
    if naming.repository:
        return huggingface(naming.repository, naming.commit, naming.subpath)
    for fact in artifact.facts:
        if fact.name == "oci.manifest" and isinstance(fact.value, str) and "@sha256:" in fact.value:
            repository, _, digest = fact.value.rpartition("@sha256:")
            return oci(repository, digest, naming.version)
    if sha256 is None or kind_of(artifact.format) is Kind.FILE:
        return None
    return generic(naming.file or naming.name, sha256)


def _attributes(facts: Iterable[Fact]) -> tuple[Attribute, ...]:
    found = {
        Attribute(name=clean(fact.name, 80), value=shown(fact.value), grade=fact.grade, source=clean(fact.source, 200))
        for fact in facts
    }
    grades = tuple(Grade)
    ordered = sorted(found, key=lambda item: (item.name, grades.index(item.grade), item.source, item.value))
    return tuple(ordered[:MOST_ATTRIBUTES])


def _parts(group: Group, places: Places) -> Iterable[Part]:
    if group.name is not None:
        for artifact in group.artifacts:
            path, member = _where(artifact, places)
            yield Part(
                ref=f"sha256:{artifact.sha256}" if artifact.sha256 else _unknown(path, member),
                path=path if member is None else f"{path}!/{member}",
                size=artifact.size,
                sha256=artifact.sha256,
                blake3=artifact.blake3,
            )
    for artifact in group.artifacts:
        for part in sorted(artifact.parts, key=lambda part: part.path):
            path = places.shown(part.path)
            ref = f"sha256:{part.sha256}" if part.sha256 else _unknown(path, None)
            yield Part(ref=ref, path=path, size=part.size, sha256=part.sha256)


def _where(artifact: Artifact, places: Places) -> tuple[str, str | None]:
    place = main_place(artifact)
    if place is None:
        return "", None
    shown_place = places.occurrence(place)
    return shown_place.path, shown_place.member


def _ancestors(artifact: Artifact) -> tuple[Ancestor, ...]:
    if artifact.ancestry:
        return tuple(_bounded(ancestor, 1) for ancestor in artifact.ancestry[:MOST_ANCESTORS])
    return tuple(
        Ancestor(
            name=clean(name) or UNNAMED, relation=Relation.DERIVED, grade=Grade.DECLARED, source="declared base model"
        )
        for name in artifact.lineage[:MOST_ANCESTORS]
    )


def _bounded(ancestor: Ancestor, depth: int) -> Ancestor:
    parents = ancestor.parents[:MOST_ANCESTORS] if depth < DEEPEST_ANCESTOR else ()
    return replace(
        ancestor,
        name=clean(ancestor.name) or UNNAMED,
        source=clean(ancestor.source, 200),
        detail=clean(ancestor.detail),
        score=None if ancestor.score is None else round(ancestor.score, 6),
        parents=tuple(_bounded(parent, depth + 1) for parent in parents),
    )


def _decided(group: Group) -> Decided | None:
    order = ("allow", "warn", "pending", "deny")
    verdicts = [artifact.verdict for artifact in group.artifacts if artifact.verdict is not None]
    verdict = max(verdicts, key=lambda item: order.index(item.decision.value), default=None)
    if verdict is None:
        return None
    return Decided(
        decision=verdict.decision.value,
        action=clean(verdict.action),
        policy=clean(verdict.policy),
        mode=clean(verdict.mode),
        rules=tuple((clean(rule.id) or UNNAMED, clean(rule.reason)) for rule in verdict.rules),
    )


def _told_apart(components: list[Component]) -> list[Component]:
    """Add the file's name where several artifacts would have one name and version."""
    count: dict[tuple[str, str, str], int] = {}
    for item in components:
        key = (item.group, item.name, item.version)
        count[key] = count.get(key, 0) + 1
    told = []
    for item in components:
        file = item.occurrences[0].path.rpartition("/")[2] if item.occurrences else ""
        for place in item.occurrences:
            if "/blobs/" not in f"/{place.path}":
                file = (place.member or place.path).rpartition("/")[2]
                break
        several = count[item.group, item.name, item.version] > 1 and item.kind is not Kind.LIBRARY
        told.append(replace(item, name=f"{item.name}/{file}") if several and file and file != item.name else item)
    return told


def _order(component: Component) -> tuple[str, str, str, str, str]:
    path = component.occurrences[0].path if component.occurrences else ""
    return component.kind.value, component.group.lower(), component.name.lower(), path, component.ref


def _unknown(path: str, member: str | None, kind: str = "file") -> str:
    """Return a reference for what has no digest, made from where it lies."""
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, hashlib.sha256(canonical((kind, path, member)).encode()).hexdigest())}"


def _referenced(component: Component, references: "_References") -> Component:
    ref = references.take(component.ref)
    parts = tuple(replace(part, ref=references.take(part.ref)) for part in component.parts)
    return replace(component, ref=ref, parts=parts)


class _References:
    """Gives every reference once; a second one of the same content gets a number."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        number = self._taken.get(wanted, 0) + 1
        self._taken[wanted] = number
        return wanted if number == 1 else f"{wanted}#{number}"
