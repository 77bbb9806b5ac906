"""From records to tables: which context takes what. One batch, one transaction, each context once."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from weighbridge.fleet import (
    agents,
    artifacts,
    exception_deciding,
    findings,
    inventory,
    outbox,
    processes,
    records,
    revocations,
    sightings,
    spread,
    verdicts,
)
from weighbridge.fleet.inventory import Brought, Change, Known, key_of
from weighbridge.fleet.record_words import named_digests
from weighbridge.fleet.untrusted import happened_at, milliseconds, text
from weighbridge.ledger.entry import Record, decode
from weighbridge.ledger.tree import leaf_hash
from weighbridge.pipeline.watch_decide import subject_of


class Projected(NamedTuple):
    """What came of entries."""

    network: str
    """How far the endpoint reached by the last entry that says so; empty if none does."""
    known: Known | None
    """Of its inventory now; None if they say nothing about it."""


def take(
    connection: Connection, endpoint_id: str, first: int, entries: Sequence[bytes], *, received_at: int, offset: int
) -> Projected:
    """Write entries that were proven to be the next ones of an endpoint's ledger, and all that follows from them.

    Args:
        connection: within a write.
        endpoint_id: whose.
        first: index of the first entry.
        entries: as they were signed.
        received_at: milliseconds since 1970.
        offset: milliseconds that the endpoint's clock is behind the server's.
    """
    decoded = [(entry, decode(entry)) for entry in entries]
    records.append(connection, endpoint_id, first, decoded, received_at)
    outbox.tell_records(connection, endpoint_id, first, len(decoded), received_at)
    brought = apply(connection, endpoint_id, changes_of(decoded, received_at=received_at, offset=offset))
    before = {} if brought is None else brought.before
    named = named_digests(first, [record for _, record in decoded], before)
    records.note_digests(connection, endpoint_id, named, received_at)
    network = next((one.network for _, one in reversed(decoded) if one is not None and one.network), "")
    return Projected(text(network, 40) or "", None if brought is None else brought.known)


def apply(connection: Connection, endpoint_id: str, changes: Sequence[Change]) -> Brought | None:
    """Let every context take what changed; return what became of the inventory, None if nothing changed."""
    if not changes:
        return None
    brought = inventory.take(connection, endpoint_id, changes)
    before = brought.before
    touched = spread.touched(changes, before)
    was = spread.of_endpoint(connection, endpoint_id, touched)
    artifacts.take(connection, endpoint_id, changes)
    sightings.take(connection, endpoint_id, changes, before)
    findings.take(connection, endpoint_id, changes)
    verdicts.take(connection, endpoint_id, changes)
    processes.take(connection, endpoint_id, changes, before)
    agents.take(connection, endpoint_id, changes)
    exception_deciding.follow(connection, endpoint_id, changes)
    revocations.follow(connection, endpoint_id, touched, changes)
    # Last: whoever else counts the same digests waits until this write is over.
    spread.change(connection, endpoint_id, was, spread.of_endpoint(connection, endpoint_id, touched))
    return brought


def changes_of(entries: Sequence[tuple[bytes, Record | None]], *, received_at: int, offset: int) -> list[Change]:
    """Return what entries, each with its record, say about things; those that say nothing about any are passed over."""
    found = []
    for entry, record in entries:
        subject = None if record is None else subject_of(record)
        if record is not None and subject is not None:
            at = happened_at(milliseconds(record.at), offset, received_at)
            found.append(Change(subject, key_of(subject), record, leaf_hash(entry), at))
    return found
