"""What the probes of known stores share: listing and small files, with failures as values."""

import json
import re
from collections.abc import Iterator
from typing import Any

from weighbridge.host.machine import Entry, Machine
from weighbridge.model.fact import Fact, FactValue, Grade
from weighbridge.model.finding import Unexamined
from weighbridge.model.source import LimitReached

_SMALL = 4 << 20
_MOST_ENTRIES = 200_000
SHA256 = re.compile(r"[0-9a-f]{64}")


def separator(machine: Machine) -> bytes:
    """Return what stands between the parts of a path on `machine`."""
    return b"\\" if machine.platform == "windows" else b"/"


def join(machine: Machine, *parts: bytes) -> bytes:
    """Return one path."""
    return separator(machine).join(parts)


def entries(machine: Machine, folder: bytes) -> list[Entry]:
    """Return what is in `folder`, nothing if it is not there or may not be read: the sweep says so."""
    try:
        return machine.list_directory(folder)
    except OSError:
        return []


def files_below(machine: Machine, folder: bytes, depth: int = 8) -> Iterator[tuple[bytes, Entry]]:
    """Yield path and entry of everything below `folder` that is no folder; links are not followed."""
    waiting = [(folder, depth)]
    count = 0
    while waiting and count < _MOST_ENTRIES:
        path, levels = waiting.pop()
        for entry in entries(machine, path):
            count += 1
            below = join(machine, path, entry.name)
            if entry.kind == "directory":
                if levels:
                    waiting.append((below, levels - 1))
            else:
                yield below, entry


def small_file(machine: Machine, path: bytes, limit: int = _SMALL) -> bytes | Unexamined:
    """Return the content of a small file, or why it could not be had."""
    try:
        return machine.read_file(path, limit)
    except OSError as error:
        return Unexamined(path=path, reason=(error.strerror or str(error)).lower())
    except LimitReached as error:
        return Unexamined(path=path, reason=str(error))


def small_json(machine: Machine, path: bytes) -> dict[str, Any] | Unexamined:
    """Return the JSON object in a small file, or why there is none."""
    content = small_file(machine, path)
    return content if isinstance(content, Unexamined) else json_object(path, content)


def json_object(path: bytes, content: bytes) -> dict[str, Any] | Unexamined:
    """Return the JSON object that `content`, read from `path`, is, or why it is none."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return Unexamined(path=path, reason="not JSON")
    return value if isinstance(value, dict) else Unexamined(path=path, reason="not a JSON object")


def declared(name: str, value: FactValue, source: str) -> Fact:
    """Return a fact that the store states."""
    return Fact(name=name, value=value, grade=Grade.DECLARED, source=source)


def claimed(digest: object) -> str | None:
    """Return the hex digits of `sha256:<hex>` or `sha256-<hex>`, None for anything else."""
    if not isinstance(digest, str):
        return None
    digits = digest.removeprefix("sha256:").removeprefix("sha256-")
    return digits if SHA256.fullmatch(digits) else None


def text(value: object) -> str | None:
    """Return `value` if it is a text with something in it."""
    return value if isinstance(value, str) and value.strip() else None


def listed(value: object) -> list[Any]:
    """Return `value` if it is a list, else an empty one."""
    return value if isinstance(value, list) else []
