"""Custom nodes of ComfyUI: Python code that runs with the interface. All of them are told, as all of them run.

Source: ComfyUI documentation, "Custom nodes" (a folder or file below `custom_nodes`) and "Registry" (`pyproject.toml`).
"""

from collections.abc import Iterator

from weighbridge.discover.config_text import at, read_config
from weighbridge.host.machine import Machine
from weighbridge.model.place import display
from weighbridge.model.source import LimitReached
from weighbridge.model.toolchain import Ecosystem, InstalledTool

_MOST_BYTES = 256 << 10


def comfyui_nodes(machine: Machine, folder: bytes) -> Iterator[InstalledTool]:
    """Yield the nodes in a `custom_nodes` folder; those that are switched off (`.disabled`) are left out."""
    separator = b"\\" if machine.platform == "windows" else b"/"
    try:
        listed = machine.list_directory(folder)
    except OSError:
        return
    for entry in listed:
        name = display(entry.name)
        if entry.kind not in ("directory", "link") or name.startswith((".", "__")) or name.endswith(".disabled"):
            continue
        path = folder + separator + entry.name
        yield InstalledTool(
            ecosystem=Ecosystem.COMFYUI,
            name=name[:200],
            version=_version(machine, path + separator + b"pyproject.toml"),
            path=path,
            environment=folder,
            role="plugin",
        )


def _version(machine: Machine, path: bytes) -> str | None:
    try:
        text = machine.read_file(path, _MOST_BYTES)
    except (OSError, LimitReached):
        return None
    version = at(read_config(b"pyproject.toml", text).value, "project/version")
    return version[:100] if isinstance(version, str) else None
