"""From files that were looked at to artifacts: one per content, with all its places."""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace

from weighbridge.checks.assess import assess, judge
from weighbridge.checks.check import Subject
from weighbridge.host.machine import Digests
from weighbridge.model.artifact import Artifact, Part
from weighbridge.model.fact import Fact
from weighbridge.model.finding import Finding, worst
from weighbridge.model.observation import DigestMismatch, Observation, Unread
from weighbridge.model.place import Place, display
from weighbridge.model.record import draft
from weighbridge.pipeline.examined import Examined, Outcome
from weighbridge.pipeline.inner_parts import MISSING


@draft
class Sighting:
    """One file at one place (and the links to it), with what looking at it gave."""

    path: bytes
    identity: tuple[int, int]
    """Device and inode: hard links share it."""
    outcome: Outcome
    store: str | None = None
    store_name: str | None = None
    claimed_sha256: str | None = None
    facts: tuple[Fact, ...] = ()
    """What the store and the repository say; grade `declared`."""
    links: list[Place] = field(default_factory=list)
    parts: tuple[Part, ...] = ()
    missing_parts: tuple[str, ...] = ()


@draft
class _Gathered:
    piece: Examined
    sha256: str | None = None
    blake3: str | None = None
    claimed_sha256: str | None = None
    places: dict[tuple[bytes, str | None], Place] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    findings: dict[Finding, None] = field(default_factory=dict)
    parts: dict[bytes, Part] = field(default_factory=dict)
    holds_model: bool = False


def assemble(sightings: Iterable[Sighting], digests: Mapping[bytes, Digests]) -> tuple[Artifact, ...]:
    """Return the artifacts of `sightings`, joined by digest, or by claim or inode where nothing was hashed.

    Args:
        sightings: one per path.
        digests: measured digests by path; paths that could not or should not be hashed are absent.
    """
    gathered: dict[tuple[object, ...], _Gathered] = {}
    for sighting in sightings:
        measured = digests.get(sighting.path)
        for piece in sighting.outcome.examined:
            if piece.is_artifact:
                key = _key(sighting, piece, measured)
                _add(gathered.setdefault(key, _Gathered(piece=piece)), sighting, piece, measured)
    return tuple(
        sorted(
            (_artifact(group) for group in gathered.values()),
            key=lambda item: (item.places[0].path, item.places[0].member or ""),
        )
    )


def _key(sighting: Sighting, piece: Examined, measured: Digests | None) -> tuple[object, ...]:
    if piece.member is not None:
        return ("sha256", piece.sha256) if piece.sha256 else (*sighting.identity, piece.member)
    if measured is not None:
        return ("sha256", measured.sha256)
    return ("claimed", sighting.claimed_sha256) if sighting.claimed_sha256 else sighting.identity


def _add(group: _Gathered, sighting: Sighting, piece: Examined, measured: Digests | None) -> None:
    whole = piece.member is None
    if whole and measured is not None:
        group.sha256, group.blake3 = measured.sha256, measured.blake3
    elif not whole:
        group.sha256 = piece.sha256
    if piece.holds_model and not group.holds_model:
        group.piece, group.holds_model = piece, True
    place = Place(path=sighting.path, member=piece.member, store=sighting.store, store_name=sighting.store_name)
    for seen in (place, *(sighting.links if whole else ())):
        group.places[seen.path, seen.member] = seen
    for fact in (*piece.facts, *(sighting.facts if whole else ())):
        group.facts[repr(fact)] = fact
    _add_findings(group, piece.findings)
    if whole:
        group.claimed_sha256 = group.claimed_sha256 or sighting.claimed_sha256
        group.parts.update((part.path, part) for part in sighting.parts)
        _add_findings(group, _from_outside(sighting, piece, measured))


def _add_findings(group: _Gathered, findings: Iterable[Finding]) -> None:
    """Add what is not known yet. A message names the file, so the same finding at two places differs in it alone."""
    known = {replace(finding, message="") for finding in group.findings}
    group.findings.update((finding, None) for finding in findings if replace(finding, message="") not in known)


def _from_outside(sighting: Sighting, piece: Examined, measured: Digests | None) -> tuple[Finding, ...]:
    """Return findings that the file's own bytes cannot give: its digest's claim, the files beside it."""
    observations: list[Observation] = [Unread(what=part, reason=MISSING) for part in sighting.missing_parts]
    claimed = sighting.claimed_sha256
    if claimed is not None and measured is not None and claimed != measured.sha256:
        observations.append(DigestMismatch(claimed=claimed, measured=measured.sha256))
    if not observations:
        return ()
    from weighbridge.checks.registry import CHECKS  # loads only when there is something to judge

    name = display(sighting.path.rsplit(b"/", 1)[-1])
    return judge(observations, Subject(format=piece.format, name=name), CHECKS)


def _artifact(group: _Gathered) -> Artifact:
    piece = group.piece
    findings = tuple(group.findings)
    return Artifact(
        format=piece.format,
        size=piece.size,
        places=tuple(sorted(group.places.values(), key=_order)),
        assessment=worst((piece.assessment, assess(findings, holds_model=group.holds_model))),
        sha256=group.sha256,
        blake3=group.blake3,
        claimed_sha256=group.claimed_sha256,
        facts=tuple(group.facts.values()),
        findings=findings,
        parts=tuple(group.parts.values()),
        coverage=piece.coverage,
    )


def _order(place: Place) -> tuple[bytes, str]:
    return place.path, place.member or ""
