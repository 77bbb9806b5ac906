"""A copy of a log elsewhere: entries after those that it has, proven to continue them. Values in, values out.

The log makes a `Batch`; who keeps the copy passes it with its `Position` to `take`, and stores entries, position and
checkpoint in one transaction before it answers with cosignatures. One act serves copy and witness.

Source: C2SP tlog-witness (order of checks, status numbers), tlog-tiles (entries, pruning); RFC 9162 section 2.1.4.
"""

from collections.abc import Sequence
from typing import NamedTuple

from weighbridge.ledger.checkpoint import checkpoint_of
from weighbridge.ledger.key_change import MOST_CHANGES, change_of, followed
from weighbridge.ledger.note import Note, parse
from weighbridge.ledger.note_keys import PublicKey
from weighbridge.ledger.reader import Head, LogError, LogReader, Moment, PrunedError
from weighbridge.ledger.tiles import bundled, entries_of, spans
from weighbridge.ledger.tree import (
    EMPTY_ROOT,
    HASH_BYTES,
    Frontier,
    consistency_holds,
    leaf_hash,
    range_nodes,
)
from weighbridge.ledger.witness import MOST_PROOF_LINES, Seen, refusal
from weighbridge.ledger.witness_client import RollbackError

LARGEST_BATCH = 1 << 20
"""Bytes of entries in a batch, unless asked for otherwise; one entry always fits."""


_ATTEMPTS = 5


class Position(NamedTuple):
    """How far a copy is: all that must be remembered of a log beside its entries and its last checkpoint."""

    key: str
    """What its checkpoints are verified with, `NAME+ID+KEY`; the name is the origin of the log."""
    size: int = 0
    """Entries that were taken."""
    edge: tuple[bytes, ...] = ()
    """The right edge of their tree: one hash for each bit of `size`."""
    cosigned: int = 0
    """Size of the largest checkpoint that was cosigned; at least `size`."""
    root: bytes = EMPTY_ROOT
    """Root of that."""


class Batch(NamedTuple):
    """Entries after `size`, and why they belong there."""

    size: int
    """Entries that the copy is believed to have."""
    cosigned: int
    """Size that it is believed to have cosigned."""
    note: bytes
    """The checkpoint of the log now."""
    continues: tuple[bytes, ...]
    """Proof that the checkpoint continues the one of `cosigned` entries."""
    skipped: tuple[bytes, ...]
    """Roots over entries that retention removed before they were sent, from `size` up to `first`."""
    first: int
    """Index of the first entry."""
    entries: bytes
    """Entries, each after its length as two bytes."""
    covers: tuple[bytes, ...]
    """Proof that the checkpoint continues the tree that ends with the last entry here."""
    key_changes: tuple[bytes, ...] = ()
    """Statements that lead from earlier keys to the one that signs now."""


class Taken(NamedTuple):
    """A batch that holds. Nothing is remembered yet."""

    first: int
    """Index of the first entry; larger than the size before if retention was faster."""
    entries: tuple[bytes, ...]
    position: Position
    """To be stored in place of the one before, if that is still the one before."""
    note: Note
    """To be stored, and cosigned after that."""
    remaining: int
    """Entries of the log that are still to be sent."""


class Refused(NamedTuple):
    """A batch that was not taken."""

    status: int
    """As in HTTP: 400 malformed, 403 bad signature, 404 another log, 409 other sizes, 422 another history."""
    reason: str
    position: Position
    """Where the copy stands; its `size` and `cosigned` are what the log needs for the next batch."""
    is_fork: bool = False
    """Whether the log signed a checkpoint that contradicts an earlier one: keep the batch, it is evidence."""


def batch_after(log: LogReader, size: int, cosigned: int, most_bytes: int = LARGEST_BATCH) -> Batch:
    """Return the next entries for a copy of a log, up to its last checkpoint.

    Args:
        log: the log; somebody may write to it meanwhile.
        size: entries that the copy has.
        cosigned: size of the checkpoint that it cosigned last.
        most_bytes: of entries; one is sent even if it is larger.

    Raises:
        RollbackError: the copy has seen more than there is here.
        LogError: the log cannot be read.
    """
    for _ in range(_ATTEMPTS):
        try:
            return _batch(log, log.moment(), size, cosigned, most_bytes)
        except PrunedError:
            continue  # retention went on meanwhile
    raise LogError("is pruned all the time")


