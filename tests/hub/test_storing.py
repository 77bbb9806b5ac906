"""Bytes and the note of them: both or neither, and kept for whoever was told that they are there."""

import asyncio

import pytest
from tests.fleet.serving import Running, running

from weighbridge.fleet.store import Store
from weighbridge.hub import blob_index
from weighbridge.hub.blob_index import QUARANTINE
from weighbridge.hub.storing import is_stored, note, store_blob
from weighbridge.model.errors import WeighbridgeError


@pytest.fixture
def hub(store: Store):
    with running(store) as started:
        yield started


async def pieces(content: bytes = b"weights"):
    yield content


def known(at: Running, sha256: str):
    return at.store.read_now(lambda connection: blob_index.find(connection, sha256))


def test_bytes_are_stored_and_noted(hub: Running) -> None:
    got = asyncio.run(store_blob(hub.hub, pieces(), size=7))
    assert known(hub, got.sha256) == blob_index.Blob(
        sha256=got.sha256, size=7, place=QUARANTINE, stored_at=hub.clock.now
    )


def test_bytes_that_come_again_are_young_again_and_stay_where_they_are(hub: Running) -> None:
    got = asyncio.run(store_blob(hub.hub, pieces()))
    hub.store.write_now(lambda connection: blob_index.place(connection, [got.sha256], "released"))
    asyncio.run(hub.hub.blobs.move(got.sha256, QUARANTINE, "released"))
    hub.clock.pass_seconds(60)
    asyncio.run(store_blob(hub.hub, pieces()))
    found = known(hub, got.sha256)
    assert (found.place, found.stored_at) == ("released", hub.clock.now)


def test_bytes_that_were_collected_before_the_note_are_an_error(hub: Running) -> None:
    async def work():
        received = await hub.hub.blobs.receive(pieces(), most=100)
        await hub.hub.blobs.remove(received.sha256)
        await note(hub.hub, received)

    with pytest.raises(WeighbridgeError) as caught:
        asyncio.run(work())
    assert caught.value.code == "E-blob-read"


def test_who_asks_whether_bytes_are_there_keeps_them(hub: Running) -> None:
    got = asyncio.run(store_blob(hub.hub, pieces()))
    hub.clock.pass_seconds(60)
    assert asyncio.run(is_stored(hub.hub, got.sha256)) is not None
    assert known(hub, got.sha256).stored_at == hub.clock.now
    assert asyncio.run(is_stored(hub.hub, "0" * 64)) is None
    asyncio.run(hub.hub.blobs.remove(got.sha256))
    assert asyncio.run(is_stored(hub.hub, got.sha256)) is None


def test_what_is_refused_is_not_noted(hub: Running) -> None:
    with pytest.raises(WeighbridgeError):
        asyncio.run(store_blob(hub.hub, pieces(), most=3))
    assert hub.store.read_now(lambda c: c.execute(blob_index.BLOBS.select()).all()) == []
