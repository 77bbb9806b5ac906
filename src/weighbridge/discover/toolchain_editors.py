"""Extensions of editors: Visual Studio Code and its relatives by folder name, JetBrains IDEs by plugin folder.

Sources: Visual Studio Code, "Extension Marketplace" (`publisher.name-version[-platform]`); JetBrains, "Directories used
by the IDE" (plugins below the configuration or data folder of each product).
"""

import re
from collections.abc import Iterator

from weighbridge.discover.agent_places import places
from weighbridge.discover.toolchain_catalog import role_of
from weighbridge.discover.toolchain_walk import extension_folders
from weighbridge.host.machine import Machine
from weighbridge.model.place import display
from weighbridge.model.toolchain import Ecosystem, InstalledTool

_EXTENSION = re.compile(
    r"^([A-Za-z0-9][\w-]*\.[A-Za-z0-9][\w.-]*?)-(\d+\.\d+\.\d+[\w.]*?)(?:-[a-z]+\d*-[\w]+|-universal|-web)?$"
)
JETBRAINS = (
    "{data}/JetBrains/*/*",
    "{application}/JetBrains/*/plugins/*",
)
_JAR = re.compile(r"-(\d+(?:\.\d+)+[\w.-]*)\.jar$")


def extension_tools(machine: Machine) -> Iterator[InstalledTool]:
    """Yield the AI extensions of Visual Studio Code, Cursor, Windsurf and their relatives."""
    separator = b"\\" if machine.platform == "windows" else b"/"
    for folder in extension_folders(machine):
        try:
            listed = machine.list_directory(folder)
        except OSError:
            continue
        for entry in listed:
            found = _EXTENSION.match(display(entry.name)) if entry.kind in ("directory", "link") else None
            role = role_of(Ecosystem.VSCODE, found[1]) if found else ""
            if found and role:
                yield InstalledTool(
                    ecosystem=Ecosystem.VSCODE,
                    name=found[1].lower(),
                    version=found[2],
                    path=folder + separator + entry.name,
                    environment=folder,
                    role=role,
                )


def jetbrains_tools(machine: Machine) -> Iterator[InstalledTool]:
    """Yield the AI plugins of JetBrains IDEs; the version is that in the name of the plugin's own archive."""
    separator = b"\\" if machine.platform == "windows" else b"/"
    for pattern in JETBRAINS:
        for path in places(machine, pattern):
            name = display(path.rpartition(separator)[2])
            role = role_of(Ecosystem.JETBRAINS, name)
            if not role:
                continue
            try:
                inside = machine.list_directory(path + separator + b"lib")
            except OSError:
                continue
            versions = [found[1] for entry in inside if (found := _JAR.search(display(entry.name)))]
            own = [
                found[1]
                for entry in inside
                if display(entry.name).lower().startswith(name.lower()) and (found := _JAR.search(display(entry.name)))
            ]
            yield InstalledTool(
                ecosystem=Ecosystem.JETBRAINS,
                name=name,
                version=(own or [None])[0] if versions else None,
                path=path,
                environment=path.rpartition(separator)[0],
                role=role,
            )
