"""Bytes by digest: whole or not there, verified, once, and out of reach when they are moved."""

import asyncio
import errno
import hashlib

import pytest
from obstore.store import LocalStore
from tests.hub.buckets import PLACES, place_of

from weighbridge.host.growing_file import GrowingFile
from weighbridge.hub.blob_index import QUARANTINE, RELEASED
from weighbridge.hub.blobs import BlobStore
from weighbridge.model.errors import WeighbridgeError

BODY = bytes(range(256)) * 9_000
SHA256 = hashlib.sha256(BODY).hexdigest()


@pytest.fixture(params=PLACES)
def blobs(request, tmp_path) -> BlobStore:
    return BlobStore(place_of(request, tmp_path))


async def pieces(content: bytes = BODY):
    for at in range(0, len(content), 50_000):
        yield content[at : at + 50_000]


async def whole(blobs: BlobStore, place: str, sha256: str = SHA256) -> bytes:
    size = await blobs.size(place, sha256)
    assert size is not None
    return b"".join([piece async for piece in blobs.read(place, sha256, 0, size)])


async def unfinished(blobs: BlobStore) -> list[str]:
    return [one.path async for one in blobs.incoming() if one.size]


def code_of(caught) -> str:
    return caught.value.code


def test_bytes_lie_in_quarantine_under_their_digest(blobs: BlobStore) -> None:
    async def work():
        got = await blobs.receive(pieces(), most=1 << 30, sha256=SHA256, size=len(BODY))
        assert got == (SHA256, len(BODY))
        assert await whole(blobs, QUARANTINE) == BODY
        assert await blobs.size(RELEASED, SHA256) is None
        assert await unfinished(blobs) == []

    asyncio.run(work())


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"sha256": "0" * 64}, "E-blob-digest"),
        ({"size": len(BODY) + 1}, "E-blob-size"),
        ({"size": len(BODY) - 1}, "E-blob-size"),
        ({"most": len(BODY) - 1}, "E-blob-size"),
    ],
)
def test_what_is_not_as_announced_is_not_kept(blobs: BlobStore, arguments, code) -> None:
    async def work():
        with pytest.raises(WeighbridgeError) as caught:
            await blobs.receive(pieces(), **({"most": 1 << 30} | arguments))
        assert code_of(caught) == code
        assert await blobs.size(QUARANTINE, SHA256) is None
        assert await unfinished(blobs) == []

    asyncio.run(work())


def test_a_client_that_goes_away_leaves_nothing(blobs: BlobStore) -> None:
    async def breaks_off():
        yield BODY
        raise ConnectionError

    async def work():
        with pytest.raises(ConnectionError):
            await blobs.receive(breaks_off(), most=1 << 30)
        assert await unfinished(blobs) == []

    asyncio.run(work())


def test_two_send_the_same_at_once(blobs: BlobStore) -> None:
    async def work():
        got = await asyncio.gather(*(blobs.receive(pieces(), most=1 << 30) for _ in range(3)))
        assert {one.sha256 for one in got} == {SHA256}
        assert await whole(blobs, QUARANTINE) == BODY
        assert await unfinished(blobs) == []

    asyncio.run(work())


def test_bytes_that_are_released_are_not_kept_twice(blobs: BlobStore) -> None:
    async def work():
        await blobs.receive(pieces(), most=1 << 30)
        await blobs.move(SHA256, QUARANTINE, RELEASED)
        await blobs.move(SHA256, QUARANTINE, RELEASED)
        await blobs.receive(pieces(), most=1 << 30)
        assert await blobs.size(QUARANTINE, SHA256) is None
        assert await whole(blobs, RELEASED) == BODY
        assert await unfinished(blobs) == []

    asyncio.run(work())


def test_a_read_ends_when_the_bytes_are_moved_away(blobs: BlobStore) -> None:
    async def work():
        await blobs.receive(pieces(), most=1 << 30)
        await blobs.move(SHA256, QUARANTINE, RELEASED)
        found = blobs.read(RELEASED, SHA256, 0, len(BODY))
        began = await anext(found)
        assert BODY.startswith(began)
        await blobs.move(SHA256, RELEASED, QUARANTINE)
        rest = len(BODY) - len(began)
        assert rest, "the test needs more than one piece"
        with pytest.raises(WeighbridgeError) as caught:
            await anext(found)
        assert code_of(caught) == "E-blob-read"

    asyncio.run(work())


def test_removed_bytes_are_gone(blobs: BlobStore) -> None:
    async def work():
        await blobs.receive(pieces(), most=1 << 30)
        await blobs.remove(SHA256)
        await blobs.remove(SHA256)
        assert await blobs.size(QUARANTINE, SHA256) is None
        with pytest.raises(WeighbridgeError) as caught:
            await blobs.move(SHA256, QUARANTINE, RELEASED)
        assert code_of(caught) == "E-blob-read"

    asyncio.run(work())


def test_what_lies_where(blobs: BlobStore) -> None:
    async def work():
        await blobs.receive(pieces(), most=1 << 30)
        assert [(one.path, one.size) async for one in blobs.blobs(QUARANTINE)] == [
            (f"quarantine/sha256/{SHA256[:2]}/{SHA256}", len(BODY))
        ]
        assert [one async for one in blobs.blobs(RELEASED)] == []

    asyncio.run(work())


@pytest.mark.parametrize(
    ("step", "number", "code"),
    [
        ("write", errno.ENOSPC, "E-blob-full"),
        ("finish", errno.EDQUOT, "E-blob-full"),
        ("write", errno.EIO, "E-blob-write"),
    ],
)
def test_a_disk_that_is_full_or_broken_is_said_and_nothing_stays(tmp_path, monkeypatch, step, number, code) -> None:
    def fails(*_):
        raise OSError(number, "as a disk does")

    async def work():
        blobs = BlobStore(LocalStore(str(tmp_path)))
        monkeypatch.setattr(GrowingFile, step, fails)
        with pytest.raises(WeighbridgeError) as caught:
            await blobs.receive(pieces(), most=1 << 30)
        assert code_of(caught) == code
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    asyncio.run(work())


def test_a_folder_that_cannot_be_made_is_said(tmp_path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WeighbridgeError) as caught:
        BlobStore.open(str(tmp_path / "file" / "below"))
    assert code_of(caught) == "E-blob-store"
    with pytest.raises(WeighbridgeError):
        BlobStore.open("unknown://bucket")


def test_addresses_open_folders_and_memory(tmp_path) -> None:
    for url in (str(tmp_path / "bytes"), "memory:///"):
        got = asyncio.run(BlobStore.open(url).receive(pieces(), most=1 << 30))
        assert got.sha256 == SHA256
