"""The server's copy of a ledger as the files of a log, for whoever checks it without believing this server.

Source: C2SP tlog-tiles. Any program that reads such logs can read this one: the checkpoint as the endpoint signed it
with this server's signature below, bundles of entries, and the hashes over them. Hashes are made from the entries each
time, so a stored hash cannot be wrong.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from weighbridge.fleet.records import RECORDS
from weighbridge.fleet.witness import COPIES
from weighbridge.ledger.checkpoint import checkpoint_of
from weighbridge.ledger.note import parse
from weighbridge.ledger.tiles import CHECKPOINT, ENTRIES, HEIGHT, WIDTH, Tile, bundle, tile_of
from weighbridge.ledger.tree import leaf_hash, perfect_root

HIGHEST = 1
"""Level of the tiles that are made here: one of the next would need the hashes of 16 million records at once."""


def content_of(connection: Connection, endpoint_id: str, name: str) -> bytes | None:
    """Return a file of an endpoint's ledger; None if there is none of that name, or its records are not here any more.

    Args:
        connection: of a read.
        endpoint_id: whose; that the asker may see it is known.
        name: `checkpoint`, `tile/entries/000`, `tile/0/000.p/5`, ...
    """
    row = connection.execute(
        select(COPIES.c.checkpoint, COPIES.c.cosignature).where(COPIES.c.endpoint_id == endpoint_id)
    ).first()
    if row is None or not row.checkpoint:
        return None
    note = bytes(row.checkpoint)
    if name == CHECKPOINT:
        return note + row.cosignature.strip().encode() + b"\n" if row.cosignature else note
    tile = tile_of(name)
    return None if tile is None else _tile(connection, endpoint_id, tile, checkpoint_of(parse(note).text).size)


def _tile(connection: Connection, endpoint_id: str, tile: Tile, size: int) -> bytes | None:
    span = WIDTH ** max(tile.level, 0)
    begin, end = tile.number * WIDTH * span, (tile.number * WIDTH + tile.width) * span
    if end > size or tile.level > HIGHEST or span != 1 << HEIGHT * max(tile.level, 0):
        return None
    entries = _entries(connection, endpoint_id, begin, end)
    if tile.level == ENTRIES:
        found = [*entries]
        return bundle(found) if len(found) == tile.width else None
    hashes = [leaf_hash(entry) for entry in entries]
    if len(hashes) != end - begin:
        return None
    return b"".join(perfect_root(hashes[at : at + span]) for at in range(0, len(hashes), span))


def _entries(connection: Connection, endpoint_id: str, begin: int, end: int) -> Iterator[bytes]:
    wanted = select(RECORDS.c.entry).where(
        RECORDS.c.endpoint_id == endpoint_id, RECORDS.c.record_index >= begin, RECORDS.c.record_index < end
    )
    for (entry,) in connection.execute(wanted.order_by(RECORDS.c.record_index)):
        yield bytes(entry)
