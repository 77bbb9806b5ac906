"""Garbage: what nothing holds goes after days, and nothing else ever does."""

import asyncio
import os

import pytest
from obstore.store import LocalStore
from tests.fleet.serving import Running, running
from tests.hub.holding import committed, received, sha256

from weighbridge.fleet.store import Store
from weighbridge.hub import blob_index, garbage
from weighbridge.hub.blob_index import QUARANTINE, RELEASED
from weighbridge.hub.blobs import BlobStore, path_of
from weighbridge.hub.garbage import GRACE, collect
from weighbridge.hub.hub import Hub
from weighbridge.hub.storing import is_stored


@pytest.fixture
def at(store: Store, tmp_path):
    with running(store) as started:
        started.hub = Hub(started.server, BlobStore(LocalStore(str(tmp_path / "hub"), mkdir=True)))
        started.folder = tmp_path / "hub"
        yield started


def known(at: Running, digest: str):
    return at.store.read_now(lambda connection: blob_index.find(connection, digest))


def age(at: Running, milliseconds: int) -> None:
    """Let time pass, for the clock of the server and for what lies on the disk."""
    at.clock.now += milliseconds
    for path in at.folder.rglob("*"):
        if path.is_file():
            os.utime(path, (1_000_000_000, 1_000_000_000))


def test_what_no_release_holds_goes_after_days(at: Running) -> None:
    lost = asyncio.run(received(at, b"never committed"))
    asyncio.run(committed(at, {"config.json": b"{}"}))
    age(at, GRACE)
    assert asyncio.run(collect(at.hub)) == (0, 0, 0)
    age(at, 1)
    assert asyncio.run(collect(at.hub)) == (1, 15, 0)
    assert known(at, lost) is None
    assert asyncio.run(at.hub.blobs.size(QUARANTINE, lost)) is None
    assert asyncio.run(at.hub.blobs.size(QUARANTINE, sha256(b"{}"))) == 2
    assert asyncio.run(collect(at.hub)) == (0, 0, 0)


def test_what_somebody_asked_for_is_kept(at: Running) -> None:
    digest = asyncio.run(received(at, b"once"))
    age(at, GRACE)
    asyncio.run(is_stored(at.hub, digest))
    age(at, GRACE)
    assert asyncio.run(collect(at.hub)).blobs == 0


def test_what_is_committed_between_looking_and_removing_is_kept(at: Running, monkeypatch) -> None:
    digest = asyncio.run(received(at, b"late"))
    age(at, GRACE + 1)

    async def work():
        remove = garbage._remove
        monkeypatch.setattr(garbage, "_remove", lambda *_: None)
        (blob,) = at.store.read_now(lambda c: blob_index.unheld(c, at.clock.now - GRACE, 10))
        await committed(at, {"a": b"late"})
        before = at.clock.now - GRACE
        return await at.store.write(lambda connection: remove(at.hub, blob, before, connection))

    assert asyncio.run(work()) is False
    assert asyncio.run(at.hub.blobs.size(QUARANTINE, digest)) == 4


def test_what_a_crash_left_beside_the_catalog_goes(at: Running) -> None:
    async def work():
        async def pieces():
            yield b"a crash came before the note"

        return (await at.hub.blobs.receive(pieces(), most=100)).sha256

    stray = asyncio.run(work())
    age(at, 0)
    at.clock.now = 1_000_000_000_000 + GRACE + 1
    assert asyncio.run(collect(at.hub)).blobs == 1
    assert asyncio.run(at.hub.blobs.size(QUARANTINE, stray)) is None


def test_a_second_copy_goes_and_the_last_one_stays(at: Running) -> None:
    asyncio.run(committed(at, {"a": b"weights"}))
    digest = sha256(b"weights")
    asyncio.run(at.hub.blobs.move(digest, QUARANTINE, RELEASED))
    age(at, GRACE + 1)
    # The catalog says quarantine, and only the other copy is there.
    assert asyncio.run(collect(at.hub)).blobs == 0
    assert asyncio.run(at.hub.blobs.size(RELEASED, digest)) == 7
    quarantined = at.folder / path_of(QUARANTINE, digest)
    quarantined.write_bytes(b"weights")
    age(at, 0)
    assert asyncio.run(collect(at.hub)).blobs == 1
    assert asyncio.run(at.hub.blobs.size(RELEASED, digest)) is None
    assert quarantined.read_bytes() == b"weights"
