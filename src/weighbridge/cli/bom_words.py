"""Bills of materials in words: a summary line, a comparison, a score; and the two as JSON."""

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from weighbridge.report.escape import visible
from weighbridge.report.words import counted

if TYPE_CHECKING:
    from weighbridge.bom.component import Bom, Component
    from weighbridge.bom.difference import Difference
    from weighbridge.bom.score import ClusterScore, Score

_MARKS = {"digest": "content", "lineage": "ancestors"}
_DIGITS = 12
_BAR = 10
_WIDTH = 100
_WIDTH_OF_BARS = 82
"""Narrower terminals get numbers only."""


def summary(bom: "Bom") -> str:
    """Return what a document holds in one line: `bill of materials of 16 models, 3 files`."""
    from weighbridge.bom.component import Kind

    words = {
        Kind.MODEL: ("model", "models"),
        Kind.DATA: ("data file", "data files"),
        Kind.FILE: ("file", "files"),
        Kind.LIBRARY: ("library", "libraries"),
    }
    counts = {kind: sum(1 for item in bom.components if item.kind is kind) for kind in words}
    said = [counted(count, *words[kind]) for kind, count in counts.items() if count] or ["nothing"]
    if bom.gaps:
        said.append(f"{len(bom.gaps)} not examined")
    return f"bill of materials of {', '.join(said)}"


def difference_lines(found: "Difference") -> Iterator[str]:
    """Yield a comparison for a person."""
    if found.empty:
        yield f"✓ no difference ({counted(found.same, 'component')})"
        return
    for title, mark, items in (("added", "+", found.added), ("removed", "-", found.removed)):
        if items:
            yield f"{title} {len(items)}"
            yield from (f"  {mark} {_line(item)}" for item in items)
    if found.changed:
        yield f"changed {len(found.changed)}"
        for changed in found.changed:
            yield f"  ~ {_line(changed.after)}"
            for change in changed.changes:
                before, after = (_short(change.what, value) for value in (change.before, change.after))
                yield f"      {_MARKS.get(change.what, change.what):<10} {before} → {after}"
    yield f"unchanged {found.same}"


def _line(item: "Component") -> str:
    from weighbridge.bom.difference import called, license_of

    said = [visible(called(item), 80), visible(item.version, 44), visible(license_of(item) or "no license", 60)]
    if item.verdict is not None:
        said.append(visible(item.verdict.decision, 20))
    return "  ".join(word for word in said if word)


def _short(what: str, value: str) -> str:
    if not value:
        return "none"
    return value[:_DIGITS] if what == "digest" else visible(value, 120)


def difference_document(found: "Difference") -> dict[str, Any]:
    """Return a comparison as `weighbridge.bom-diff/1`."""
    return {
        "schema": "weighbridge.bom-diff/1",
        "added": [_document(item) for item in found.added],
        "removed": [_document(item) for item in found.removed],
        "changed": [
            {
                **_document(changed.after),
                "changes": [
                    {"what": change.what, "before": change.before, "after": change.after} for change in changed.changes
                ],
            }
            for changed in found.changed
        ],
        "unchanged": found.same,
    }


def _document(item: "Component") -> dict[str, Any]:
    from weighbridge.bom.difference import called, license_of

    return {
        "name": called(item),
        "version": item.version,
        "sha256": item.sha256,
        "purl": item.purl,
        "license": license_of(item),
        "verdict": item.verdict.decision if item.verdict is not None else None,
    }


def score_lines(found: "Score", title: str, *, from_file: bool = False, width: int = _WIDTH) -> Iterator[str]:
    """Yield a score for a person, in lines of at most `width` columns (from 40)."""
    width = min(width, _WIDTH)
    yield f"{visible(title, 80)}: {counted(found.models, 'model')}"
    yield ""
    if width < _WIDTH_OF_BARS:
        yield "SBOM for AI, G7 minimum elements"
        yield f"{'':<26}{'found':>6}{'checked':>8}"
    else:
        yield f"{'SBOM for AI, minimum elements of the G7':<42}{'covered':>9}   checked"
    for cluster in (*found.clusters, found.verification):
        yield _cluster_line(cluster, bars=width >= _WIDTH_OF_BARS)
    yield ""
    total = f"Coverage {found.covered} of {found.elements} elements. Verified completeness {found.verified:.0%}."
    yield from wrap(total, width)
    for cluster in found.clusters:
        missing = [_without_subject(item.element.label) for item in cluster.found if not item.share]
        if missing:
            yield from wrap(f"Missing in {cluster.title.lower()}: {', '.join(missing)}.", width, subsequent_indent="  ")
    if from_file:
        said = "Another tool wrote this document: what it states counts as declared, its digests were not checked."
        yield from wrap(said, width)


def _without_subject(label: str) -> str:
    """Return an element's label without the word that its cluster's title says already."""
    subject, _, rest = label.partition(" ")
    return rest if subject in ("SBOM", "System", "Model", "Dataset", "Infrastructure") else label[0].lower() + label[1:]


def _cluster_line(cluster: "ClusterScore", *, bars: bool) -> str:
    total = len(cluster.found)
    verified = sum(item.verified for item in cluster.found) / total
    if not bars:
        return f"{cluster.title:<26}{f'{cluster.covered}/{total}':>6}{verified:>8.0%}"
    full = round(verified * _BAR)
    partly = f" (+{cluster.partly} partly)" if cluster.partly else ""
    covered = f"{cluster.covered}/{total}"
    return f"{cluster.title:<42}{covered:>9}   {'█' * full}{'░' * (_BAR - full)} {verified:>4.0%}{partly}"


def score_document(found: "Score") -> dict[str, Any]:
    """Return a score as `weighbridge.bom-score/1`."""
    return {
        "schema": "weighbridge.bom-score/1",
        "models": found.models,
        "coverage": {"covered": found.covered, "elements": found.elements},
        "verified_completeness": round(found.verified, 4),
        "clusters": [_cluster_document(cluster) for cluster in found.clusters],
        "verification": _cluster_document(found.verification),
    }


def _cluster_document(cluster: "ClusterScore") -> dict[str, Any]:
    return {
        "title": cluster.title,
        "covered": cluster.covered,
        "partly": cluster.partly,
        "elements": [
            {
                "id": item.element.notation,
                "label": item.element.label,
                "share": round(item.share, 4),
                "verified": round(item.verified, 4),
                "grade": item.grade.value if item.grade is not None else None,
            }
            for item in cluster.found
        ],
    }
