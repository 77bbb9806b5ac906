"""Another key signs from here on: what the key before says about that. Values in, values out.

A statement is a signed note: five lines, signed by the key before and by the one after. It cannot be taken for a
checkpoint, whose second line is a number. The statements of a log lie in `key-changes/` and, each, in the record of the
change; from any key that is trusted they lead to the one that signs now.

Source: C2SP signed-note.
"""

from collections.abc import Sequence
from typing import NamedTuple

from weighbridge.ledger.checkpoint import decimal
from weighbridge.ledger.note import Note, parse, signed, verified
from weighbridge.ledger.note_keys import PrivateKey, PublicKey

FOLDER = "key-changes"
HEADER = "weighbridge.key-change/1"
MOST_CHANGES = 1000
"""Statements of one log that are followed."""


class KeyChange(NamedTuple):
    """One statement; who signed it has not been looked at."""

    origin: str
    size: int
    """Records before the change; every checkpoint of more is signed by `after`."""
    before: PublicKey
    after: PublicKey
    note: Note

    @property
    def holds(self) -> bool:
        """Whether both keys signed it, for the same log."""
        try:
            both = len(verified(self.note, [self.before, self.after])) == 2
        except ValueError:
            return False
        return both and self.before.name == self.after.name == self.origin


def state_change(size: int, before: PrivateKey, after: PrivateKey) -> Note:
    """Return the statement that `after` follows `before` in the log that has their name and `size` records."""
    text = f"{HEADER}\n{before.name}\n{size}\n{before.public.text}\n{after.public.text}\n"
    return signed(text, before, after)


def change_of(content: bytes) -> KeyChange:
    """Return the statement in `content`.

    Raises:
        ValueError: it is none; with a reason for a person.
    """
    note = parse(content)
    lines = note.text.removesuffix("\n").split("\n")
    if len(lines) != 5 or lines[0] != HEADER:
        raise ValueError("is no statement about a key")
    return KeyChange(lines[1], decimal(lines[2]), PublicKey.parse(lines[3]), PublicKey.parse(lines[4]), note)


def followed(key: PublicKey, changes: Sequence[KeyChange]) -> PublicKey:
    """Return the key that signs a log now, if `key` is trusted for it. What does not hold leads nowhere."""
    for change in changes[:MOST_CHANGES]:
        if change.before.text == key.text and change.holds:
            key = change.after
    return key


def all_keys(key: PublicKey, changes: Sequence[KeyChange]) -> list[PublicKey]:
    """Return every key that signed the log of `key` at some time, as the statements lead from it in both directions."""
    found = [key]
    sound = [change for change in changes[:MOST_CHANGES] if change.holds]
    for change in sound:
        if change.before.text == found[-1].text:
            found.append(change.after)
    for change in reversed(sound):
        if change.after.text == found[0].text:
            found.insert(0, change.before)
    return found
