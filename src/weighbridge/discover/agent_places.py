"""From a place in the catalog of agents to the paths at which it is on this machine.

Only folders that a pattern leads through are listed; `**` goes at most six folders down.
"""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from weighbridge.discover.agent_bases import BASES, EDITOR_BASES, EDITORS
from weighbridge.discover.agent_catalog import CatalogAgent
from weighbridge.host.machine import Machine

_MOST = 2000
_DEEPEST = 6


def places(machine: Machine, pattern: str, projects: Iterable[bytes] = ()) -> Iterator[bytes]:
    """Yield the paths that a pattern may mean on `machine`; whether they exist is known only of those with a `*`."""
    for path in dict.fromkeys(_rooted(machine, pattern, projects)):
        yield from _globbed(machine, path)


def places_of(machine: Machine, agent: CatalogAgent, pattern: str, projects: Iterable[bytes] = ()) -> Iterator[bytes]:
    """Yield the paths that a place of an agent may mean, also where a variable moved it to."""
    separator = b"\\" if machine.platform == "windows" else b"/"
    for moved in agent.moved:
        rest = pattern.removeprefix(moved.replaces)
        if rest == pattern or rest[:1] not in ("", "/"):
            continue
        value = machine.environment(moved.variable)
        if value:
            start = value.encode("utf-8", "surrogateescape").rstrip(b"/\\")
            yield from _globbed(machine, start + _native(moved.below + rest, separator))
    yield from places(machine, pattern, projects)


def _rooted(machine: Machine, pattern: str, projects: Iterable[bytes]) -> Iterator[bytes]:
    separator = b"\\" if machine.platform == "windows" else b"/"
    if pattern.startswith("{project}"):
        inside = _native(pattern.removeprefix("{project}"), separator)
        for project in projects:
            yield project.rstrip(separator) + inside
        return
    expanded = [pattern]
    if pattern.startswith("{editor}"):
        rest = pattern.removeprefix("{editor}")
        expanded = [base.replace("{editor}", name) + rest for base in EDITOR_BASES for name in EDITORS]
    for one in expanded:
        base, _, rest = one.partition("}")
        base += "}"
        if base == "{home}":
            start = "{home}"
        elif machine.platform in BASES[base]:
            variable, default = BASES[base][machine.platform]
            start = (machine.environment(variable) if variable else None) or default
            if start is not default:
                yield start.encode("utf-8", "surrogateescape").rstrip(separator) + _native(rest, separator)
                start = default  # a variable moves it for this user; other homes may have it where it is by default
        else:
            continue
        if start.startswith("{home}"):
            below = _native(start.removeprefix("{home}") + rest, separator)
            for home in machine.homes():
                yield home + below
        else:
            yield _native(start + rest, separator)


def _native(path: str, separator: bytes) -> bytes:
    return path.encode("utf-8", "surrogateescape").replace(b"/", separator)


def _globbed(machine: Machine, path: bytes) -> Iterator[bytes]:
    if b"*" not in path:
        yield path
        return
    separator = b"\\" if machine.platform == "windows" else b"/"
    parts = path.split(separator)
    fixed = next(position for position, part in enumerate(parts) if b"*" in part)
    found = 0
    waiting = [(separator.join(parts[:fixed]), fixed, 0)]
    while waiting and found < _MOST:
        folder, position, depth = waiting.pop()
        part = parts[position]
        last = position == len(parts) - 1
        if part == b"**":
            waiting.append((folder, position + 1, depth))
        elif b"*" not in part:
            step = folder + separator + part
            if last:
                found += 1
                yield step
            else:
                waiting.append((step, position + 1, depth))
            continue
        try:
            entries = machine.list_directory(folder)
        except OSError:
            continue
        for entry in entries[:_MOST]:
            step = folder + separator + entry.name
            if part == b"**":
                if entry.kind == "directory" and depth < _DEEPEST:
                    waiting.append((step, position, depth + 1))
            elif fnmatchcase(entry.name.decode("utf-8", "replace"), part.decode()):
                if last:
                    found += 1
                    yield step
                elif entry.kind in ("directory", "link"):
                    waiting.append((step, position + 1, depth))


def for_people(pattern: str) -> tuple[str, ...]:
    """Return a place as the page "What Weighbridge looks at" writes it, on all platforms."""
    if pattern.startswith("{project}"):
        return (f"<project>{pattern.removeprefix('{project}')}",)
    if pattern.startswith("{home}"):
        return (f"~{pattern.removeprefix('{home}')}",)
    if pattern.startswith("{editor}"):
        rest = pattern.removeprefix("{editor}")
        return tuple(one for base in EDITOR_BASES for one in for_people(base.replace("{editor}", "*") + rest))
    base, _, rest = pattern.partition("}")
    shown: dict[str, None] = {}
    for variable, default in BASES[base + "}"].values():
        shown[default.replace("{home}", "~").replace("\\", "/") + rest] = None
        if variable:
            shown[f"${variable}{rest}"] = None
    return tuple(shown)
