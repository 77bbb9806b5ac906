"""Container images: which layers, in which order, and what a later layer does to the files of an earlier one.

Sources: OCI Image Specification 1.1, "Image Layout" and "Layer Filesystem Changeset" (whiteouts `.wh.NAME` and
`.wh..wh..opq`); Docker Image Specification 1.2, "Combined Image JSON + Filesystem Changeset Format" (`manifest.json` of
`docker save`).
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from weighbridge.model.budget import Budget
from weighbridge.model.record import record
from weighbridge.model.source import ByteSource, LimitReached, SourceError
from weighbridge.pipeline.inner_parts import plain
from weighbridge.pipeline.inside import members

_LARGEST_JSON = 8 << 20
_MOST_LAYERS = 500
_MOST_MANIFESTS = 100
_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"

Open = Callable[[str], ByteSource | None]
"""Returns a file of an image by its name, None if there is none."""

Names = Callable[[], Iterable[str]]
"""Returns the names of all files of a layer, whiteouts included."""


@record
class Image:
    """One image: the names of its layers' files, the lowest first."""

    name: str
    layers: tuple[str, ...]


@record
class Fate:
    """What became of a file in a later layer."""

    layer: int
    """Counted from 1."""
    by: int
    """The later layer."""
    replaced: bool
    """Whether it has new content there; otherwise it was deleted."""


def images(open_file: Open) -> tuple[Image, ...]:
    """Return the images of an OCI layout or a `docker save`, whichever it is; nothing if it is neither."""
    saved = _json(open_file("manifest.json"))
    if isinstance(saved, list):
        found = []
        for one in saved[:_MOST_MANIFESTS]:
            layers = one.get("Layers") if isinstance(one, dict) else None
            if isinstance(layers, list) and all(isinstance(layer, str) for layer in layers):
                tags = one.get("RepoTags")
                named = tags[0] if isinstance(tags, list) and tags and isinstance(tags[0], str) else "image"
                found.append(Image(name=named, layers=tuple(map(plain, layers[:_MOST_LAYERS]))))
        return tuple(found)
    return tuple(_layout(open_file))


def fates(layers: Sequence[Names], wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Fate]:
    """Return what later layers do to files.

    Args:
        layers: what gives the names of all files of a layer, the lowest first.
        wanted: (index of the layer, path in it).
    """
    if not wanted:
        return {}
    found: dict[tuple[int, str], Fate] = {}
    for at in range(min(layer for layer, _ in wanted) + 1, len(layers)):
        waiting = {plain(path): (layer, path) for layer, path in wanted if layer < at and (layer, path) not in found}
        deleted, emptied, present = _changes(layers[at]())
        for path, key in waiting.items():
            parts = path.split("/")
            outer = ["/".join(parts[:length]) for length in range(len(parts))]
            gone = not (deleted.isdisjoint((*outer, path)) and emptied.isdisjoint(outer) and present.isdisjoint(outer))
            if gone or path in present:
                found[key] = Fate(layer=key[0] + 1, by=at + 1, replaced=path in present)
    return found


def missing(found: Iterable[Image], is_there: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """Yield the layers that images name and do not have, each once, with a reason for a person."""
    told: set[str] = set()
    for image in found:
        for number, layer in enumerate(image.layers, 1):
            if layer not in told and not is_there(layer):
                told.add(layer)
                yield layer, f"layer {number} of {len(image.layers)} of {image.name[:100]} is not here"


def _changes(names: Iterable[str]) -> tuple[set[str], set[str], set[str]]:
    """Return the paths that a layer deletes, the folders that it empties, and the files that it brings."""
    deleted: set[str] = set()
    emptied: set[str] = set()
    present: set[str] = set()
    for name in names:
        folder, _, base = plain(name).rpartition("/")
        if base == _OPAQUE:
            emptied.add(folder)
        elif base.startswith(_WHITEOUT):
            deleted.add(f"{folder}/{base[len(_WHITEOUT) :]}".lstrip("/"))
        else:
            present.add(plain(name))
    return deleted, emptied, present


def names_in(source: ByteSource | None) -> list[str]:
    """Return the names of all files of a layer; whiteouts are empty, so they are no members for a scan."""
    if source is None:
        return []
    from weighbridge.formats.codec import codec_of, stream
    from weighbridge.formats.tar_walk import walk

    budget = Budget()
    names: list[str] = []
    try:
        packed = codec_of(source.read(0, 4096))
        tar = source if packed is None else stream(source, packed[1], budget)
        names.extend(member.name for member in walk(tar, budget, []) if member.names_content)
    except (SourceError, LimitReached):
        pass  # the scan says what could not be read
    return names


def _layout(open_file: Open) -> list[Image]:
    waiting = [("index.json", "image")]
    seen: set[str] = set()
    found = []
    while waiting and len(seen) < _MOST_MANIFESTS:
        path, name = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        document = _json(open_file(path))
        if not isinstance(document, dict):
            continue
        for entry in _dicts(document.get("manifests")):
            blob = _blob(entry)
            notes = entry.get("annotations")
            called = notes.get("org.opencontainers.image.ref.name") if isinstance(notes, dict) else None
            if blob is not None:
                waiting.append((blob, called if isinstance(called, str) else name))
        layers = [blob for layer in _dicts(document.get("layers"))[:_MOST_LAYERS] if (blob := _blob(layer)) is not None]
        if layers:
            found.append(Image(name=name, layers=tuple(layers)))
    return found


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _blob(entry: dict[str, Any]) -> str | None:
    digest = entry.get("digest")
    if not isinstance(digest, str):
        return None
    algorithm, _, value = digest.partition(":")
    return f"blobs/{algorithm}/{value}" if algorithm.isalnum() and value.isalnum() else None


def _json(source: ByteSource | None) -> Any:  # noqa: ANN401  (JSON may be anything)
    try:
        if source is None or source.size > _LARGEST_JSON:
            return None
        return json.loads(source.read(0, source.size))
    except (SourceError, LimitReached, ValueError, RecursionError):
        return None


def opener(archive: ByteSource, budget: Budget) -> Open:
    """Return what opens the files of an image that was saved as one archive."""
    return finder(members(archive, budget))


def finder(files: Iterable[tuple[str, ByteSource]]) -> Open:
    """Return what opens `files` by name, however their archive writes it."""
    return {plain(name): source for name, source in files}.get
