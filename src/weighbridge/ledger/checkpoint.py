"""Checkpoints: which log, how many entries, which root. Values in, values out.

Source: C2SP tlog-checkpoint.
"""

import base64
import binascii
from typing import NamedTuple

from weighbridge.ledger.tree import HASH_BYTES, LARGEST_SIZE


class Checkpoint(NamedTuple):
    """The head of a log."""

    origin: str
    """Which log."""
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()
    """Further lines, which mean nothing here."""

    @property
    def text(self) -> str:
        """The text of the note that is signed."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "\n".join(lines) + "\n"


def checkpoint_of(text: str) -> Checkpoint:
    """Return the checkpoint in the text of a note.

    Raises:
        ValueError: it is none; with a reason for a person.
    """
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines):
        raise ValueError("is no checkpoint: it needs origin, size and root")
    origin, size, root = lines[:3]
    return Checkpoint(origin, decimal(size), decoded_hash(root), tuple(lines[3:]))


def decimal(text: str) -> int:
    """Return a number in ASCII digits without leading zeros, at most `LARGEST_SIZE`.

    Raises:
        ValueError: it is none.
    """
    if not (text.isascii() and text.isdecimal()) or len(text) > 19 or str(int(text)) != text:
        raise ValueError("has a size that is no number")
    if int(text) > LARGEST_SIZE:
        raise ValueError("has a size that is too large")
    return int(text)


def decoded_hash(text: str) -> bytes:
    """Return a hash from its base 64.

    Raises:
        ValueError: it is none.
    """
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if len(content) != HASH_BYTES or base64.b64encode(content).decode() != text:
        raise ValueError("has a hash that is not 32 bytes in base 64")
    return content
