"""What a file in `signatures/` says, checked.

One TOML file per store, the file name is its id:

    title           the product, as its makers write it
    layout          how files lie below the store's folder, for a person
    name_parts      how many leading parts of a file's path make up what the store calls the model; 0: its file name
    source          where these facts were read
    checked         when
    confidence      source, docs, peer or unverified
    recognize       names that together stand in such a store's folder and hardly in any other (optional)
    [paths]         linux, darwin, windows: folders; `{home}` is each home, the rest as in `BASES`
    [[environment]] variable that moves the store, and the folder `below` its value
"""

from typing import Any

from weighbridge.host.machine import Platform
from weighbridge.model.record import record

CONFIDENCES = ("source", "docs", "peer", "unverified")
PLATFORMS: tuple[Platform, ...] = ("linux", "darwin", "windows")
BASES: dict[str, tuple[str, str]] = {
    "{cache}": ("XDG_CACHE_HOME", "{home}/.cache"),
    "{data}": ("XDG_DATA_HOME", "{home}/.local/share"),
    "{local}": ("LOCALAPPDATA", "{home}\\AppData\\Local"),
    "{roaming}": ("APPDATA", "{home}\\AppData\\Roaming"),
}
"""Placeholder -> environment variable and default."""
_KEYS = {"title", "layout", "name_parts", "source", "checked", "confidence", "recognize", "paths", "environment"}


@record
class Moved:
    """An environment variable that says where a store is."""

    variable: str
    below: str
    """Folder below the variable's value, empty for the value itself."""


@record
class Signature:
    """One plain-folder store."""

    id: str
    title: str
    layout: str
    name_parts: int
    source: str
    checked: str
    confidence: str
    paths: dict[Platform, tuple[str, ...]]
    moved: tuple[Moved, ...]
    recognize: tuple[str, ...]


def signature_of(store_id: str, content: dict[str, Any]) -> Signature:
    """Return the signature with the content of its file. Raises ValueError naming the key at fault."""
    if unknown := set(content) - _KEYS:
        raise ValueError(f"{store_id}: unknown key {min(unknown)!r}")
    if missing := _KEYS - {"recognize", "environment"} - set(content):
        raise ValueError(f"{store_id}: missing key {min(missing)!r}")
    if content["confidence"] not in CONFIDENCES:
        raise ValueError(f"{store_id}: confidence is one of {', '.join(CONFIDENCES)}")
    if not isinstance(content["name_parts"], int) or not 0 <= content["name_parts"] <= 6:
        raise ValueError(f"{store_id}: name_parts is a number from 0 to 6")
    if set(content["paths"]) != set(PLATFORMS):
        raise ValueError(f"{store_id}: paths needs {', '.join(PLATFORMS)}")
    return Signature(
        id=store_id,
        title=_text(store_id, content, "title"),
        layout=_text(store_id, content, "layout"),
        name_parts=content["name_parts"],
        source=_text(store_id, content, "source"),
        checked=str(content["checked"]),
        confidence=content["confidence"],
        paths={platform: tuple(map(str, content["paths"][platform])) for platform in PLATFORMS},
        moved=tuple(
            Moved(variable=_text(store_id, item, "variable"), below=str(item.get("below", "")))
            for item in content.get("environment", ())
        ),
        recognize=tuple(map(str, content.get("recognize", ()))),
    )


def _text(store_id: str, content: dict[str, Any], key: str) -> str:
    value = content.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{store_id}: {key} is a text")
    return value
