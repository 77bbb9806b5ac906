"""`Manifest.json` of a Core ML package: which files belong to it.

Source: `modelpackage/src/ModelPackage.cpp` of coremltools (keys `itemInfoEntries`, `rootModelIdentifier`, `path`).
"""

from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.json_text import BEGINNINGS, parse, starts_object
from weighbridge.formats.reader import Reader
from weighbridge.formats.references import refer
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage
from weighbridge.model.source import ByteSource

_LONGEST = 1 << 20


def could_be(head: bytes) -> bool:
    """Tell whether a JSON object with the keys of a package begins here."""
    return starts_object(head) and b'"itemInfoEntries"' in head and b"odelIdentifier" in head


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether this is the manifest of a Core ML package."""
    return could_be(head)


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    parsed = parse(source.read(0, _LONGEST))
    entries = parsed.value.get("itemInfoEntries") if isinstance(parsed.value, dict) else None
    if not isinstance(entries, dict):
        gathering.damaged(Damage.INVALID, "the manifest lists no items")
        return
    for key, entry in list(entries.items())[:1000]:
        path = entry.get("path") if isinstance(entry, dict) else None
        if isinstance(path, str):
            refer(gathering, path if path.startswith(("/", "\\", "..")) else f"Data/{path}", f"{key[:60]}.path")
            author = entry.get("author")
            gathering.fact("producer", author if isinstance(author, str) else None, "manifest")


READER = Reader(
    id="coreml-package",
    title="Core ML package manifest",
    recognize=recognize,
    read=gathered("coreml-package", _read, holds_model=False),
    could_be=could_be,
    begins=BEGINNINGS,
)
