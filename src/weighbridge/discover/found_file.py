"""One file of weights in one process, while the evidence for it is gathered.

In: what was found of it, bit by bit. Out: what the process is said to run, with a digest only if it must hold the
bytes.
"""

from collections.abc import Iterable
from dataclasses import field, replace

from weighbridge.discover.found_weights import FoundWeights, Held
from weighbridge.discover.process_view import ProcessView
from weighbridge.model.record import draft
from weighbridge.model.running import RunningWeights, WeightsEvidence

ONLY_READ = (WeightsEvidence.READ,)
_WEAK = {WeightsEvidence.OPEN, WeightsEvidence.COMMAND_LINE}
"""What every program shows that copies, hashes or edits a file."""
_HELD = {WeightsEvidence.MAPPED, WeightsEvidence.OPEN}
"""What shows the very bytes that a process holds."""
_ORDER = tuple(WeightsEvidence)


@draft
class FoundFile:
    """One file of weights in one process, while its evidence is gathered."""

    weights: FoundWeights
    path: bytes
    evidence: set[WeightsEvidence] = field(default_factory=set)
    trusted: bool = False
    """Whether somebody calls it a model."""
    kept: bool = False
    """Whether the process read as much as the file holds, and keeps half of it in memory."""
    later: bool = False
    """Whether its file, which is only named, is of a later date than the process."""
    deleted: bool = False
    replaced: bool = False

    @property
    def strength(self) -> tuple[int, int]:
        """What sorts files of one process: the strongest evidence first, then the largest."""
        return min(map(_ORDER.index, self.evidence)), -self.weights.size

    @property
    def uncertain(self) -> bool:
        """Whether the process may have loaded other bytes from there."""
        return self.later and self.evidence.isdisjoint(_HELD)

    def held(self, view: ProcessView) -> Held:
        """Return what a process is said to run; a digest that it may not hold is a claim."""
        weights, uncertain = self.weights, self.uncertain
        if uncertain:
            view.cannot_see("bytes as they were loaded")
        running = RunningWeights(
            evidence=_sorted(self.evidence),
            sha256=None if uncertain else weights.sha256,
            claimed_sha256=weights.sha256 or weights.claimed_sha256 if uncertain else weights.claimed_sha256,
            path=self.path,
            size=weights.size,
            format=weights.format,
            name=weights.name,
            deleted=self.deleted,
            replaced=self.replaced,
        )
        certain = self.trusted or self.kept or not self.evidence <= _WEAK
        return Held(running, weights.version, certain=certain)


def is_held_at(weights: RunningWeights, path: bytes) -> bool:
    """Return whether a process holds bytes that it got at a path."""
    return weights.path == path and not _HELD.isdisjoint(weights.evidence)


def is_held_without_name(weights: RunningWeights) -> bool:
    """Return whether a process has mapped bytes that its server calls by no name which leads to them."""
    return WeightsEvidence.MAPPED in weights.evidence and WeightsEvidence.SERVER not in weights.evidence


def held_at(gathered: Iterable[FoundFile], path: bytes) -> FoundFile | None:
    """Return the weights that a process got at a path and holds, whatever lies there now."""
    return next((one for one in gathered if one.path == path and not one.evidence.isdisjoint(_HELD)), None)


def with_evidence(held: Held, evidence: Iterable[WeightsEvidence]) -> Held:
    """Return weights that more speaks for."""
    return held._replace(weights=replace(held.weights, evidence=_sorted({*held.weights.evidence, *evidence})))


def _sorted(evidence: Iterable[WeightsEvidence]) -> tuple[WeightsEvidence, ...]:
    return tuple(sorted(evidence, key=_ORDER.index))
