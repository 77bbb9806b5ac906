"""From an artifact to the attributes that rules ask about.

In: an artifact and the facts of the policy file (sources, production paths, acceptances). Out: attribute values by
path, each of its vocabulary type, whatever the artifact holds. The best grade of a fact counts: measured before
signed before declared.
"""

import datetime
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from weighbridge.model.artifact import Artifact, Repository
from weighbridge.model.fact import FactValue, Grade
from weighbridge.model.finding import Assessment, Severity, worst
from weighbridge.model.place import Place, display
from weighbridge.policy.capability import CODE_CAPABLE_FORMATS, CODE_CHECKS
from weighbridge.policy.settings import Settings, Source
from weighbridge.policy.vocabulary import UNKNOWN, Value

_LONGEST_TEXT = 1000
_MOST_ITEMS = 1000
_LARGEST = 2**63 - 1
_GRADES = {Grade.MEASURED: 0, Grade.SIGNED: 1, Grade.DECLARED: 2}
_THRESHOLDS = {
    "license.effective.revenue_threshold": {"annual_revenue_usd": 1, "monthly_revenue_usd": 12},
    "license.effective.user_threshold": {"daily_active_users": 1, "monthly_active_users": 1},
}
"""Attribute to the metrics that it stands for, each with its factor."""
_SEVERITIES = tuple(Severity)


def artifact_attributes(
    artifact: Artifact,
    settings: Settings,
    accepted: frozenset[str] = frozenset(),
    around: Mapping[bytes, Assessment] = MappingProxyType({}),
) -> dict[str, Value]:
    """Return the value of every Artifact attribute; those that are not known and may be absent are absent.

    Args:
        artifact: complete but for its verdict.
        settings: the policy file.
        accepted: digests that the policy accepts, see `accepted_digests`.
        around: the assessment of the model repository that a path lies in, see `surroundings`.
    """
    facts = _best_facts(artifact)
    severity = max((finding.severity for finding in artifact.findings), key=_SEVERITIES.index, default=None)
    checks = {finding.check for finding in artifact.findings}
    terms = artifact.license
    values: dict[str, Value] = {
        "accepted": artifact.sha256 is not None and artifact.sha256.lower() in accepted,
        "architecture": _text(facts.get("architecture")).lower(),
        "assessment": str(artifact.assessment),
        "author": _text(facts.get("author")),
        "base_models": _texts(artifact.lineage),
        "catalog.data_classes": (),
        "catalog.state": "none",
        "checks": _texts(checks),
        "code_capable": artifact.format in CODE_CAPABLE_FORMATS,
        "digest.claimed": _text(artifact.claimed_sha256),
        "digest.sha256": _text(artifact.sha256).lower(),
        "digest.status": _digest_status(artifact),
        "findings": len(artifact.findings),
        "format": _text(artifact.format),
        "in_archive": any(place.member is not None for place in artifact.places),
        "license.concluded": _text(terms.concluded).lower(),
        "license.confidence": "none" if terms.confidence is None else str(terms.confidence),
        "license.declared": _texts(declared.value.strip().lower() for declared in terms.declared),
        "license.effective.commercial": str(terms.commercial),
        "license.effective.derivative_terms": _texts(terms.effective.derivative_terms),
        "license.effective.obligations": _texts(terms.effective.obligations),
        "license.effective.output_training": terms.effective.output_training,
        "license.effective.outputs": str(terms.effective.outputs),
        "license.effective.production": str(terms.effective.production),
        "license.effective.regions_excluded": _texts(terms.effective.regions_excluded),
        "license.effective.use_policy": terms.effective.use_policy,
        "license.method": terms.method or "none",
        "name": _text(facts.get("name")),
        "production": any(_below(display(place.path), settings.production_paths) for place in artifact.places),
        "publishers": _texts(filter(None, map(publisher, artifact.places))),
        "quantization": _text(facts.get("quantization")).lower(),
        "repository.assessment": _repository(artifact, around),
        "runs_code": not checks.isdisjoint(CODE_CHECKS),
        "severity": "none" if severity is None else str(severity),
        "severity_rank": 0 if severity is None else _SEVERITIES.index(severity) + 1,
        "size": _number(artifact.size) or 0,
        "source.accepted": any(_matches(source, place) for source in settings.sources for place in artifact.places),
        "source.known": "source_url" in facts or any(place.store_name for place in artifact.places),
        "source.url": _text(facts.get("source_url")),
        "stores": _texts(place.store for place in artifact.places if place.store),
        "techniques": _texts(finding.atlas for finding in artifact.findings if finding.atlas),
        "version": _text(facts.get("version")),
    }
    for name in ("context_length", "parameters"):
        number = _number(facts.get(name))
        if number is not None:
            values[name] = number
    for name, metrics in _THRESHOLDS.items():
        sizes = [item.above * metrics[item.metric] for item in terms.effective.thresholds if item.metric in metrics]
        if sizes:
            values[name] = min(sizes)
    if terms.effective.thresholds and values.keys().isdisjoint(_THRESHOLDS):
        values["license.effective.revenue_threshold"] = 1  # in another currency or unit: somebody has to compare
    return values


