"""What `wb lineage` asks: sketches of files and folders, and how they relate to one another and to the atlas."""

from collections.abc import Sequence
from itertools import combinations

from weighbridge.host.machine import Machine
from weighbridge.lineage.likeness import Likeness, likeness
from weighbridge.lineage.sketch import Sketch, sketch
from weighbridge.lineage.tensors import MOST_PARTS, NoTable
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.place import display
from weighbridge.model.record import record
from weighbridge.pipeline.atlas import Known

_SUFFIXES = (b".gguf", b".safetensors")


@record
class Relative:
    """One pair that was compared."""

    first: str
    second: str
    in_atlas: bool
    """Whether the second is a model of the atlas."""
    likeness: Likeness


def sketch_at(machine: Machine, path: bytes) -> Sketch:
    """Return the sketch of a file, or of all weights of one format in a folder as one model.

    Raises `WeighbridgeError` (`E-lineage-unreadable`).
    """
    sources = []
    try:
        for part in _parts(machine, machine.resolve(path)):
            sources.append(machine.open(part))  # noqa: PERF401  (what was opened must be closed if the next fails)
        return sketch(sources)
    except (NoTable, OSError) as error:
        reason = (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
        raise WeighbridgeError(
            "E-lineage-unreadable",
            f"{display(path)} cannot be compared: {reason}",
            "give a GGUF or safetensors file, or the folder of a model in several parts",
        ) from None
    finally:
        for source in sources:
            source.close()


def _parts(machine: Machine, path: bytes) -> list[bytes]:
    separator = b"\\" if machine.platform == "windows" else b"/"
    if machine.stat(path).st_mode & 0o170000 != 0o040000:
        return [path]
    names = [entry.name for entry in machine.list_directory(path) if entry.kind in ("file", "link")]
    for suffix in reversed(_SUFFIXES):
        parts = [machine.resolve(path + separator + name) for name in names if name.lower().endswith(suffix)]
        if parts:
            return parts[:MOST_PARTS]
    raise NoTable("there are no weights in this folder")


def relatives(sketches: Sequence[tuple[str, Sketch]], atlas: Sequence[Known]) -> tuple[Relative, ...]:
    """Return every pair of `sketches`, and each of them with each model of the atlas."""
    pairs = [
        Relative(first=first, second=second, in_atlas=False, likeness=likeness(mine, theirs))
        for (first, mine), (second, theirs) in combinations(sketches, 2)
    ]
    pairs += [
        Relative(first=name, second=known.name, in_atlas=True, likeness=likeness(mine, known.sketch))
        for name, mine in sketches
        for known in atlas
    ]
    return tuple(pairs)
