"""Whoever reads the copy of a ledger as a log, with nothing but its files and the endpoint's key, finds it whole."""

import pytest
from tests.fleet.test_inventory import joined
from tests.fleet.wire import sighting

from weighbridge.fleet.ledger_files import content_of
from weighbridge.fleet.records import RECORDS
from weighbridge.ledger.checkpoint import checkpoint_of
from weighbridge.ledger.note import parse, verified
from weighbridge.ledger.note_keys import PublicKey
from weighbridge.ledger.tiles import ENTRIES, entries_of, hashes_of, nodes, tiles_of
from weighbridge.ledger.tree import leaf_hash, tree_root
from weighbridge.pipeline.ledger_key import public_key

MANY = 300


@pytest.fixture
def device(store):
    _, made = joined(store)
    made.record(*(sighting(f"/models/{number}") for number in range(MANY)))
    made.sync_all()
    return made


def read(store, device, name):
    return store.read_now(lambda connection: content_of(connection, device.endpoint_id, name))


def test_the_files_are_a_log_that_the_endpoints_key_signed(store, device) -> None:
    note = parse(read(store, device, "checkpoint"))
    key = public_key(device.machine)
    assert verified(note, [PublicKey.parse(key.text)]), "the signature of the endpoint"
    assert len(note.signatures) == 2, "and below it that of the server"
    stated = checkpoint_of(note.text)
    assert stated.size > MANY
    node = nodes(lambda tile: read(store, device, tile.path), stated.size)
    assert tree_root(stated.size, node) == stated.root
    for tile in tiles_of(stated.size):
        if tile.level == ENTRIES:
            entries = entries_of(read(store, device, tile.path))
            hashed = read(store, device, tile.path.replace("entries", "0"))
            assert [leaf_hash(entry) for entry in entries] == hashes_of(hashed)


@pytest.mark.parametrize(
    "name",
    ["", "key", "tile/0/002", "tile/2/000", "tile/entries/999", "tile/0/000.p/0", "../../etc/passwd", "tile/63/000"],
)
def test_nothing_else_has_a_name(store, device, name: str) -> None:
    assert read(store, device, name) is None


def test_what_retention_removed_is_not_made_up(store, device) -> None:
    gone = RECORDS.delete().where(RECORDS.c.endpoint_id == device.endpoint_id, RECORDS.c.record_index == 7)
    store.write_now(lambda connection: connection.execute(gone))
    assert read(store, device, "tile/entries/000") is None
    assert read(store, device, "tile/0/000") is None
    assert read(store, device, "checkpoint") is not None


def test_a_machine_that_sent_nothing_has_no_files(store) -> None:
    assert store.read_now(lambda connection: content_of(connection, "z" * 16, "checkpoint")) is None
