"""Whether a file that is only named still holds what the process loaded from it.

In: a process, a path that its command line or its server names. Out: whether other bytes may lie there since the
process began, and what lay there at an earlier look. Who reads its weights into memory and closes the file cannot be
asked for them again: a file of a later date is no proof of them.
"""

import hashlib

from weighbridge.discover.found_weights import FoundWeights, Holder, Memory
from weighbridge.discover.process_view import ProcessView
from weighbridge.host.live import Live
from weighbridge.host.machine import Stat

_BY_PATH = -1
"""Stands for a device in a `Holder` of what is known by its path only."""


class AsLoaded:
    """Remembers what named files were while they were surely what a process had loaded.

    Args:
        live: the running machine.
        memory: of earlier runs, if there is one.
    """

    def __init__(self, live: Live, memory: Memory | None) -> None:
        self._live = live
        self._memory = memory
        self._seen: dict[Holder, FoundWeights] = {}

    def forget(self, alive: set[tuple[int, int]]) -> None:
        """Keep only what is known of these processes, by id and start."""
        self._seen = {holder: weights for holder, weights in self._seen.items() if holder[:2] in alive}

    def is_later(self, view: ProcessView, path: bytes, weights: FoundWeights) -> bool:
        """Return whether other bytes may lie at a path since the process began.

        A file that a store calls by its own digest is what it was, whenever it came. Raises ProcessLookupError.
        """
        if weights.sha256 is not None and weights.sha256 == weights.claimed_sha256:
            return False
        try:
            return self._live.changed_since(view.pid, view.entry.started, path)
        except ProcessLookupError:
            raise
        except (OSError, ValueError):
            return False  # its own root is hidden from us: what we have at the path is all that can be known

    def keep(self, view: ProcessView, path: bytes, weights: FoundWeights) -> None:
        """Remember what the process loaded from a path."""
        holder = _holder(view, path)
        if self._seen.get(holder) != weights:
            self._seen[holder] = weights
            if self._memory is not None and weights.sha256 is not None:
                self._memory.keep(holder, weights)

    def recall(self, view: ProcessView, path: bytes) -> FoundWeights | None:
        """Return what the process loaded from a path, None if nobody looked in time."""
        holder = _holder(view, path)
        known = self._seen.get(holder)
        if known is None and self._memory is not None and (known := self._memory.recall(holder)) is not None:
            self._seen[holder] = known
        return known


def lies_there(weights: FoundWeights, stat: Stat) -> bool:
    """Return whether remembered weights are those of a file's present version."""
    return weights.version[:2] == (stat.st_dev, stat.st_ino) and weights.size == stat.st_size


def _holder(view: ProcessView, path: bytes) -> Holder:
    return view.pid, view.entry.started, _BY_PATH, int.from_bytes(hashlib.sha256(path).digest()[:8])
