"""Another key signs from here on: what the key before says about that. Values in, values out.

A statement is a signed note: four lines, signed by the key before and by the new one. It cannot be taken for a
checkpoint, whose second line is a number. The statements of a log lie in `key-changes/` and, each, in the record of the
change; from any key that is trusted they lead to the one that signs now.

Source: C2SP signed-note.
"""

from collections.abc import Sequence
from typing import NamedTuple

from weighbridge.ledger.checkpoint import decimal
from weighbridge.ledger.note import Note, Signer, parse, signed, verified
from weighbridge.ledger.note_keys import PublicKey

FOLDER = "key-changes"
HEADER = "weighbridge.key-change/1"
MOST_CHANGES = 1000
"""Statements of one log that are followed."""


class KeyChange(NamedTuple):
    """One statement; whose it is has not been looked at."""

    origin: str
    record: int
    """Index of the record about it."""
    key: PublicKey
    """Signs from there on."""
    note: Note


def state_change(origin: str, index: int, before: Signer, after: Signer, key: PublicKey) -> Note:
    """Return the statement that `key`, whose private half is `after`, follows `before` in a log."""
    return signed(f"{HEADER}\n{origin}\n{index}\n{key.text}\n", before, after)


def change_of(content: bytes) -> KeyChange:
    """Return the statement in `content`.

    Raises:
        ValueError: it is none; with a reason for a person.
    """
    note = parse(content)
    lines = note.text.removesuffix("\n").split("\n")
    if len(lines) != 4 or lines[0] != HEADER:
        raise ValueError("is no statement about a key")
    return KeyChange(lines[1], decimal(lines[2]), PublicKey.parse(lines[3]), note)


def followed(key: PublicKey, origin: str, changes: Sequence[KeyChange]) -> PublicKey:
    """Return the key that signs a log now, if `key` is trusted for it.

    Statements that the key before did not sign, that the new key did not sign, and those of other logs lead nowhere.
    """
    for change in changes[:MOST_CHANGES]:
        if change.origin != origin or change.key.name != key.name:
            continue
        try:
            signers = verified(change.note, [key, change.key])
        except ValueError:
            continue
        if len(signers) == 2:
            key = change.key
    return key
