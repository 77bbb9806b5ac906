"""Bills of materials from files, ours or others', read with suspicion.

In: bytes. Out: a `Bom` record, or the list of files with digests that it names. What a foreign document states is
`declared`, whatever it says of itself; grades count only where our own properties carry them.
"""

import json
from typing import Any, NamedTuple

from weighbridge.bom.component import Bom
from weighbridge.bom.read_cyclonedx import read_cyclonedx
from weighbridge.bom.read_spdx import read_spdx
from weighbridge.model.errors import WeighbridgeError

LARGEST_BYTES = 256 << 20
DEEPEST = 200
"""Levels of nesting that are followed; the JSON reader of the library would exhaust its stack somewhat later."""


class Entry(NamedTuple):
    """One file that a document names by its content."""

    path: str
    """Relative to what was scanned; `archive!/member` inside an archive."""
    sha256: str
    size: int | None


def read_bom(content: bytes, name: str = "the file") -> Bom:
    """Return the record of a CycloneDX or SPDX document in JSON.

    Args:
        content: the whole document.
        name: what messages call it.

    Raises:
        WeighbridgeError: `E-bom-unreadable` for what is no such document.
    """
    if len(content) > LARGEST_BYTES:
        raise _unreadable(f"{name} is larger than {LARGEST_BYTES >> 20} MiB")
    if not content.strip():
        raise _unreadable(f"{name} is empty")
    if _depth(content) > DEEPEST:
        raise _unreadable(f"{name} is nested more than {DEEPEST} levels deep")
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)
    except UnicodeDecodeError:
        raise _unreadable(f"{name} is no text in UTF-8, so no JSON") from None
    except (ValueError, RecursionError) as error:
        raise _unreadable(f"{name} is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise _unreadable(f"{name} is JSON, but not a document")
    bom = _read(document)
    if bom is None:
        raise _unreadable(f"{name} is neither CycloneDX nor SPDX")
    return bom


def entries(bom: Bom) -> tuple[Entry, ...]:
    """Return every file that `bom` names with a SHA-256, each place once, sorted by path."""
    found: dict[tuple[str, str], int | None] = {}
    for item in bom.components:
        for part in item.parts:
            if part.sha256 is not None:
                found[part.path, part.sha256] = part.size
        for place in item.occurrences:
            if item.sha256 is not None:
                path = place.path if place.member is None else f"{place.path}!/{place.member}"
                found[path, item.sha256] = (item.size - sum(part.size for part in item.parts)) or None
    return tuple(Entry(path, sha256, size) for (path, sha256), size in sorted(found.items()))


def _read(document: dict[str, Any]) -> Bom | None:
    if document.get("bomFormat") == "CycloneDX":
        return read_cyclonedx(document)
    if "@graph" in document or "spdxVersion" in document:
        return read_spdx(document)
    return None


def _depth(content: bytes) -> int:
    """Return the deepest nesting of brackets outside of strings; linear, without recursion."""
    deepest = depth = 0
    pieces = content.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')
    for piece in pieces[::2]:
        opened = piece.count(b"[") + piece.count(b"{")
        closed = piece.count(b"]") + piece.count(b"}")
        deepest = max(deepest, depth + opened)
        depth += opened - closed
    return deepest


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number in JSON")


def _unreadable(sentence: str) -> WeighbridgeError:
    return WeighbridgeError("E-bom-unreadable", sentence, "give a CycloneDX or SPDX bill of materials in JSON")
