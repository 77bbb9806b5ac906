"""What was seen in a process, kept from one run to the next: once its file is deleted, only root could look again.

In: the memory of scans, which boot this is. Out: weights by holder. A process, by its id and start, holds the same
inode all its life, and an inode that somebody holds is not used again.
"""

import json
from typing import TYPE_CHECKING

from weighbridge.discover.found_weights import FoundWeights, Holder

if TYPE_CHECKING:
    from weighbridge.pipeline.cache import Cache


class HeldMemory:
    """Remembers weights by who holds them.

    Args:
        cache: where.
        boot: which boot of the machine this is: process ids begin anew with the next.
    """

    def __init__(self, cache: "Cache", boot: str) -> None:
        self._cache = cache
        self._boot = boot

    def keep(self, holder: Holder, weights: FoundWeights) -> None:
        """Remember weights whose digest was measured."""
        fields = [*weights.version], weights.format, weights.size, weights.sha256, weights.claimed_sha256, weights.name
        self._cache.keep_held(self._key(holder), json.dumps(fields).encode())

    def recall(self, holder: Holder) -> FoundWeights | None:
        """Return what was kept, None if nothing was."""
        content = self._cache.held(self._key(holder))
        if content is None:
            return None
        try:
            version, kind, size, sha256, claimed, name = json.loads(content)
            return FoundWeights(
                version=tuple(version), format=kind, size=size, sha256=sha256, claimed_sha256=claimed, name=name
            )
        except (ValueError, TypeError):
            return None

    def _key(self, holder: Holder) -> bytes:
        return f"{self._boot} {' '.join(map(str, holder))}".encode()
