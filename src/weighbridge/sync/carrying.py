"""Batches of a ledger as messages carry them, and back. Values in, values out."""

from weighbridge.ledger.batch import Batch
from weighbridge.ledger.tiles import LARGEST_ENTRY, bundled, entries_of
from weighbridge.sync.messages import Sync, hash_of, to_text


def entry_texts(batch: Batch) -> tuple[str, ...]:
    """Return the entries of a batch as texts.

    Raises:
        ValueError: an entry is no UTF-8, which no record is.
    """
    return tuple(entry.decode() for entry in entries_of(batch.entries))


def hashes(values: tuple[bytes, ...]) -> tuple[str, ...]:
    """Return hashes as messages carry them."""
    return tuple(map(to_text, values))


def batch_of(message: Sync) -> Batch:
    """Return the batch in a message; nothing of it is believed yet.

    Raises:
        ValueError: something in it has no form that a batch could have.
    """
    entries = [text.encode() for text in message.entries]
    if any(len(entry) > LARGEST_ENTRY for entry in entries):
        raise ValueError("has an entry that is too long")
    return Batch(
        size=message.size,
        cosigned=message.cosigned,
        note=message.checkpoint.encode(),
        continues=tuple(map(hash_of, message.continues)),
        skipped=tuple(map(hash_of, message.skipped)),
        first=message.first,
        entries=bundled(entries),
        covers=tuple(map(hash_of, message.covers)),
        key_changes=tuple(text.encode() for text in message.key_changes),
    )
