"""The lineage stage: what the atlas tells about the weights of a scan.

Without an atlas it costs one look for its file, and no arithmetic is loaded.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from weighbridge.host.machine import Machine
from weighbridge.lineage.declared import ancestors, declared_ancestry
from weighbridge.model.ancestry import Ancestor
from weighbridge.model.artifact import Artifact
from weighbridge.model.fact import Grade

if TYPE_CHECKING:
    from weighbridge.lineage.sketch import Sketch
    from weighbridge.pipeline.atlas import Atlas, Known

_FORMATS = frozenset({"gguf", "safetensors"})
_MOST_ANCESTORS = 16
_ATLAS_FILE = b"lineage.sqlite"


def has_atlas(machine: Machine) -> bool:
    """Tell whether there is an atlas on this machine, without opening it."""
    separator = b"\\" if machine.platform == "windows" else b"/"
    try:
        machine.stat(machine.state_folder + separator + _ATLAS_FILE)
    except OSError:
        return False
    return True


def measure_ancestry(machine: Machine, artifacts: Sequence[Artifact]) -> tuple[Artifact, ...]:
    """Return `artifacts` with measured ancestors before the declared ones, where the atlas holds any.

    Args:
        machine: whose atlas, and where files are read.
        artifacts: complete but for ancestry, license and verdict.
    """
    if not has_atlas(machine) or not any(artifact.format in _FORMATS for artifact in artifacts):
        return tuple(artifacts)
    from weighbridge.pipeline.atlas import open_atlas  # with numpy

    atlas = open_atlas(machine)
    try:
        known = atlas.models()
        return (
            tuple(_with_ancestors(machine, artifact, atlas, known) for artifact in artifacts)
            if known
            else (tuple(artifacts))
        )
    finally:
        atlas.close()


def _with_ancestors(machine: Machine, artifact: Artifact, atlas: "Atlas", known: Sequence["Known"]) -> Artifact:
    if artifact.format not in _FORMATS:
        return artifact
    measured = _sketch(machine, artifact, atlas)
    if measured is None:
        return artifact
    found = _measured(measured, artifact, known)
    if not found:
        return artifact
    names = {one.name.lower() for one in found}
    declared = [
        one for one in (artifact.ancestry or declared_ancestry(artifact.facts)) if one.name.lower() not in names
    ]
    lineage = dict.fromkeys((*(one.name for one in found), *(artifact.lineage or ancestors(artifact.facts))))
    return replace(artifact, ancestry=(*found, *declared), lineage=tuple(lineage))


def _sketch(machine: Machine, artifact: Artifact, atlas: "Atlas") -> "Sketch | None":
    from weighbridge.lineage.sketch import sketch
    from weighbridge.lineage.tensors import NoTable

    kept = atlas.seen(artifact.sha256) if artifact.sha256 is not None else None
    place = next((place for place in artifact.places if place.member is None), None)
    if kept is not None or place is None:
        return kept
    try:
        source = machine.open(machine.resolve(place.path))
    except OSError:
        return None
    try:
        made = sketch([source])
    except NoTable:
        return None
    finally:
        source.close()
    if artifact.sha256 is not None:
        atlas.keep_seen(artifact.sha256, made)
    return made


def _measured(measured: "Sketch", artifact: Artifact, known: Sequence["Known"]) -> tuple[Ancestor, ...]:
    from weighbridge.lineage.likeness import likeness

    paths = {place.path for place in artifact.places}
    found = []
    for model in known:
        if model.sha256 is not None and model.sha256 == artifact.sha256 and model.path in paths:
            continue  # the very file that was added
        answer = likeness(measured, model.sketch)
        # A file that is coarser than this one cannot be what this one was made from.
        if answer.relation is None or answer.later == "second":
            continue
        found.append(
            Ancestor(
                name=model.name,
                relation=answer.relation,
                grade=Grade.MEASURED,
                source="lineage atlas",
                sha256=model.sha256,
                license=model.license,
                score=round(answer.comparison.score, 4),
                detail=answer.detail,
            )
        )
    return tuple(sorted(found, key=lambda one: (-(one.score or 0), one.name))[:_MOST_ANCESTORS])
