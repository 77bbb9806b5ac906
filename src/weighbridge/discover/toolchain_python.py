"""Python packages in environments on the disk, by the names of their metadata folders; no interpreter is run.

Sources: PyPA specification "Recording installed projects" (`name-version.dist-info`), Setuptools (`.egg-info`).
"""

import re
from collections.abc import Iterator

from weighbridge.discover.toolchain_catalog import role_of
from weighbridge.host.machine import Machine
from weighbridge.model.place import display
from weighbridge.model.toolchain import Ecosystem, InstalledTool

_DISTRIBUTION = re.compile(
    r"^([A-Za-z0-9][\w.]*(?:-[A-Za-z][\w.]*)*?)-(\d[^-]*)(?:-py[\d.]+(?:-\S+)?)?\.(?:dist-info|egg-info|egg)$"
)


def metadata_folders(machine: Machine, folder: bytes) -> Iterator[bytes]:
    """Yield the metadata folders of a `site-packages` or `dist-packages`; nothing if it cannot be listed."""
    separator = b"\\" if machine.platform == "windows" else b"/"
    try:
        listed = machine.list_directory(folder)
    except OSError:
        return
    for entry in listed:
        if entry.name.endswith((b".dist-info", b".egg-info")) and entry.kind in ("directory", "file"):
            yield folder + separator + entry.name


def python_tools(machine: Machine, folder: bytes) -> Iterator[InstalledTool]:
    """Yield the AI tools that a `site-packages` or `dist-packages` holds."""
    separator = b"\\" if machine.platform == "windows" else b"/"
    for path in metadata_folders(machine, folder):
        found = _DISTRIBUTION.match(display(path.rpartition(separator)[2]))
        if found is None:
            continue
        name = found[1].replace("_", "-")
        role = role_of(Ecosystem.PYPI, name)
        if role:
            yield InstalledTool(
                ecosystem=Ecosystem.PYPI,
                name=name,
                version=found[2],
                path=path,
                environment=_environment(folder, separator),
                role=role,
            )


def _environment(folder: bytes, separator: bytes) -> bytes:
    """Return the environment that a `site-packages` belongs to: what is above `lib/python3.x`."""
    parts = folder.split(separator)
    for name in (b"lib", b"lib64", b"Lib"):
        if name in parts[-4:]:
            place = len(parts) - 1 - parts[::-1].index(name)
            return separator.join(parts[:place]) or separator
    return folder
