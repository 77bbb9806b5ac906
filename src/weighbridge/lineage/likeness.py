"""What the numbers of a comparison amount to: a graded answer, never "independent".

The direction (who came first) does not show in weights; only a coarser quantization tells that its holder is the later
one. Thresholds come from the distribution of the score between unrelated weights (its spread is known) and from the
error of each quantization; docs/explanation/lineage.md lists them and what they miss.
"""

from enum import StrEnum

from weighbridge.lineage.compare import Comparison, compare
from weighbridge.lineage.dequantize import FLOATS
from weighbridge.lineage.names import EMBEDDINGS
from weighbridge.lineage.sketch import Sketch
from weighbridge.model.ancestry import Relation
from weighbridge.model.record import record


class Answer(StrEnum):
    """How one model's weights relate to another's, strongest first."""

    SAME = "same weights"
    QUANTIZED = "quantized"
    ADAPTER = "adapter merged"
    FINE_TUNED = "fine-tuned"
    GRAFTED = "grafted"
    MERGED = "merged or trained far"
    PERMUTED = "reordered"
    OTHER_ARCHITECTURE = "different architecture"
    NONE = "no likeness found"
    INCOMPARABLE = "cannot be compared"


RELATIONS: dict[Answer, Relation] = {
    Answer.SAME: Relation.SAME,
    Answer.QUANTIZED: Relation.QUANTIZED,
    Answer.ADAPTER: Relation.ADAPTER,
    Answer.FINE_TUNED: Relation.FINE_TUNED,
    Answer.GRAFTED: Relation.GRAFTED,
    Answer.MERGED: Relation.MERGED,
    Answer.PERMUTED: Relation.DERIVED,
}
"""Answers that say "derived from"."""
FEWEST_VALUES = 128
"""Compared values below which nothing is said."""
SIGMAS = 7.0
LOWEST = 0.1
"""A score below this is no likeness even if it is far from chance: trained matrices share some structure."""
GRAFT_HIGH, GRAFT_LOW = 0.9, 0.45
MOST_LEFT_OVER = 0.1
SAME = 0.99999
FINE_TUNED = 0.9
LEAST_EXPECTED: dict[str, float] = {
    "Q8_0": 0.9995, "Q8_K": 0.9995, "Q6_K": 0.998, "Q5_K": 0.994, "Q5_1": 0.994, "Q5_0": 0.992, "Q4_K": 0.98,
    "Q4_1": 0.98, "Q4_0": 0.97, "IQ4_NL": 0.98, "IQ4_XS": 0.98, "MXFP4": 0.97, "Q3_K": 0.93, "Q2_K": 0.80,
    "F8_E4M3": 0.998, "F8_E5M2": 0.99,
}  # fmt: skip
"""Correlation of a matrix with its own quantization, normally distributed weights, with room for unlucky samples."""


@record
class Likeness:
    """The answer about one pair, with its numbers."""

    answer: Answer
    comparison: Comparison
    later: str = "unknown"
    """Which of the two came later: `first`, `second` or `unknown`."""
    alike: tuple[str, ...] = ()
    """Names of the matrices that came from the other, where only some did."""
    detail: str = ""
    """The numbers in words."""

    @property
    def relation(self) -> Relation | None:
        """The relation that this answer states; None if it states none."""
        return RELATIONS.get(self.answer)


def likeness(first: Sketch, second: Sketch) -> Likeness:
    """Return how the weights of `first` relate to those of `second`."""
    found = compare(first, second)
    alike = tuple(one.name for one in found.matrices if one.correlation >= GRAFT_HIGH)
    answer = _answer(first, second, found, len(alike))
    return Likeness(
        answer=answer,
        comparison=found,
        later=_later(first, second) if answer in RELATIONS else "unknown",
        alike=alike if answer is Answer.GRAFTED else (),
        detail=_detail(found, answer, len(alike)),
    )


def _answer(first: Sketch, second: Sketch, found: Comparison, alike: int) -> Answer:
    count = len(found.matrices)
    known_norms = found.shared_norms >= 2 and (found.norms_equal or found.permuted_norms)
    if count * found.values < FEWEST_VALUES:
        if known_norms:
            return Answer.PERMUTED
        if not first.names or not second.names:
            return Answer.INCOMPARABLE
        return Answer.NONE if found.same_shapes else Answer.OTHER_ARCHITECTURE
    if found.by_value:
        everything = len(first.names) == len(second.names) and alike >= 0.8 * len(first.names)
        return Answer.PERMUTED if everything else Answer.GRAFTED
    low = sum(one.correlation < GRAFT_LOW for one in found.matrices)
    if alike >= 2 and low >= max(2, 0.05 * count) and alike + low >= 0.8 * count and found.values >= 16:
        return Answer.GRAFTED
    if found.score < max(LOWEST, SIGMAS * found.spread):
        return Answer.PERMUTED if known_norms else Answer.NONE
    return _close(first, second, found)


def _close(first: Sketch, second: Sketch, found: Comparison) -> Answer:
    if found.score >= FINE_TUNED and _left_over(first, second) > MOST_LEFT_OVER:
        return Answer.GRAFTED
    if found.turned and found.score >= FINE_TUNED:
        return Answer.PERMUTED
    norms_kept = not found.shared_norms or found.norms_equal
    if all(one.correlation >= SAME for one in found.matrices) and (norms_kept or _converted(first, second)):
        return Answer.QUANTIZED if _coarser(first) != _coarser(second) else Answer.SAME
    expected = [_expected(first.dtypes[one.first], second.dtypes[one.second]) for one in found.matrices]
    kept = sum(one.correlation >= least for one, least in zip(found.matrices, expected, strict=True))
    if norms_kept and kept >= 0.9 * len(expected):
        return Answer.QUANTIZED
    if found.score < FINE_TUNED:
        return Answer.MERGED
    return Answer.ADAPTER if found.norms_equal else Answer.FINE_TUNED


def _left_over(first: Sketch, second: Sketch) -> float:
    """Return the share of matrices that only one of them has: layers that were added or cut out."""
    other = (set(first.names) ^ set(second.names)) - EMBEDDINGS  # an output tied to the embedding is often not stored
    return len(other) / max(1, len(first.names), len(second.names))


def _expected(first: str, second: str) -> float:
    """Return the least correlation that one matrix in these two types has with itself."""
    error = sum(1 - LEAST_EXPECTED.get(dtype, SAME) for dtype in (first, second))
    return 1 - error


def _converted(first: Sketch, second: Sketch) -> bool:
    """Tell whether one was written with other floating-point numbers, which rounds the norms too."""
    return set(first.dtypes) != set(second.dtypes) and not _coarser(first) and not _coarser(second)


def _coarser(sketch: Sketch) -> bool:
    return any(dtype not in FLOATS for dtype in sketch.dtypes)


def _later(first: Sketch, second: Sketch) -> str:
    if _coarser(first) == _coarser(second):
        return "unknown"
    return "first" if _coarser(first) else "second"


def _detail(found: Comparison, answer: Answer, alike: int) -> str:
    if not found.matrices:
        words = "no matrices in common"
    else:
        count = len(found.matrices)
        words = f"{found.score:.3f} over {count} {'matrix' if count == 1 else 'matrices'}"
        words += f" (chance: ±{found.spread:.3f})"
    if answer is Answer.GRAFTED:
        words += f", {alike} alike"
    if found.turned:
        words += f", {found.turned} with all signs turned"
    if found.shared_norms:
        same = found.equal_norms
        words += ", norms equal" if found.norms_equal else f", {same} of {found.shared_norms} norms equal"
    if found.permuted_norms:
        words += ", norms in another order"
    return words
