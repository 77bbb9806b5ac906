"""Shares of several parents in one model, from sampled values: which weighted sum of them comes closest.

In: the sketch of a model and its likeness to each candidate. Out: two or three parents with shares, overall and by
part, and what they leave unexplained; or nothing. Shares are fitted by least squares for each part of each layer by
itself, because mergers give layers, attention and feed-forward parts shares of their own (`t` with a `filter` in
mergekit `docs/merge_methods.md`); whole layers of one model are the case of shares 0 and 1.

A model and its siblings are near a plane too, so parents must leave at most a quarter of what the best single
one leaves, unless they have nothing in common with each other; and all shares must be positive, which tells the merged
model from its parents.
"""

import re
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from weighbridge.lineage.likeness import Answer, Likeness
from weighbridge.lineage.names import permuted_between_containers
from weighbridge.lineage.sketch import Sketch
from weighbridge.model.record import record

Reals = NDArray[np.float64]
MOST_CANDIDATES = 8
"""The nearest are tried, two and three at a time."""
MOST_PARENTS = 3
LEAST_SHARE = 0.03
LARGEST_SHARE = 1.5
SIGMAS = 5.0
"""A share counts from this many standard errors."""
EXPLAINED = 0.25
APART = 0.1
"""Parents that correlate less have nothing in common."""
_WHOLE = 0.05
"""How near to 0 or 1 a share is that of a layer taken as it is."""
_LAYER = re.compile(r"\Ablk\.(\d{1,5})\.(attn|ffn)?")
_PARTS = {"attn": "attention", "ffn": "feed-forward", None: "other"}
_COPIES = frozenset({Answer.SAME, Answer.QUANTIZED})
"""The model itself, which is not a part of itself."""


@record
class Parent:
    """One model in the sum."""

    candidate: int
    """Its place among the candidates."""
    share: float
    """Mean over all compared matrices."""
    parts: tuple[tuple[str, float], ...]
    """Share in each part: `attention`, `feed-forward`, `embeddings`, `other`."""
    lowest: float
    highest: float
    """Least and greatest share in one part of one layer."""


@record
class Mixture:
    """What a model is the sum of."""

    parents: tuple[Parent, ...]
    """Largest share first."""
    residual: float
    """Spread that is left, as a share of the model's: 0 is an exact sum, 1 is nothing explained."""
    grafted: bool
    """Whether each part of each layer comes whole from one of them."""


def mixture(child: Sketch, candidates: Sequence[tuple[Sketch, Likeness]]) -> Mixture | None:
    """Return the parents of `child` among `candidates`; None if no sum of several explains it.

    Args:
        child: of which model.
        candidates: other models, each with the likeness of `child` (first) to it (second).
    """
    related = [
        at for at, (_, found) in enumerate(candidates) if found.relation is not None and found.answer not in _COPIES
    ]
    related.sort(key=lambda at: -candidates[at][1].comparison.score)
    places = related[:MOST_CANDIDATES]
    if len(places) < 2:
        return None
    system = _System(child, [candidates[at] for at in places])
    if not len(system.groups):
        return None
    left = min(system.solve((at,)).left for at in range(len(places)))
    best: _Solution | None = None
    for size in range(2, min(MOST_PARENTS, len(places)) + 1):
        found = min((system.solve(chosen) for chosen in combinations(range(len(places)), size)), key=_left)
        if found.plausible and (found.left <= EXPLAINED * left or system.apart(found.chosen)):
            best, left = found, found.left
    return None if best is None else _mixture(system, best, places)


class _Solution:
    """Shares of some candidates in every group."""

    def __init__(self, chosen: tuple[int, ...], shares: Reals, errors: Reals, left: float, weights: Reals) -> None:
        self.chosen = chosen
        self.shares = shares
        """By group and candidate."""
        self.left = left
        """Energy that is left, of 1."""
        self.mean: Reals = (shares * weights[:, None]).sum(axis=0)
        error = np.sqrt((errors * weights[:, None] ** 2).sum(axis=0))
        inside = (self.mean >= np.maximum(LEAST_SHARE, SIGMAS * error)) & (self.mean <= LARGEST_SHARE)
        self.plausible = bool(inside.all())


def _left(solution: _Solution) -> float:
    return solution.left


