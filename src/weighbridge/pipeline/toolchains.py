"""Python distributions installed under the scanned paths: a virtual environment or `site-packages` beside the models.

Only names of folders and two small files of each distribution are read; nothing is imported. Bounded, and what was
left out is said.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from weighbridge.bom.distribution import Distribution, read_distribution
from weighbridge.discover.toolchain_python import metadata_folders
from weighbridge.discover.toolchain_walk import tool_folders
from weighbridge.host.machine import Machine
from weighbridge.model.finding import Unexamined
from weighbridge.model.source import LimitReached

MOST_FOLDERS = 50_000
MOST_DISTRIBUTIONS = 5_000
_METADATA_BYTES = 1 << 20
_RECORD_BYTES = 32 << 20


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
    folders = tool_folders(machine, roots, most=MOST_FOLDERS)
    found.unexamined += (item for item in folders.unexamined if item.reason.startswith("more than"))
    for folder in folders.python:
        for path in metadata_folders(machine, folder):
            if not path.endswith(b".dist-info"):
                continue
            if len(found.distributions) >= MOST_DISTRIBUTIONS:
                reason = f"more than {MOST_DISTRIBUTIONS} Python distributions"
                found.unexamined.append(Unexamined(path=folder, reason=reason))
                return _sorted(found)
            _read(machine, path, separator, shown, found)
    return _sorted(found)


def _sorted(found: Toolchains) -> Toolchains:
    found.distributions.sort(key=lambda item: (item.name.lower(), item.version, item.path))
    return found


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
