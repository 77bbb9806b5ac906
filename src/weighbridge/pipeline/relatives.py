"""What `wb lineage` asks: sketches of files and folders, and how they relate to one another and to the atlas."""

from collections.abc import Sequence
from itertools import combinations

from weighbridge.host.machine import Machine
from weighbridge.lineage.likeness import Likeness, likeness
from weighbridge.lineage.parents import Mixture, mixture
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


@record
class Merged:
    """One file that is a sum of several others."""

    name: str
    candidates: tuple[tuple[str, bool], ...]
    """What the places in `mixture` mean: a name, and whether it is one of the atlas."""
    mixture: Mixture


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


def merges(sketches: Sequence[tuple[str, Sketch]], atlas: Sequence[Known]) -> tuple[Merged, ...]:
    """Return which of `sketches` are sums of others of them, or of models of the atlas."""
    found = []
    for name, mine in sketches:
        others = [(other, False, theirs) for other, theirs in sketches if theirs is not mine]
        others += [(known.name, True, known.sketch) for known in atlas]
        mixed = mixture(mine, [(theirs, likeness(mine, theirs)) for _, _, theirs in others])
        if mixed is not None:
            candidates = tuple((other, in_atlas) for other, in_atlas, _ in others)
            found.append(Merged(name=name, candidates=candidates, mixture=mixed))
    return tuple(found)
