"""What the fleet keeps to, as files: those that `wb fleet apply` takes again without changing anything."""

from collections.abc import Mapping
from typing import Any

import yaml
from sqlalchemy import Connection

from weighbridge.fleet.config_registry import SECTIONS
from weighbridge.fleet.config_section import Body, Section

ITEMS_IN_A_FILE = 1_000
"""A file has at most 256 KB and 50,000 values."""


def export(connection: Connection) -> dict[str, str]:
    """Return the texts of files by their names, a file or more for each section."""
    files: dict[str, str] = {}
    for section in SECTIONS.values():
        there = section.read(connection)
        keys = [key for key, body in there.items() if section.single or section.counts(body)]
        if section.single:
            files[f"{section.name}.yaml"] = _text(section, _one(section, keys[0], there[keys[0]]))
            continue
        for at in range(0, max(len(keys), 1), ITEMS_IN_A_FILE):
            part = [_one(section, key, there[key]) for key in keys[at : at + ITEMS_IN_A_FILE]]
            number = f"-{at // ITEMS_IN_A_FILE + 1:03d}" if len(keys) > ITEMS_IN_A_FILE else ""
            files[f"{section.name}{number}.yaml"] = _text(section, part)
    return files


def whole(files: Mapping[str, str]) -> str:
    """Return files as the text of a single one. Only what `export` gave for sections that fit into one file each."""
    return "\n".join(files[name] for name in files)


def _one(section: Section, key: str, body: Body) -> Body:
    if section.shown is not None:
        return section.shown(key, body)
    usual = section.body(_emptiest(section, key))
    return {"name": key, **{name: value for name, value in body.items() if value != usual.get(name, ...)}}


def _emptiest(section: Section, key: str) -> Any:  # noqa: ANN401  (an item of the section's type)
    """Return an item that says no more than it must, to see what is usual."""
    return section.item(name=key)


def _text(section: Section, value: object) -> str:
    body = yaml.safe_dump(
        {section.name: value}, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110
    )
    return f"# {section.about}\n{body}"
