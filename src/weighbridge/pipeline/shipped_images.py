"""The images among what would ship, and what their layers say about the artifacts in them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from weighbridge.host.machine import Machine, OpenFile
from weighbridge.model.artifact import Artifact
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Assessment, Unexamined
from weighbridge.model.place import Place
from weighbridge.model.source import ByteSource
from weighbridge.pipeline.examined import Contents
from weighbridge.pipeline.images import Image, Names, fates, images, missing, names_in, opener
from weighbridge.pipeline.inner_parts import plain
from weighbridge.pipeline.inside import SEPARATOR

_Notes = dict[tuple[bytes, str | None], list[str]]

LAYER_FACT = "ship.layer"
"""Says in which layer of an image an artifact lies, and what later layers do about it."""


def with_layers(
    machine: Machine,
    roots: Sequence[bytes],
    artifacts: Sequence[Artifact],
    contents: Mapping[bytes, Contents] = MappingProxyType({}),
) -> tuple[Artifact, ...]:
    """Return `artifacts` with a fact for each that lies in a layer of an image.

    A file that a later layer deletes or replaces still ships in the earlier one, for everybody to take out.

    Args:
        machine: where layers are read that are not in `contents`.
        roots: what ships.
        artifacts: what was found in it.
        contents: what the scan found archives to be made of, by path: an archive is not expanded again for that.
    """
    notes: _Notes = {}
    places = [place for artifact in artifacts for place in artifact.places if place.member is not None]
    by_path: dict[bytes, list[Place]] = {}
    for place in places:
        by_path.setdefault(place.path, []).append(place)
    for path, inside in sorted(by_path.items()):
        if (known := contents.get(path)) is not None:
            _look_into(known.images, partial(_listed, known), inside, notes)
        else:
            _saved(machine, path, inside, notes)
    for folder in _layout_folders(machine, roots, {place.path for place in places}):
        _unpacked(machine, folder, places, contents, notes)
    if not notes:
        return tuple(artifacts)
    return tuple(_noted(artifact, notes) for artifact in artifacts)


def _noted(artifact: Artifact, notes: _Notes) -> Artifact:
    said = dict.fromkeys(note for place in artifact.places for note in notes.get((place.path, place.member), ()))
    facts = tuple(
        Fact(name=LAYER_FACT, value=note, grade=Grade.MEASURED, source="layers of the image") for note in said
    )
    return replace(artifact, facts=(*artifact.facts, *facts)) if facts else artifact


def _saved(machine: Machine, path: bytes, places: Sequence[Place], notes: _Notes) -> None:
    """Note what an image saved as one file says; `places` lie in it."""
    try:
        file = machine.open(path)
    except OSError:
        return
    try:
        open_file = opener(file, Budget())
        _look_into(images(open_file), lambda layer: names_in(open_file(layer)), places, notes)
    finally:
        file.close()


def _listed(known: Contents, layer: str | None) -> Iterable[str]:
    return known.listings.get(layer, ())


def _look_into(
    found: Sequence[Image], names: Callable[[str], Iterable[str]], places: Sequence[Place], notes: _Notes
) -> None:
    """Note what the images saved as one file say; `names` lists the files of a layer."""
    for image in found:
        layers = {layer: at for at, layer in enumerate(image.layers)}
        wanted: dict[tuple[int, str], Place] = {}
        for place in places:
            outer, _, inner = (place.member or "").partition(SEPARATOR)
            if inner and (at := layers.get(plain(outer))) is not None:
                wanted[at, inner.partition(SEPARATOR)[0]] = place
        _note(image, [partial(names, layer) for layer in image.layers], wanted, notes)


def _unpacked(
    machine: Machine, folder: bytes, places: Sequence[Place], contents: Mapping[bytes, Contents], notes: _Notes
) -> None:
    """Note what an image in a folder says."""
    opened: list[OpenFile] = []
    open_file = _opener(machine, folder, opened)

    def names(layer: str) -> Iterable[str]:
        known = contents.get(folder + b"/" + layer.encode("utf-8", "surrogateescape"))
        return _listed(known, None) if known is not None else names_in(open_file(layer))

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
            _note(image, [partial(names, layer) for layer in image.layers], wanted, notes)
    finally:
        for file in opened:
            file.close()


def layers_of_layouts(machine: Machine, roots: Sequence[bytes], paths: Sequence[bytes]) -> list[tuple[bytes, ...]]:
    """Return the layers, as absolute paths, of every image in a folder that has one of `paths` below it."""
    found: list[tuple[bytes, ...]] = []
    for folder in _layout_folders(machine, roots, paths):
        opened: list[OpenFile] = []
        try:
            found += [
                tuple(folder + b"/" + layer.encode("utf-8", "surrogateescape") for layer in image.layers)
                for image in images(_opener(machine, folder, opened))
            ]
        finally:
            for file in opened:
                file.close()
    return found


def without_plain_layers(
    machine: Machine,
    roots: Sequence[bytes],
    artifacts: Sequence[Artifact],
    contents: Mapping[bytes, Contents] = MappingProxyType({}),
) -> tuple[Artifact, ...]:
    """Return `artifacts` without layers that are told only for links out of their folder, or for devices.

    A layer is never extracted alone: an absolute link in it means the root of the image. See `with_layers`.
    """
    doubtful = [artifact for artifact in artifacts if _told_for_links(artifact)]
    if not doubtful:
        return tuple(artifacts)
    places = [place for artifact in doubtful for place in artifact.places]
    layers: dict[bytes, set[str]] = {}
    for path in {place.path for place in places if place.member is not None}:
        known = contents.get(path)
        found = known.images if known is not None else _images_in(machine, path)
        layers[path] = {layer for image in found for layer in image.layers}
    whole = {layer for image in layers_of_layouts(machine, roots, [place.path for place in places]) for layer in image}

    def is_layer(place: Place) -> bool:
        outer = (place.member or "").partition(SEPARATOR)[0]
        return place.path in whole or plain(outer) in layers.get(place.path, ())

    ordinary = {id(artifact) for artifact in doubtful if artifact.places and all(map(is_layer, artifact.places))}
    return tuple(artifact for artifact in artifacts if id(artifact) not in ordinary)


def _told_for_links(artifact: Artifact) -> bool:
    return (
        artifact.format == "tar"
        and artifact.assessment is Assessment.REVIEW
        and {finding.check for finding in artifact.findings} == {"outside-reference"}
    )


def _images_in(machine: Machine, path: bytes) -> tuple[Image, ...]:
    try:
        file = machine.open(path)
    except OSError:
        return ()
    try:
        return images(opener(file, Budget()))
    finally:
        file.close()


def missing_layers(machine: Machine, roots: Sequence[bytes], archives: Iterable[bytes]) -> tuple[Unexamined, ...]:
    """Return the layers that images in folders lack: at the roots, and above `archives`, which may be other layers."""
    found: list[Unexamined] = []
    for folder in dict.fromkeys((*_with_index(machine, roots), *_layout_folders(machine, roots, archives))):
        opened: list[OpenFile] = []
        try:
            found_here = images(_opener(machine, folder, opened))
        finally:
            for file in opened:
                file.close()
        paths = {layer: _below(folder, layer) for image in found_here for layer in image.layers}
        there = {layer for layer, path in paths.items() if _is_there(machine, path)}
        found += [
            Unexamined(path=paths[layer], reason=reason) for layer, reason in missing(found_here, there.__contains__)
        ]
    return tuple(found)


def _below(folder: bytes, name: str) -> bytes:
    return folder + b"/" + name.encode("utf-8", "surrogateescape")


def _with_index(machine: Machine, folders: Iterable[bytes]) -> list[bytes]:
    names = (b"index.json", b"manifest.json")
    return [folder for folder in folders if any(_is_there(machine, folder + b"/" + name) for name in names)]


def _opener(machine: Machine, folder: bytes, opened: list[OpenFile]) -> Callable[[str], ByteSource | None]:
    """Return what opens the files of an image in a folder, and notes them in `opened`."""

    def open_file(name: str) -> ByteSource | None:
        if any(part in ("", ".", "..") for part in name.split("/")):
            return None
        try:
            file = machine.open(folder + b"/" + name.encode("utf-8", "surrogateescape"))
        except (OSError, ValueError):
            return None
        opened.append(file)
        return file

    return open_file


def _note(
    image: Image,
    layers: Sequence[Names],
    wanted: dict[tuple[int, str], Place],
    notes: _Notes,
) -> None:
    if not wanted:
        return
    found = fates(layers, list(wanted))
    for key, place in wanted.items():
        text = f"layer {key[0] + 1} of {len(image.layers)} of {image.name[:100]}"
        if (fate := found.get(key)) is not None:
            word = "replaced" if fate.replaced else "deleted"
            text += f"; {word} in layer {fate.by}, and it still ships in layer {fate.layer}"
        notes.setdefault((place.path, place.member), []).append(text)


def _layout_folders(machine: Machine, roots: Sequence[bytes], paths: Iterable[bytes]) -> list[bytes]:
    """Return the folders above archives that may be an image: those with an `index.json` or a `manifest.json`."""
    found: dict[bytes, None] = {}
    for path in paths:
        folder = path
        for _ in range(3):
            folder = folder.rpartition(b"/")[0]
            if not folder or not any(folder == root or folder.startswith(root.rstrip(b"/") + b"/") for root in roots):
                break
            found.update(dict.fromkeys(_with_index(machine, [folder])))
    return sorted(found)


def _is_there(machine: Machine, path: bytes) -> bool:
    try:
        machine.stat(path)
    except OSError:
        return False
    return True
