"""Configuration files as items: strict YAML, every key known, every item named once.

In: the contents of files. Out: items with the place where each stands. A file holds any sections; a section may be
spread over files, which are read in the order of their names.
"""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec import Struct

from weighbridge.fleet.config_registry import SECTIONS
from weighbridge.fleet.config_section import Section, refused
from weighbridge.model.errors import WeighbridgeError
from weighbridge.policy.settings_file import convert
from weighbridge.policy.strict_yaml import Document, read_yaml

MOST_FILES = 200
FORMAT = 1
_HINT = "docs/howto/configure-as-files.md shows what a file may say"
_OF_POLICIES = ("E-policy-yaml", "E-policy-settings")


class Item(NamedTuple):
    """One item as a file says it."""

    section: Section
    key: str
    value: Any
    source: str
    """File and line."""


class Files(NamedTuple):
    """What files say."""

    items: list[Item]
    sections: frozenset[str]
    """That a file names, be it without an item."""


_File: type[Struct] = msgspec.defstruct(
    "File",
    [
        ("format", Literal[1], FORMAT),
        *(
            (one.name, one.item, msgspec.field(default_factory=one.item))
            if one.single
            else (one.name, list[one.item], msgspec.field(default_factory=list))  # type: ignore[name-defined]
            for one in SECTIONS.values()
        ),
    ],
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
)


def read_files(contents: Mapping[str, bytes]) -> Files:
    """Return what files say.

    Args:
        contents: by the name that messages call a file.

    Raises:
        WeighbridgeError: `E-config`, with file, line and the nearest name.
    """
    if len(contents) > MOST_FILES:
        raise refused(f"these are {len(contents)} files, and {MOST_FILES} are the most", "put more into each of them")
    items: list[Item] = []
    seen: dict[tuple[str, str], str] = {}
    named: set[str] = set()
    for file in sorted(contents):
        for item in _of_file(file, contents[file], named):
            other = seen.setdefault((item.section.name, item.key), item.source)
            if other != item.source:
                what = "its settings" if item.section.single else f"`{item.key}` of `{item.section.name}`"
                raise refused(f"{item.source} says {what} again: {other} does", "keep one of the two")
            items.append(item)
    order = list(SECTIONS)
    items.sort(key=lambda item: order.index(item.section.name))
    return Files(items, frozenset(named))


def _of_file(file: str, content: bytes, named: set[str]) -> list[Item]:
    try:
        document = read_yaml(file, content)
        if document.value is None:
            return []
        if not isinstance(document.value, dict):
            raise refused(f"{file}:1 is not a list of sections", f"a section is one of {', '.join(SECTIONS)}")
        read = convert(document, _File)
    except WeighbridgeError as error:
        if error.code not in _OF_POLICIES:
            raise
        hint = _HINT if "wb policy" in error.hint or "not policy" in error.hint else error.hint
        raise refused(error.message, hint) from None
    found = []
    for name in document.value:
        section = SECTIONS.get(name)
        if section is None:
            continue
        named.add(name)
        for index, value in enumerate([getattr(read, name)] if section.single else getattr(read, name)):
            path = (name,) if section.single else (name, index)
            found.append(_item(document, path, section, value))
    return found


def _item(document: Document, path: tuple[str | int, ...], section: Section, value: object) -> Item:
    source = f"{document.file}:{document.line(path)}"
    try:
        key = section.key(value)
    except WeighbridgeError as error:
        raise refused(f"{source} {error.message}", error.hint) from None
    return Item(section, key, value, source)
