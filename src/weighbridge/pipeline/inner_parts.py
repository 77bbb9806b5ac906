"""Files that belong to a model inside an archive: external tensor data that must travel with it.

As `parts` does for files of this machine. A model in a layer may have its data in another layer of the same image.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from weighbridge.model.observation import Unread
from weighbridge.model.record import record
from weighbridge.model.source import ByteSource, LimitReached, SourceError

if TYPE_CHECKING:
    from weighbridge.formats.reader import PartWanted
    from weighbridge.pipeline.inspect import Inspected

MISSING = "belongs to this artifact and is not beside it"
_POOLS = frozenset({"blobs", "objects"})
"""Folders whose files go by other names in links; what belongs together cannot be told from names there."""
_POINTER_BYTES = 1024


@record
class Absent:
    """A part that an archive does not have."""

    path: str
    pointer: bool = False
    """Whether a Git LFS pointer stands there: then no other layer matters."""


def absent(member: str, wanted: Iterable["PartWanted"], there: Mapping[str, ByteSource]) -> list[Absent]:
    """Return the required parts that an archive does not have.

    Args:
        member: path of the model in the archive.
        wanted: its parts, relative to its folder.
        there: all files of the archive, by paths as `plain` writes them.
    """
    required = [part.relative_path for part in wanted if part.required]
    folder = member.rpartition("/")[0]
    if not required or folder.rpartition("/")[2] in _POOLS:
        return []
    found = []
    for path in (plain(f"{folder}/{name}") for name in required):
        if path not in there:
            found.append(Absent(path=path))
        elif is_pointer_source(there[path]):
            found.append(Absent(path=path, pointer=True))
    return found


def note_missing(inspected: Sequence["Inspected"]) -> None:
    """Add an observation to every model in an archive whose parts are nowhere in the same file."""
    wanting = [item for item in inspected if item.absent]
    if not wanting:
        return
    there = {plain(name) for item in inspected if item.listing is not None for name in item.listing}
    for item in wanting:
        item.observations += [
            Unread(what=part.path.rpartition("/")[2], reason=MISSING)
            for part in item.absent
            if part.pointer or part.path not in there
        ]


def plain(path: str) -> str:
    """Return a path without empty steps and `.`; one with `..` stays as it is and is found nowhere."""
    return "/".join(step for step in path.split("/") if step not in ("", "."))


def is_pointer_source(source: ByteSource) -> bool:
    """Tell whether a Git LFS pointer stands there."""
    from weighbridge.formats.stand_in import is_pointer  # regular expressions, which a remembered scan does not need

    try:
        return 0 < source.size <= _POINTER_BYTES and is_pointer(source.read(0, _POINTER_BYTES))
    except (SourceError, LimitReached):
        return False  # the scan says what cannot be read
