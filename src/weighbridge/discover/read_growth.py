"""Weights that nobody names and nothing holds, told by what a process read: the weakest evidence of all.

In: how much a process read and keeps in memory, now and at an earlier look; sizes of weights that scans measured. Out:
the one size that explains it. A runtime that copies its weights reads the file once, and some megabytes beside it.
"""

from collections.abc import Iterable
from typing import NamedTuple

_LEAST = 16 << 20
"""Bytes of weights that can be told so: less, any program reads."""
LEAST_UNSURE = 256 << 20
"""Of a program that only computes with tensors: several times what its own modules amount to."""
_BESIDE = 64 << 20
"""Bytes that a program reads beside its weights: its own modules, configuration, vocabulary."""
_TWICE = 1.05
"""Headers and tails are read more than once."""
_KEPT = 0.7
"""Share of the weights that stays in memory; the rest may be on an accelerator or was padding."""


class Amounts(NamedTuple):
    """What a process read since it started, and what it keeps."""

    read: int
    kept: int
    """Bytes in memory, and on accelerators."""


def explained_by(now: Amounts, before: Amounts, sizes: Iterable[int]) -> int | None:
    """Return the size that explains the growth from `before` to `now`; None if none does, or several do."""
    read, kept = now.read - before.read, now.kept - before.kept
    fitting = [
        size for size in sizes if size >= _LEAST and size <= read <= size * _TWICE + _BESIDE and kept >= size * _KEPT
    ]
    return fitting[0] if len(fitting) == 1 else None
