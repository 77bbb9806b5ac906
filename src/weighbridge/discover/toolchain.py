"""All AI tools on a machine, in reading order. No interpreter and no package manager is run."""

from collections.abc import Iterable

from weighbridge.discover.toolchain_comfyui import comfyui_nodes
from weighbridge.discover.toolchain_editors import extension_tools, jetbrains_tools
from weighbridge.discover.toolchain_npm import npm_tools
from weighbridge.discover.toolchain_packages import brew_tools, debian_tools
from weighbridge.discover.toolchain_python import python_tools
from weighbridge.discover.toolchain_walk import system_roots, tool_folders
from weighbridge.host.machine import Machine
from weighbridge.model.toolchain import InstalledTool, ToolInventory


def tool_inventory(machine: Machine, roots: Iterable[bytes] = ()) -> ToolInventory:
    """Return the AI tools in homes, at the places for everybody, and below `roots`; sorted, without repetition."""
    folders = tool_folders(machine, (*machine.homes(), *system_roots(machine), *roots))
    tools: dict[InstalledTool, None] = {}
    for folder in folders.python:
        tools |= dict.fromkeys(python_tools(machine, folder))
    for folder in folders.node:
        tools |= dict.fromkeys(npm_tools(machine, folder))
    for folder in folders.comfyui:
        tools |= dict.fromkeys(comfyui_nodes(machine, folder))
    for found in (extension_tools(machine), jetbrains_tools(machine), brew_tools(machine), debian_tools(machine)):
        tools |= dict.fromkeys(found)
    return ToolInventory(
        tools=tuple(sorted(tools, key=lambda one: (one.ecosystem, one.name.lower(), one.path))),
        unexamined=tuple(folders.unexamined),
        environments=(*folders.python, *folders.node, *folders.comfyui),
    )