def take(batch: Batch, position: Position) -> Taken | Refused:
    """Return what a batch brings, or why it is refused. Never raises for what a log sent; remembers nothing.

    Args:
        batch: as it came in; nothing of it is believed.
        position: where the copy stands, as it is stored.
    """
    try:
        note = parse(batch.note)
        checkpoint = checkpoint_of(note.text)
        entries = entries_of(batch.entries)
        key = _key(batch, position)
        _bounded(batch)
    except ValueError as error:
        return Refused(400, f"the batch {error}", position)
    if checkpoint.origin != key.name:
        return Refused(404, "another log", position)
    seen = Seen(position.cosigned, position.root)
    answer = refusal(batch.cosigned, batch.continues, note, checkpoint, [key], seen)
    if answer is not None:
        same = batch.cosigned == seen.size == checkpoint.size
        fork = answer.status == 409 and same
        reason = answer.body.strip() if answer.status != 409 else "another history" if fork else "other sizes"
        return Refused(answer.status, reason, position, is_fork=fork or answer.status == 422)
    if batch.size != position.size:
        return Refused(409, "other sizes", position)
    frontier = _grown(batch, position, entries)
    if frontier is None:
        return Refused(400, "the batch does not begin where it says", position)
    if not consistency_holds(frontier.size, checkpoint.size, frontier.root(), checkpoint.root, batch.covers):
        return Refused(422, "the entries are not those of the checkpoint", position)
    return Taken(
        first=batch.first,
        entries=tuple(entries),
        position=Position(key.text, frontier.size, frontier.edge, checkpoint.size, checkpoint.root),
        note=note,
        remaining=checkpoint.size - frontier.size,
    )


def _batch(log: LogReader, moment: Moment, size: int, cosigned: int, most_bytes: int) -> Batch:
    head = moment.head
    total = head.checkpoint.size
    if max(size, cosigned) > total:
        raise RollbackError(total, max(size, cosigned))
    first = min(max(size, moment.minimum), total)
    entries = _some(log, head, first, most_bytes)
    node = log.node(total)
    return Batch(
        size=size,
        cosigned=cosigned,
        note=bytes(head.note),
        continues=log.consistency(cosigned, total),
        skipped=tuple(node(level, index) for level, index in range_nodes(size, first)),
        first=first,
        entries=bundled(entries),
        covers=log.consistency(first + len(entries), total),
        key_changes=tuple(bytes(one.note) for one in moment.key_changes),
    )


def _some(log: LogReader, head: Head, first: int, most_bytes: int) -> list[bytes]:
    """Return entries from `first` on, up to so many bytes."""
    found: list[bytes] = []
    room = most_bytes
    for begin, end in spans(first, head.checkpoint.size):
        for entry in log.entries(begin, end, head):
            room -= len(entry) + 2
            if room < 0 and found:
                return found
            found.append(entry)
    return found


def _key(batch: Batch, position: Position) -> PublicKey:
    key = PublicKey.parse(position.key)
    return followed(key, [change_of(one) for one in batch.key_changes])


def _bounded(batch: Batch) -> None:
    if len(batch.key_changes) > MOST_CHANGES:
        raise ValueError("has too many changes of keys")
    for hashes, most in ((batch.continues, MOST_PROOF_LINES), (batch.covers, MOST_PROOF_LINES), (batch.skipped, 128)):
        if len(hashes) > most or any(len(one) != HASH_BYTES for one in hashes):
            raise ValueError("has hashes that are none")


def _grown(batch: Batch, position: Position, entries: Sequence[bytes]) -> Frontier | None:
    """Return the tree after a batch; None if what it skips does not reach its first entry."""
    if batch.first < position.size:
        return None
    nodes = list(range_nodes(position.size, batch.first))
    if len(nodes) != len(batch.skipped):
        return None
    frontier = Frontier(position.size, position.edge)
    for (level, _), root in zip(nodes, batch.skipped, strict=True):
        frontier.append_subtree(level, root)
    for entry in entries:
        frontier.append(leaf_hash(entry))
    return frontier
