"""Packages in `node_modules`, by folder name; of those that are AI tools the version is read from `package.json`."""

from collections.abc import Iterator

from weighbridge.discover.config_text import read_json
from weighbridge.discover.toolchain_catalog import role_of
from weighbridge.host.machine import Machine
from weighbridge.model.place import display
from weighbridge.model.source import LimitReached
from weighbridge.model.toolchain import Ecosystem, InstalledTool

_MOST_BYTES = 1 << 20


def npm_tools(machine: Machine, folder: bytes) -> Iterator[InstalledTool]:
    """Yield the AI tools in a `node_modules` folder; packages inside packages are not looked for."""
    separator = b"\\" if machine.platform == "windows" else b"/"
    for path, name in _packages(machine, folder, separator):
        role = role_of(Ecosystem.NPM, name)
        if role:
            version = manifest_version(machine, path + separator + b"package.json")
            yield InstalledTool(
                ecosystem=Ecosystem.NPM, name=name, version=version, path=path, environment=folder, role=role
            )


def _packages(machine: Machine, folder: bytes, separator: bytes) -> Iterator[tuple[bytes, str]]:
    for entry in _listed(machine, folder):
        path = folder + separator + entry
        if entry.startswith(b"@"):
            for inner in _listed(machine, path):
                yield path + separator + inner, f"{display(entry)}/{display(inner)}"
        elif not entry.startswith(b"."):
            yield path, display(entry)


def _listed(machine: Machine, folder: bytes) -> list[bytes]:
    try:
        return [entry.name for entry in machine.list_directory(folder) if entry.kind in ("directory", "link")]
    except OSError:
        return []


def manifest_version(machine: Machine, path: bytes) -> str | None:
    """Return `version` of a JSON manifest; None if it has none or cannot be read."""
    try:
        value = read_json(machine.read_file(path, _MOST_BYTES)).value
    except (OSError, LimitReached):
        return None
    version = value.get("version") if isinstance(value, dict) else None
    return version[:100] if isinstance(version, str) else None
