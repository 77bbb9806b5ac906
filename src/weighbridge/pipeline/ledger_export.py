"""A ledger for others: the files of C2SP tlog-tiles as they would be served, and the public key.

Only what the last checkpoint covers leaves: the journal, the private key and kept content stay. A partial tile is cut
to what the checkpoint needs, so that any tool that reads such logs accepts the folder.
"""

from collections.abc import Iterator

from weighbridge.ledger.key_change import FOLDER as KEY_CHANGES
from weighbridge.ledger.reader import WITNESSED, LogError, LogReader, PrunedError
from weighbridge.ledger.tiles import CHECKPOINT, ENTRIES, bundle, tiles_of

KEY_FILE = "key"
"""The public key, as `NAME+ID+KEY`. Whoever checks the folder compares it with what the owner says."""


def exported_files(log: LogReader, key: str) -> Iterator[tuple[str, bytes]]:
    """Yield every file of an export, the checkpoint last.

    Args:
        log: the ledger.
        key: its public key as a text.

    Raises:
        LogError: something of the log is missing or damaged.
    """
    head, minimum, changes = log.moment()
    for tile in tiles_of(head.checkpoint.size):
        if tile.level != ENTRIES:
            yield tile.path, log.tile(tile)
            continue
        try:
            yield tile.path, bundle(log.bundle(tile.number, tile.width))
        except PrunedError:
            continue
    for number, change in enumerate(changes, 1):
        yield f"{KEY_CHANGES}/{number:04}", bytes(change.note)
    witnessed = log.witnessed()
    if witnessed is not None:
        yield WITNESSED, bytes(witnessed)
    if log.minimum() != minimum:
        raise LogError("was pruned while it was read: do it again")
    if minimum:
        yield "minimum-index", b"%d\n" % minimum
    yield KEY_FILE, key.encode() + b"\n"
    yield CHECKPOINT, bytes(head.note)
