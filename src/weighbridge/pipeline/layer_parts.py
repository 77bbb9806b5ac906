"""Parts of a model in one layer of an image in a folder that lie in another layer: external tensor data.

As `inner_parts` does for images saved as one file. Here every layer is a file of its own, so that what one lacks is
known only once all have been seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from weighbridge.host.machine import Machine
from weighbridge.model.budget import Budget
from weighbridge.model.finding import Finding
from weighbridge.pipeline.assemble import Sighting
from weighbridge.pipeline.examined import Examined
from weighbridge.pipeline.inner_parts import MISSING, is_pointer_source, plain

_SEPARATOR = "!/"
_Missing = dict[str, set[str]]
"""By member: the paths in the image that it lacks."""


def find_layer_parts(machine: Machine, roots: Sequence[bytes], sightings: Mapping[bytes, Sighting]) -> None:
    """Take back that a part is missing where another layer of the same image has it.

    Args:
        machine: where the layers are read; only if something is missing.
        roots: what the run looks at.
        sightings: by path; outcomes are replaced.
    """
    lacking = {path: missing for path, one in sightings.items() if (missing := _missing(one))}
    if not lacking:
        return
    from weighbridge.pipeline.shipped_images import layers_of_layouts  # with what reads archives by name

    for layers in layers_of_layouts(machine, roots, list(lacking)):
        here = [path for path in layers if path in lacking]
        wanted = {path for layer in here for paths in lacking[layer].values() for path in paths}
        if wanted:
            held = {layer: _held(machine, layer, wanted) for layer in layers}
            for layer in here:
                others = set[str]().union(*(held[other] for other in layers if other != layer))
                _complete(sightings[layer], lacking[layer], others - held[layer])


def _missing(sighting: Sighting) -> _Missing:
    return {
        piece.member: paths
        for piece in sighting.outcome.examined
        if piece.member is not None
        and piece.holds_model
        and _SEPARATOR not in piece.member
        and any(map(_says_missing, piece.findings))
        and (paths := _wanted(piece))
    }


def _wanted(piece: Examined) -> set[str]:
    folder = (piece.member or "").rpartition("/")[0]
    return {plain(f"{folder}/{part}") for part, required in piece.parts_wanted if required}


def _says_missing(finding: Finding) -> bool:
    return finding.check == "unread" and finding.message.endswith(f"{MISSING}.")


def _held(machine: Machine, layer: bytes, wanted: set[str]) -> set[str]:
    """Return which of the paths a layer has; a Git LFS pointer in place of a file is not the file."""
    from weighbridge.pipeline.inside import members

    try:
        file = machine.open(layer)
    except OSError:
        return set()
    try:
        found = ((plain(name), source) for name, source in members(file, Budget()))
        return {name for name, source in found if name in wanted and not is_pointer_source(source)}
    finally:
        file.close()


def _complete(sighting: Sighting, missing: _Missing, others: set[str]) -> None:
    examined = []
    for piece in sighting.outcome.examined:
        found = {path.rpartition("/")[2] for path in missing.get(piece.member or "", ()) if path in others}
        kept = tuple(one for one in piece.findings if not (_says_missing(one) and one.evidence.value in found))
        if len(kept) < len(piece.findings):
            from weighbridge.checks.assess import assess

            piece = replace(piece, findings=kept, assessment=assess(kept, holds_model=piece.holds_model))
        examined.append(piece)
    sighting.outcome = replace(sighting.outcome, examined=tuple(examined))
