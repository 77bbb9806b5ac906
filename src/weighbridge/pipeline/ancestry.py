"""The lineage stage: what the atlas tells about the weights of a scan.

Without an atlas it costs one look for its file, and no arithmetic is loaded.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from weighbridge.host.machine import Machine
from weighbridge.model.ancestry import Ancestor
from weighbridge.model.artifact import Artifact
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Unexamined

if TYPE_CHECKING:
    from weighbridge.bom.shards import Group
    from weighbridge.lineage.sketch import Sketch
    from weighbridge.pipeline.atlas import Known
    from weighbridge.pipeline.sketches import Sketches

Ancestry = dict[int, tuple[Ancestor, ...]]
"""Measured ancestors by the place of the artifact in the sequence that was given."""
NotCompared = dict[int, tuple[str, ...]]
"""What of the weights could not be compared, in words, by the same place."""
NOT_COMPARED_FACT = "lineage.not_compared"
_FORMATS = frozenset({"gguf", "safetensors"})
_ATLAS_FILE = b"lineage.sqlite"


def has_atlas(machine: Machine) -> bool:
    """Tell whether there is an atlas on this machine, without opening it; one that cannot be looked at counts."""
    separator = b"\\" if machine.platform == "windows" else b"/"
    try:
        machine.stat(machine.state_folder + separator + _ATLAS_FILE)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def measure_ancestry(
    machine: Machine,
    artifacts: Sequence[Artifact],
    found: Ancestry,
    unexamined: list[Unexamined],
    not_compared: NotCompared,
) -> None:
    """Put the measured ancestors of `artifacts` into `found`; both lists are correct whenever Ctrl-C strikes.

    Args:
        machine: whose atlas, and where files are read.
        artifacts: complete but for ancestry, license and verdict. Shards of one model are compared as one.
        found: what is added to.
        unexamined: gets the atlas, if it cannot be used or holds what cannot be compared.
        not_compared: gets what of weights cannot be compared: GPTQ and AWQ pack numbers in ways that are not undone.
    """
    if not any(artifact.format in _FORMATS for artifact in artifacts) or not has_atlas(machine):
        return
    from weighbridge.bom.shards import grouped
    from weighbridge.pipeline.atlas import UNREADABLE, atlas_path, open_atlas  # with numpy
    from weighbridge.pipeline.measured import measured_ancestors
    from weighbridge.pipeline.sketches import open_sketches

    try:
        entries = open_atlas(machine).entries()
    except WeighbridgeError as error:
        reason = f"{error.message}; no weights were compared ({error.code})"
        unexamined.append(Unexamined(path=atlas_path(machine), reason=reason))
        return
    unexamined += (
        Unexamined(path=atlas_path(machine), reason=f"{name[:200]}: {UNREADABLE}") for name in entries.unreadable
    )
    if not entries.models:
        return
    places = {id(artifact): at for at, artifact in enumerate(artifacts)}
    sketches = open_sketches(machine)
    try:
        for group in grouped(artifact for artifact in artifacts if artifact.format in _FORMATS):
            measured = _sketch(machine, group, sketches)
            if measured is not None:
                ancestry = measured_ancestors(measured, (one for one in entries.models if not _is(group, one)))
                found.update((places[id(artifact)], ancestry) for artifact in group.artifacts if ancestry)
                said = tuple(measured.left_out)
                not_compared.update((places[id(artifact)], said) for artifact in group.artifacts if said)
    finally:
        sketches.close()


def with_ancestry(
    artifacts: Sequence[Artifact], found: Ancestry, not_compared: NotCompared | None = None
) -> tuple[Artifact, ...]:
    """Return `artifacts` with their measured ancestors, and what could not be compared as a fact.

    The license stage adds the declared ancestors.
    """
    not_compared = not_compared or {}
    if not found and not not_compared:
        return tuple(artifacts)
    return tuple(
        replace(
            artifact,
            ancestry=found.get(at, artifact.ancestry),
            facts=(*artifact.facts, *map(_not_compared, not_compared.get(at, ()))),
        )
        for at, artifact in enumerate(artifacts)
    )


def _not_compared(reason: str) -> Fact:
    return Fact(name=NOT_COMPARED_FACT, value=reason, grade=Grade.MEASURED, source="lineage atlas")


def _sketch(machine: Machine, group: "Group", sketches: "Sketches") -> "Sketch | None":
    """Return the sketch of one file or of all shards together; None if its weights cannot be compared."""
    from weighbridge.lineage.sketch import sketch
    from weighbridge.lineage.tensors import MOST_PARTS, NoTable

    digest = group.sha256
    kept = sketches.seen(digest) if digest is not None else None
    if kept is not None:
        return kept
    sources = []
    try:
        for artifact in group.artifacts[:MOST_PARTS]:
            place = next((place for place in artifact.places if place.member is None), None)
            if place is None:
                return None
            sources.append(machine.open(machine.resolve(place.path)))
        made = sketch(sources)
    except (NoTable, OSError):
        return None
    finally:
        for source in sources:
            source.close()
    if digest is not None:
        sketches.keep(digest, made)
    return made


def _is(group: "Group", model: "Known") -> bool:
    """Tell whether `group` is the very file, or holds the files of the very folder, that was added as `model`."""
    paths = [place.path for artifact in group.artifacts for place in artifact.places if place.member is None]
    if model.path in paths:
        return model.sha256 is None or any(artifact.sha256 == model.sha256 for artifact in group.artifacts)
    return model.sha256 is None and any(path.replace(b"\\", b"/").rpartition(b"/")[0] == model.path for path in paths)
