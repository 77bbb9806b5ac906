"""Python distributions installed under the scanned paths: a virtual environment or `site-packages` beside the models.

Only names of folders and two small files of each distribution are read; nothing is imported. Bounded, and what was
left out is said.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from weighbridge.bom.distribution import Distribution, read_distribution
from weighbridge.host.machine import Machine
from weighbridge.model.finding import Unexamined
from weighbridge.model.source import LimitReached

MOST_FOLDERS = 50_000
MOST_DISTRIBUTIONS = 5_000
DEEPEST = 12
_METADATA_BYTES = 1 << 20
_RECORD_BYTES = 32 << 20
_PACKAGES = (b"site-packages", b"dist-packages")
_LEFT_OUT = frozenset({b".git", b"node_modules", b"__pycache__"})


@dataclass(kw_only=True)
class Toolchains:
    """What was found, and what could not be read."""

    distributions: list[Distribution] = field(default_factory=list)
    unexamined: list[Unexamined] = field(default_factory=list)


def find_toolchains(machine: Machine, roots: tuple[bytes, ...], shown: Callable[[bytes], str]) -> Toolchains:
    """Return the distributions below `roots`, sorted by name, version and path.

    Args:
        machine: where to look.
        roots: absolute folders; never the whole machine.
        shown: how documents show a path.
    """
    found = Toolchains()
    separator = b"\\" if machine.platform == "windows" else b"/"
    for folder in _package_folders(machine, roots, separator, found):
        for path in _metadata_folders(machine, folder, separator):
            if len(found.distributions) >= MOST_DISTRIBUTIONS:
                reason = f"more than {MOST_DISTRIBUTIONS} Python distributions"
                found.unexamined.append(Unexamined(path=folder, reason=reason))
                return _sorted(found)
            _read(machine, path, separator, shown, found)
    return _sorted(found)


def _sorted(found: Toolchains) -> Toolchains:
    found.distributions.sort(key=lambda item: (item.name.lower(), item.version, item.path))
    return found


def _package_folders(
    machine: Machine, roots: tuple[bytes, ...], separator: bytes, found: Toolchains
) -> Iterator[bytes]:
    """Yield the folders that hold installed distributions; links are not followed."""
    waiting = [(root.rstrip(separator) or separator, 0) for root in reversed(roots)]
    looked = 0
    while waiting:
        path, depth = waiting.pop()
        if looked >= MOST_FOLDERS:
            reason = f"more than {MOST_FOLDERS} folders: not all were searched for Python distributions"
            found.unexamined.append(Unexamined(path=path, reason=reason))
            return
        looked += 1
        if path.rpartition(separator)[2] in _PACKAGES:
            yield path
            continue
        try:
            listed = machine.list_directory(path)
        except OSError:
            continue  # the scan itself reports what it could not list
        if depth < DEEPEST:
            waiting += [
                (path.rstrip(separator) + separator + entry.name, depth + 1)
                for entry in reversed(listed)
                if entry.kind == "directory" and entry.name not in _LEFT_OUT
            ]


def _metadata_folders(machine: Machine, folder: bytes, separator: bytes) -> Iterator[bytes]:
    try:
        listed = machine.list_directory(folder)
    except OSError:
        return
    for entry in listed:
        if entry.kind == "directory" and entry.name.endswith(b".dist-info"):
            yield folder + separator + entry.name


def _read(machine: Machine, path: bytes, separator: bytes, shown: Callable[[bytes], str], found: Toolchains) -> None:
    try:
        metadata = machine.read_file(path + separator + b"METADATA", _METADATA_BYTES)
    except (OSError, LimitReached) as error:
        found.unexamined.append(Unexamined(path=path, reason=f"metadata could not be read: {_words(error)}"))
        return
    try:
        record_file = machine.read_file(path + separator + b"RECORD", _RECORD_BYTES)
    except (OSError, LimitReached):
        record_file = None
    distribution = read_distribution(shown(path), metadata, record_file)
    if distribution is None:
        found.unexamined.append(Unexamined(path=path, reason="metadata has no name or version"))
    else:
        found.distributions.append(distribution)


def _words(error: OSError | LimitReached) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