def accepted_digests(settings: Settings, day: datetime.date | None) -> frozenset[str]:
    """Return the digests that the policy accepts on `day`, in lower case; without a day only those that never run out.

    They are compared with measured digests only: a claim is not the bytes that somebody looked at.
    """
    return frozenset(
        acceptance.sha256.lower()
        for acceptance in settings.accepted
        if acceptance.until is None or (day is not None and day <= acceptance.until)
    )


def surroundings(repositories: Iterable[Repository]) -> dict[bytes, Assessment]:
    """Return, by path of an artifact, the worst assessment of the repositories that it lies in."""
    around: dict[bytes, Assessment] = {}
    for repository in repositories:
        for path in repository.artifacts:
            around[path] = worst((repository.assessment, around.get(path, repository.assessment)))
    return around


def publisher(place: Place) -> str | None:
    """Return who a store says published what lies at `place` (`org` of `org/name@revision`), in lower case."""
    owner, slash, _ = (place.store_name or "").partition("/")
    return owner.lower() if slash and owner else None


def nested(values: Mapping[str, Value]) -> dict[str, Any]:
    """Return `values` as Cedar takes them: dotted paths as records, sets as lists."""
    record: dict[str, Any] = {}
    for path, value in values.items():
        *outer, last = path.split(".")
        at = record
        for name in outer:
            at = at.setdefault(name, {})
        at[last] = list(value) if isinstance(value, tuple) else value
    return record


def _repository(artifact: Artifact, around: Mapping[bytes, Assessment]) -> str:
    found = [around[place.path] for place in artifact.places if place.path in around]
    return str(worst(found)) if found else "none"


def _best_facts(artifact: Artifact) -> dict[str, FactValue]:
    best: dict[str, tuple[int, FactValue]] = {}
    for fact in artifact.facts:
        rank = _GRADES[fact.grade]
        if fact.value not in (None, "", ()) and (fact.name not in best or rank < best[fact.name][0]):
            best[fact.name] = (rank, fact.value)
    return {name: value for name, (_, value) in best.items()}


def _text(value: FactValue) -> str:
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, tuple):
        value = ", ".join(str(item) for item in value[:_MOST_ITEMS])
    return _sound(value if isinstance(value, str) else str(value))


def _texts(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({_sound(value) for value in values if value}))[:_MOST_ITEMS]


def _sound(text: str) -> str:
    """Return `text` short and in characters that Cedar takes (no lone surrogates)."""
    return text[:_LONGEST_TEXT].encode("utf-8", "replace").decode("utf-8")


def _number(value: FactValue) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return min(max(value, -_LARGEST), _LARGEST)


def _digest_status(artifact: Artifact) -> str:
    if artifact.sha256 is None:
        return "none" if artifact.claimed_sha256 is None else "claimed"
    if artifact.claimed_sha256 is None:
        return "measured"
    return "verified" if artifact.sha256.lower() == artifact.claimed_sha256.lower() else "mismatch"


def _matches(source: Source, place: Place) -> bool:
    if source.path is not None and not _below(display(place.path), (source.path,)):
        return False
    if source.store is not None and source.store != place.store:
        return False
    if not source.publishers:
        return True
    owner = publisher(place)
    return owner is not None and any(name in ("*", owner) for name in map(str.lower, source.publishers))


def _below(path: str, folders: Iterable[str]) -> bool:
    normal = path.replace("\\", "/")
    normal_folders = (folder.replace("\\", "/").rstrip("/") for folder in folders)
    return any(normal == folder or normal.startswith(folder + "/") for folder in normal_folders)
