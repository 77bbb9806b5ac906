"""Weights that were found in processes: the words that their finder, its judge and its memory share."""

from typing import NamedTuple, Protocol

from weighbridge.host.machine import OpenFile
from weighbridge.model.record import record
from weighbridge.model.running import RunningWeights

FileVersion = tuple[int, ...]
"""Device, inode, size and times: which version of which file."""


Holder = tuple[int, int, int, int]
"""Process by id and start, file by device and inode."""


@record
class FoundWeights:
    """Weights in a file, by its content."""

    version: FileVersion
    format: str
    size: int
    sha256: str | None = None
    claimed_sha256: str | None = None
    name: str | None = None


class Held(NamedTuple):
    """Weights that a process runs."""

    weights: RunningWeights
    version: FileVersion
    certain: bool = True
    """False if it only names them or has them open, and keeps little in memory: an archiver does so too."""


class Judge(Protocol):
    """Says of content whether it is weights; `weighbridge.pipeline.weights_files` is one."""

    def __call__(self, source: OpenFile, path: bytes, *, inside: bool = False) -> FoundWeights | None:
        """Return what an open file holds, None if no weights. Raises SourceError if it cannot be read now.

        Args:
            source: the file.
            path: what the process calls it.
            inside: whether weights count that lie inside of an archive, which is held for many reasons.
        """
        ...


class Memory(Protocol):
    """Keeps what was seen in processes from one run to the next; `weighbridge.pipeline.held_memory` is one."""

    def keep(self, holder: Holder, weights: FoundWeights) -> None:
        """Remember weights."""
        ...

    def recall(self, holder: Holder) -> FoundWeights | None:
        """Return what was kept, None if nothing was."""
        ...
