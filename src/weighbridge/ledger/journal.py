"""The journal: entries between their acknowledgment and the next checkpoint, in frames. Values in, values out.

A frame is what one commit made durable: a mark, the index of its first entry, the length of what follows, a SHA-256
over all that, then the entries, each after its length as two bytes. A commit writes one frame and waits for the disk
before the next begins, so a crash can only leave the *last* frame incomplete; a bad frame with a good one after it was
damaged later.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from weighbridge.ledger.tiles import LARGEST_ENTRY, bundled, entries_of

MARK = b"\xff\x00WBJ1\x00\xff"
"""Begins a frame. Its first byte occurs in no UTF-8, so no entry in JSON can look like a frame."""
_HEAD = len(MARK) + 8 + 4 + 32
_MOST_MARKS = 64
"""Marks that are tried after a bad frame. A torn end has one or none; more were put there to keep somebody busy."""
MOST_BYTES = 256 << 20
"""Bytes of a journal that is read; a log writes a checkpoint long before."""


class Journal(NamedTuple):
    """What a journal holds."""

    entries: tuple[tuple[int, bytes], ...]
    """Index and content, in order."""
    good: int
    """Bytes up to the end of the last whole frame."""
    torn: int
    """Bytes after that, left by a commit that did not finish."""
    damaged: bool = False
    """Whether whole frames follow the bad one."""


def frame(first: int, entries: Sequence[bytes]) -> bytes:
    """Return the frame of one commit.

    Raises:
        ValueError: an entry is longer than 65,535 bytes.
    """
    if any(len(entry) > LARGEST_ENTRY for entry in entries):
        raise ValueError("an entry is longer than 65,535 bytes")
    payload = bundled(entries)
    head = first.to_bytes(8, "big") + len(payload).to_bytes(4, "big")
    return MARK + head + sha256(head + payload).digest() + payload


def read_journal(content: bytes) -> Journal:
    """Return what a journal holds, whatever became of its end."""
    entries: list[tuple[int, bytes]] = []
    at = 0
    while found := _frame_at(content, at):
        first, held, at = found
        entries += enumerate(held, first)
    return Journal(tuple(entries), at, len(content) - at, at < len(content) and _frame_after(content, at))


def _frame_after(content: bytes, at: int) -> bool:
    """Tell whether a whole frame follows the bad one at `at`."""
    mark = content.find(MARK, at + 1)
    for _ in range(_MOST_MARKS):
        if mark < 0:
            return False
        if _frame_at(content, mark) is not None:
            return True
        mark = content.find(MARK, mark + 1)
    return True


def _frame_at(content: bytes, at: int) -> tuple[int, list[bytes], int] | None:
    """Return first index, entries and end of the frame at `at`; None if there is no whole one."""
    begin = at + _HEAD
    if content[at : at + len(MARK)] != MARK or begin > len(content):
        return None
    head = content[at + len(MARK) : at + len(MARK) + 12]
    end = begin + int.from_bytes(head[8:], "big")
    if end > len(content) or sha256(head + content[begin:end]).digest() != content[begin - 32 : begin]:
        return None
    try:
        return int.from_bytes(head[:8], "big"), entries_of(content[begin:end]), end
    except ValueError:
        return None
