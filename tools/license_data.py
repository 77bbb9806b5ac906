"""Write the license data of the room `licensing` as the one module that scans read.

Run from the checkout: `python tools/license_data.py`. A test fails when the committed file differs. The module is
Python because a pure room opens no file, and one line a license because a scan needs few of them.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

from weighbridge.licensing.naming import loose, plain

ROOM = Path(__file__).parent.parent / "src/weighbridge/licensing"
TARGET = ROOM / "table_data.py"
HEAD = '''"""License table, labels and families; written by tools/license_data.py from the TOML files of this room."""

# ruff: noqa: E501  (a license is one line of data)

'''


def generated() -> str:
    """Return the content of the module."""
    entries = {path.stem: _toml(path) for path in sorted((ROOM / "table").glob("*.toml"))}
    labels, families = _toml(ROOM / "labels.toml"), _toml(ROOM / "families.toml")
    names = _names(entries)
    parts = [HEAD, "ENTRIES: dict[str, str] = {\n"]
    for name, values in entries.items():
        line = "|".join(names[name]) + "\t" + _json(values)
        parts.append(f"    {_text(name)}: {_text(line)},\n")
    parts.append("}\n\nLABELS = (\n")
    parts += [f"    {_text(_json(label))},\n" for label in labels["ambiguous"]]
    parts.append(f")\n\nNOTHING = {_text(_json(labels['nothing']))}\n\nFAMILIES = (\n")
    parts += [f"    {_text(_json(family))},\n" for family in families["family"]]
    parts.append(")\n")
    return "".join(parts)


def _names(entries: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    """Return every name of every license, as written and by its telling words; what names two is an error."""
    owner: dict[str, str] = {}
    for license_id, values in entries.items():
        spellings = [license_id, values["name"], *values.get("aliases", ())]
        spellings += [values[key] for key in ("spdx", "scancode", "hub_tag") if key in values]
        for form in (form for spelling in spellings for form in (plain(spelling), loose(spelling)) if form):
            if owner.setdefault(form, license_id) != license_id or "|" in form:
                raise ValueError(f"{form} names both {owner[form]} and {license_id}")
    return {name: sorted(form for form, license_id in owner.items() if license_id == name) for name in entries}


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _text(text: str) -> str:
    """Return a literal in the style of the formatter: double quotes unless that needs more escapes."""
    escaped = text.replace("\\", "\\\\").replace("\t", "\\t")
    if '"' in escaped and "'" not in escaped:
        return f"'{escaped}'"
    return (
        '"' + escaped.replace('"', '\\"') + '"'
        if escaped.count('"') <= escaped.count("'")
        else ("'" + escaped.replace("'", "\\'") + "'")
    )


if __name__ == "__main__":
    TARGET.write_text(generated(), encoding="utf-8")
