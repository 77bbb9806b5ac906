"""Finds the folders that hold installed tools: Python environments, `node_modules`, ComfyUI nodes, editor extensions.

One bounded walk over the given folders looks at names only; links are not followed, and folders of packages are not
entered. What is outside of homes stands at known places.
"""

from collections.abc import Iterable, Iterator
from dataclasses import field

from weighbridge.discover.agent_places import places
from weighbridge.discover.noise import noise_of
from weighbridge.host.machine import Machine
from weighbridge.model.finding import Unexamined
from weighbridge.model.record import draft

MOST_FOLDERS = 200_000
DEEPEST = 12
PYTHON = (b"site-packages", b"dist-packages")
NODE = b"node_modules"
COMFYUI = b"custom_nodes"
_LEFT_OUT = frozenset(
    {
        b".git",
        b"__pycache__",
        b".Trash",
        b".hg",
        b".svn",
        b"__pypackages__",
        b"Cache",
        b"CacheStorage",
    }
)
_PLACES: dict[str, tuple[bytes, ...]] = {
    "linux": (b"/opt", b"/srv", b"/usr/local/lib", b"/usr/lib/node_modules", b"/usr/lib/python3"),
    "darwin": (b"/Library/Frameworks/Python.framework/Versions", b"/usr/local/lib", b"/opt/homebrew/lib"),
    "windows": (b"C:\\Program Files\\nodejs",),
}


@draft
class ToolFolders:
    """Folders by what they hold."""

    python: list[bytes] = field(default_factory=list)
    node: list[bytes] = field(default_factory=list)
    comfyui: list[bytes] = field(default_factory=list)
    unexamined: list[Unexamined] = field(default_factory=list)


def system_roots(machine: Machine) -> tuple[bytes, ...]:
    """Return the folders outside of homes in which tools are installed for everybody."""
    return _PLACES[machine.platform]


def tool_folders(machine: Machine, roots: Iterable[bytes], *, most: int = MOST_FOLDERS) -> ToolFolders:
    """Return the folders with tools below `roots`, in byte order; what was left out is said."""
    found = ToolFolders()
    noise = noise_of(machine)
    separator = b"\\" if machine.platform == "windows" else b"/"
    waiting = [(root.rstrip(separator) or separator, 0) for root in sorted(set(roots), reverse=True)]
    seen: set[bytes] = set()
    looked = 0
    while waiting:
        path, depth = waiting.pop()
        if path in seen or (depth and path in noise.silent):
            continue
        seen.add(path)
        if depth and path in noise.network:  # one that is asked for is looked at
            found.unexamined.append(Unexamined(path=path, reason=f"on a network filesystem ({noise.network[path]})"))
            continue
        if looked >= most:
            reason = f"more than {most:,} folders: not all were searched for tools"
            found.unexamined.append(Unexamined(path=path, reason=reason))
            break
        looked += 1
        name = path.rpartition(separator)[2]
        if name in PYTHON:
            found.python.append(path)
            continue
        if name == NODE:
            found.node.append(path)
            continue
        if name == COMFYUI:
            found.comfyui.append(path)
        waiting += [(step, depth + 1) for step in _below(machine, path, separator, depth, found)]
    for kind in (found.python, found.node, found.comfyui):
        kind.sort()
    return found


def _below(machine: Machine, path: bytes, separator: bytes, depth: int, found: ToolFolders) -> Iterator[bytes]:
    if depth >= DEEPEST:
        return
    try:
        entries = machine.list_directory(path)
    except FileNotFoundError:
        return
    except OSError as error:
        if depth == 0:
            found.unexamined.append(Unexamined(path=path, reason=(error.strerror or str(error)).lower()))
        return
    for entry in reversed(entries):
        if entry.kind == "directory" and entry.name not in _LEFT_OUT:
            yield path.rstrip(separator) + separator + entry.name


def extension_folders(machine: Machine) -> Iterator[bytes]:
    """Yield the folders in which editors of the Visual Studio Code family keep extensions, if they are there."""
    names: tuple[str, ...] = (
        ".vscode",
        ".vscode-insiders",
        ".vscode-server",
        ".vscode-oss",
        ".cursor",
        ".cursor-server",
        ".windsurf",
    )
    names += (".windsurf-server", ".kiro", ".antigravity", ".trae", ".positron")
    for name in names:
        yield from places(machine, f"{{home}}/{name}/extensions")
