"""Two sketches side by side: the numbers, without a word about what they mean.

In: two sketches. Out: correlations of sampled values per matrix and over all, how many norms are equal, whether shapes
are. The method follows what "Independence Tests for Language Models" (arXiv 2502.12292) shows for whole weights:
models trained apart have uncorrelated weights at equal positions, models from one ancestor do not.
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from weighbridge.lineage.names import EMBEDDINGS, permuted_between_containers
from weighbridge.lineage.sketch import Sketch
from weighbridge.model.record import record

Numbers = NDArray[np.float32]
_SAME_PLACE = 0.97
"""Correlation from which matrices with different names are one: over 16 values and more, never by chance."""
_NEAR = 0.9
"""Correlation of a matrix that is looked for nowhere else."""
_TURNED = 0.9
_FEWEST_TO_PLACE = 16
"""Values of a matrix that are needed to know it by them."""


@record
class Matched:
    """One matrix that both have."""

    name: str
    """Its canonical name in the first; where the second's is another, `first = second`."""
    correlation: float
    first: int
    second: int
    """Its place in each sketch."""
    turned: bool = False
    """Whether all its signs are turned in the other; the correlation is that without the signs."""


@record
class Comparison:
    """The numbers of two sketches."""

    matrices: tuple[Matched, ...]
    values: int
    """Values compared of each matrix."""
    score: float
    """Mean correlation, -1 to 1."""
    spread: float
    """Standard deviation that the score of unrelated models would have."""
    equal_norms: int
    shared_norms: int
    permuted_norms: bool
    """Whether all norms hold the same values in another order."""
    same_shapes: bool
    by_value: bool = False
    """Whether some matrices were matched by what they hold, because their names or places differ."""
    turned: int = 0
    """Matrices of the other with all signs turned: in pairs that changes nothing of what a model computes."""

    @property
    def norms_equal(self) -> bool:
        """Whether there are norms in both and all of them are equal."""
        return 0 < self.shared_norms == self.equal_norms


def unsigned(correlations: Numbers) -> Numbers:
    """Return correlations with those of matrices whose signs were all turned made positive; chance never comes near."""
    found: Numbers = np.where(correlations <= -_TURNED, -correlations, correlations)
    return found


def standardized(sketch: Sketch, count: int) -> Numbers:
    """Return the first `count` values of every matrix, each matrix with mean 0 and length 1."""
    values = np.frombuffer(sketch.values, dtype="<f2").reshape(len(sketch.names), sketch.each)
    taken = values[:, :count].astype(np.float32)
    taken = taken - taken.mean(axis=1, keepdims=True)
    length = np.sqrt((taken * taken).sum(axis=1, keepdims=True))
    found: Numbers = np.divide(taken, length, out=np.zeros_like(taken), where=length > 0)
    return found


def compare(first: Sketch, second: Sketch) -> Comparison:
    """Return the numbers of two sketches."""
    count = min(first.each, second.each)
    one, other = standardized(first, count), standardized(second, count)
    matched = _by_name(first, second, one, other)
    by_value = False
    across = first.container != second.container
    here = {item.first for item in matched if item.correlation >= _NEAR}
    here |= {at for at, name in enumerate(first.names) if across and permuted_between_containers(name)}
    if len(here) < len(first.names):
        moved = [item for item in _by_value(first, second, one, other) if item.first not in here]
        if len(moved) >= max(3, 0.1 * len(first.names)):
            places = {item.first for item in moved}
            matched = [item for item in matched if item.first not in places] + moved
            matched.sort(key=lambda item: item.first)
            by_value = True
    norms = dict(second.norms)
    shared = [(digest, norms[name]) for name, digest in first.norms if name in norms]
    equal = sum(mine == theirs for mine, theirs in shared)
    return Comparison(
        matrices=tuple(matched),
        values=count,
        score=_score(matched),
        spread=1 / sqrt(max(1, len(matched) * (count - 1))),
        equal_norms=equal,
        shared_norms=len(shared),
        permuted_norms=bool(first.sorted_norms) and first.sorted_norms == second.sorted_norms and equal < len(shared),
        same_shapes=first.shapes == second.shapes,
        by_value=by_value,
        turned=sum(one.turned for one in matched),
    )


def _by_name(first: Sketch, second: Sketch, one: Numbers, other: Numbers) -> list[Matched]:
    """Return matrices with the same name and size, but for those that converters reorder."""
    places = {name: at for at, name in enumerate(second.names)}
    across = first.container != second.container
    pairs = [(at, places[name]) for at, name in enumerate(first.names) if name in places]
    rows, columns = [at for at, _ in pairs], [there for _, there in pairs]
    signed = np.einsum("ij,ij->i", one[rows], other[columns]) if pairs else np.zeros(0, np.float32)
    found = []
    for (at, there), correlation, sign in zip(pairs, unsigned(signed).tolist(), signed.tolist(), strict=True):
        name = first.names[at]
        if across and permuted_between_containers(name):
            continue
        mine, theirs = first.dimensions[at], second.dimensions[there]
        # A vocabulary that was cut or extended elsewhere than at its end says nothing either way.
        resized = name in EMBEDDINGS and mine[1] == theirs[1] and correlation >= 0.5
        if mine == theirs or resized:
            turned = sign <= -_TURNED
            found.append(Matched(name=name, correlation=correlation, first=at, second=there, turned=turned))
    return found


def _by_value(first: Sketch, second: Sketch, one: Numbers, other: Numbers) -> list[Matched]:
    """Return matrices of one size that hold the same values under other names or at other places."""
    if one.shape[1] < _FEWEST_TO_PLACE:
        return []
    mine, theirs = _by_size(first), _by_size(second)
    found = []
    for size in mine.keys() & theirs.keys():
        rows, columns = mine[size], theirs[size]
        table = one[rows] @ other[columns].T
        best = table.argmax(axis=1)
        reached = table[np.arange(len(rows)), best]
        for row in np.nonzero(reached >= _SAME_PLACE)[0].tolist():
            at, there = rows[row], columns[int(best[row])]
            name = f"{first.names[at]} = {second.names[there]}"
            found.append(Matched(name=name, correlation=float(reached[row]), first=at, second=there))
    return sorted(found, key=lambda item: item.first)


def _by_size(sketch: Sketch) -> dict[tuple[int, int], list[int]]:
    places: dict[tuple[int, int], list[int]] = {}
    for at, size in enumerate(sketch.dimensions):
        places.setdefault(size, []).append(at)
    return places


def _score(matched: list[Matched]) -> float:
    return sum(one.correlation for one in matched) / len(matched) if matched else 0.0
