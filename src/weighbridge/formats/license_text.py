"""A license text beside weights: `LICENSE`, `LICENSE.txt`, `USE_POLICY.md`, `NOTICE`.

Recognized by its name only, and only in folders that hold a model: source trees are full of license files. Its first
line and digest are evidence; which license it is, is for `licensing` to say.
"""

import hashlib

from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.license_names import is_license_name
from weighbridge.formats.reader import Reader
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Grade
from weighbridge.model.source import ByteSource

LONGEST = 1 << 20
LONGEST_LINE = 200


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether `source` is named like a license and is text."""
    return is_license_name(source.name.rpartition(b"/")[2]) and b"\0" not in head


def _read(source: ByteSource, _budget: Budget, gathering: Gathering) -> None:
    text = source.read(0, min(source.size, LONGEST))
    name = source.name[:80].decode("utf-8", "backslashreplace")
    gathering.fact("license.text.sha256", hashlib.sha256(text).hexdigest(), f"{name} beside the file", Grade.MEASURED)
    lines = (b" ".join(line.split()) for line in text[:8192].splitlines())
    first = next((line for line in lines if line.strip(b"#=-* \t")), b"")
    title = first.strip(b"#* ").decode("utf-8", "replace")[:LONGEST_LINE]
    gathering.fact("license.text", title, f"{name} beside the file")


READER = Reader(
    id="license-text",
    title="License text",
    recognize=recognize,
    read=gathered("license-text", _read, holds_model=False),
)