class _System:
    """Products of the sampled values of a model and of all candidates, added up by group."""

    def __init__(self, child: Sketch, candidates: Sequence[tuple[Sketch, Likeness]]) -> None:
        count = min([child.each, *(sketch.each for sketch, _ in candidates)])
        mine = _values(child, count)
        length = np.sqrt((mine * mine).sum(axis=1, keepdims=True))
        usable = length[:, 0] > 0
        scale = np.where(length > 0, length, 1)
        rows = np.zeros((len(candidates) + 1, *mine.shape))
        rows[0] = mine / scale
        seen = np.zeros(len(mine), dtype=bool)
        for at, (sketch, found) in enumerate(candidates, start=1):
            first = [one.first for one in found.comparison.matrices]
            rows[at, first] = _values(sketch, count)[[one.second for one in found.comparison.matrices]] / scale[first]
            seen[first] = True
        # What cannot be compared with one of them would look like nothing of it.
        across = any(sketch.container != child.container for sketch, _ in candidates)
        keys: dict[tuple[str, str], list[int]] = {}
        for at, name in enumerate(child.names):
            if usable[at] and seen[at] and not (across and permuted_between_containers(name)):
                keys.setdefault(_group(name), []).append(at)
        self.groups = tuple(keys)
        shape = (len(keys), len(rows), len(rows))
        self.products = np.array([_gram(rows[:, taken]) for taken in keys.values()]).reshape(shape)
        self.counts = np.array([len(taken) * count for taken in keys.values()], dtype=np.float64)
        self.weights: Reals = self.counts / max(1.0, self.counts.sum())
        self.energy = float(self.products[:, 0, 0].sum()) if keys else 0.0

    def solve(self, chosen: tuple[int, ...]) -> _Solution:
        """Return the best shares of the candidates at `chosen`."""
        at = [one + 1 for one in chosen]
        square = self.products[:, at][:, :, at]
        # A candidate that lacks a layer has no share in it; what it would divide by must not be 0.
        ridge = 1e-9 * np.maximum(1e-9, np.einsum("gii->g", square))[:, None, None] * np.eye(len(at))
        inverse = np.linalg.inv(square + ridge)
        beside = self.products[:, at, 0]
        shares: Reals = np.einsum("gij,gj->gi", inverse, beside)
        left = self.products[:, 0, 0] - 2 * (shares * beside).sum(axis=1)
        left = np.maximum(0, left + np.einsum("gi,gij,gj->g", shares, square, shares))
        freedom = np.maximum(1, self.counts - len(at))
        errors = (left / freedom)[:, None] * np.einsum("gii->gi", inverse)
        errors = np.where(np.einsum("gii->gi", square) > 0, errors, 0)
        total = float((left * self.counts / freedom).sum()) / self.energy
        return _Solution(chosen, shares, errors, total, self.weights)

    def apart(self, chosen: tuple[int, ...]) -> bool:
        """Tell whether no two of these candidates have anything in common."""
        at = [one + 1 for one in chosen]
        square = self.products[:, at][:, :, at].sum(axis=0)
        lengths = np.sqrt(np.maximum(1e-30, np.diag(square)))
        found = np.abs(square / np.outer(lengths, lengths))
        return bool((found[~np.eye(len(at), dtype=bool)] < APART).all())


def _values(sketch: Sketch, count: int) -> Reals:
    shares = np.frombuffer(sketch.values, dtype="<f2").reshape(len(sketch.names), sketch.each)[:, :count]
    return shares.astype(np.float64) * np.frombuffer(sketch.scales, dtype="<f4").astype(np.float64)[:, None]


def _gram(rows: Reals) -> Reals:
    flat = rows.reshape(len(rows), -1)
    return flat @ flat.T


def _group(name: str) -> tuple[str, str]:
    """Return layer (or the matrix itself) and part."""
    layer = _LAYER.match(name)
    if layer is None:
        return name, "embeddings" if name in ("token_embd.weight", "output.weight") else "other"
    return layer[1], _PARTS[layer[2]]


def _mixture(system: _System, best: _Solution, places: Sequence[int]) -> Mixture:
    parents = []
    for column, chosen in enumerate(best.chosen):
        shares = best.shares[:, column]
        parts = []
        for part in sorted({part for _, part in system.groups}):
            taken = np.array([group[1] == part for group in system.groups])
            weights = system.weights[taken]
            parts.append((part, round(float((shares[taken] * weights).sum() / weights.sum()), 3)))
        parents.append(
            Parent(
                candidate=places[chosen],
                share=round(float(best.mean[column]), 3),
                parts=tuple(parts),
                lowest=round(float(shares.min()), 3),
                highest=round(float(shares.max()), 3),
            )
        )
    whole = np.minimum(np.abs(best.shares), np.abs(best.shares - 1)) <= _WHOLE
    return Mixture(
        parents=tuple(sorted(parents, key=lambda parent: (-parent.share, parent.candidate))),
        residual=round(best.left**0.5, 4),
        grafted=bool(whole.all(axis=1).mean() >= 0.9),
    )


def share_words(parent: Parent, found: Mixture) -> str:
    """Return the numbers of one parent in words."""
    said = f"share {parent.share:.2f} of {len(found.parents)} parents"
    parts = [(part, share) for part, share in parent.parts if abs(share - parent.share) >= 0.05]
    if parts:
        said += " (" + ", ".join(f"{part} {share:.2f}" for part, share in parts) + ")"
    if parent.highest - parent.lowest >= 0.1:
        said += f", {parent.lowest:.2f} to {parent.highest:.2f} by layer"
    return f"{said}, {found.residual:.3f} of the spread left over"
