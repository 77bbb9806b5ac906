"""Whether a full comparison of two sketches can come to a likeness: a look that costs a fraction of it.

In: sketches. Out: yes or no. No is sure for everything that is compared by name and place; matrices that were renamed
or reordered are missed only if no norm and no matrix stayed as it was, bit by bit.
"""

import numpy as np
from numpy.typing import NDArray

from weighbridge.lineage.compare import standardized, unsigned
from weighbridge.lineage.sketch import Sketch

Numbers = NDArray[np.float32]
_LEAST_SCORE = 0.05
"""Mean correlation: half of the lowest that counts (`likeness.LOWEST`)."""
_LEAST_ROW = 0.6
_FEWEST_ROWS = 2
"""Grafts are at least two matrices."""


class Prefilter:
    """One sketch that is looked at beside many."""

    def __init__(self, sketch: Sketch) -> None:
        self._sketch = sketch
        self._norms = {digest for _, digest in sketch.norms}
        self._starts = _starts(sketch)
        self._sizes = set(sketch.dimensions)
        self._rows: dict[int, Numbers] = {}

    def may_be_alike(self, other: Sketch) -> bool:
        """Tell whether `other` is worth a full comparison."""
        mine = self._sketch
        if mine.sorted_norms and mine.sorted_norms == other.sorted_norms:
            return True
        if any(digest in self._norms for _, digest in other.norms):
            return True
        if self._sizes.isdisjoint(other.dimensions):
            return False
        if mine.names != other.names or mine.dimensions != other.dimensions:
            return True
        if not self._starts.isdisjoint(_starts(other)):
            return True
        count = min(mine.each, other.each)
        if count not in self._rows:
            self._rows[count] = standardized(mine, count)
        found = unsigned(np.einsum("ij,ij->i", self._rows[count], standardized(other, count)))
        return float(found.mean()) >= _LEAST_SCORE or int((found >= _LEAST_ROW).sum()) >= _FEWEST_ROWS


def _starts(sketch: Sketch) -> set[bytes]:
    """Return the first eight sampled values of every matrix, as they are stored."""
    step = 2 * sketch.each
    return {sketch.values[at : at + 16] for at in range(0, len(sketch.values), step)} if step else set()
