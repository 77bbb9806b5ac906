"""The images among what would ship, and what their layers say about the artifacts in them."""

from collections.abc import Sequence
from dataclasses import replace

from weighbridge.host.machine import Machine, OpenFile
from weighbridge.model.artifact import Artifact
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.place import Place
from weighbridge.model.source import ByteSource
from weighbridge.pipeline.images import Image, Open, fates, images, opener
from weighbridge.pipeline.inside import SEPARATOR

LAYER_FACT = "ship.layer"
"""Says in which layer of an image an artifact lies, and what later layers do about it."""


def with_layers(machine: Machine, roots: Sequence[bytes], artifacts: Sequence[Artifact]) -> tuple[Artifact, ...]:
    """Return `artifacts` with a fact for each that lies in a layer of an image.

    A file that a later layer deletes or replaces still ships in the earlier one, for everybody to take out.
    """
    notes: dict[tuple[bytes, str | None], list[str]] = {}
    places = [place for artifact in artifacts for place in artifact.places if place.member is not None]
    by_path: dict[bytes, list[Place]] = {}
    for place in places:
        by_path.setdefault(place.path, []).append(place)
    for path, inside in sorted(by_path.items()):
        _saved(machine, path, inside, notes)
    for folder in _layout_folders(machine, roots, places):
        _unpacked(machine, folder, places, notes)
    if not notes:
        return tuple(artifacts)
    return tuple(_noted(artifact, notes) for artifact in artifacts)


def _noted(artifact: Artifact, notes: dict[tuple[bytes, str | None], list[str]]) -> Artifact:
    said = dict.fromkeys(note for place in artifact.places for note in notes.get((place.path, place.member), ()))
    facts = tuple(
        Fact(name=LAYER_FACT, value=note, grade=Grade.MEASURED, source="layers of the image") for note in said
    )
    return replace(artifact, facts=(*artifact.facts, *facts)) if facts else artifact


def _saved(
    machine: Machine, path: bytes, places: Sequence[Place], notes: dict[tuple[bytes, str | None], list[str]]
) -> None:
    """Note what an image saved as one file says; `places` lie in it."""
    try:
        file = machine.open(path)
    except OSError:
        return
    try:
        open_file = opener(file, Budget())
        for image in images(open_file):
            layers = {layer: at for at, layer in enumerate(image.layers)}
            wanted: dict[tuple[int, str], Place] = {}
            for place in places:
                outer, _, inner = (place.member or "").partition(SEPARATOR)
                if inner and outer in layers:
                    wanted[layers[outer], inner.partition(SEPARATOR)[0]] = place
            _note(image, open_file, wanted, notes)
    finally:
        file.close()


def _unpacked(
    machine: Machine, folder: bytes, places: Sequence[Place], notes: dict[tuple[bytes, str | None], list[str]]
) -> None:
    """Note what an image in a folder says."""
    opened: list[OpenFile] = []

    def open_file(name: str) -> ByteSource | None:
        if any(part in ("", ".", "..") for part in name.split("/")):
            return None
        try:
            file = machine.open(folder + b"/" + name.encode("utf-8", "surrogateescape"))
        except (OSError, ValueError):
            return None
        opened.append(file)
        return file

    try:
        for image in images(open_file):
            layers = {
                folder + b"/" + layer.encode("utf-8", "surrogateescape"): at for at, layer in enumerate(image.layers)
            }
            wanted = {
                (layers[place.path], (place.member or "").partition(SEPARATOR)[0]): place
                for place in places
                if place.path in layers
            }
            _note(image, open_file, wanted, notes)
    finally:
        for file in opened:
            file.close()


def _note(
    image: Image,
    open_file: Open,
    wanted: dict[tuple[int, str], Place],
    notes: dict[tuple[bytes, str | None], list[str]],
) -> None:
    if not wanted:
        return
    found = fates([open_file(layer) for layer in image.layers], list(wanted))
    for key, place in wanted.items():
        text = f"layer {key[0] + 1} of {len(image.layers)} of {image.name[:100]}"
        if (fate := found.get(key)) is not None:
            word = "replaced" if fate.replaced else "deleted"
            text += f"; {word} in layer {fate.by}, and it still ships in layer {fate.layer}"
        notes.setdefault((place.path, place.member), []).append(text)


def _layout_folders(machine: Machine, roots: Sequence[bytes], places: Sequence[Place]) -> list[bytes]:
    """Return the folders above archives that may be an image: those with an `index.json` or a `manifest.json`."""
    found: dict[bytes, None] = {}
    for path in {place.path for place in places}:
        folder = path
        for _ in range(3):
            folder = folder.rpartition(b"/")[0]
            if not folder or not any(folder == root or folder.startswith(root.rstrip(b"/") + b"/") for root in roots):
                break
            if any(_is_there(machine, folder + b"/" + name) for name in (b"index.json", b"manifest.json")):
                found[folder] = None
    return sorted(found)


def _is_there(machine: Machine, path: bytes) -> bool:
    try:
        machine.stat(path)
    except OSError:
        return False
    return True
