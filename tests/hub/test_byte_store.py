"""Every place for bytes keeps the same promises: a folder, memory, and a bucket of S3 where `moto` plays one."""

import asyncio

import pytest
from tests.hub.buckets import PLACES, place_of

from weighbridge.hub import bucket_bytes
from weighbridge.hub.bucket_bytes import BucketBytes
from weighbridge.hub.byte_store import ByteStore
from weighbridge.hub.folder_bytes import FolderBytes

BODY = bytes(range(256)) * 8


@pytest.fixture(params=PLACES)
def place(request, tmp_path) -> ByteStore:
    store = place_of(request, tmp_path)
    return FolderBytes(store) if request.param == "folder" else BucketBytes(store)


async def grown(place: ByteStore, name: str, *contents: bytes):
    growing = await place.growing(name)
    for content in contents:
        await growing.write(content)
    await growing.sync()
    return growing


async def whole(place: ByteStore, path: str) -> bytes:
    size = await place.size(path)
    assert size is not None
    found = b""
    while len(found) < size:
        found += await place.read(path, len(found), size)
    return found


async def paths(place: ByteStore, below: str) -> list[str]:
    return sorted([one.path async for one in place.listed(below)])


def test_something_grows_over_several_requests_and_gets_its_path(place: ByteStore, monkeypatch) -> None:
    monkeypatch.setattr(bucket_bytes, "_PART", 700)

    async def work():
        await (await grown(place, "one", BODY[:1000], BODY[1000:1500])).close()
        growing = await place.growing("one")
        assert growing.size == 1500
        await growing.write(BODY[1500:])
        found = b""
        while piece := await growing.read(len(found), len(BODY)):
            found += piece
        assert found == BODY
        assert await place.size("quarantine/sha256/ab/abc") is None
        await growing.finish("quarantine/sha256/ab/abc")
        await growing.close()
        assert await whole(place, "quarantine/sha256/ab/abc") == BODY
        assert await paths(place, "incoming") == []
        assert (await place.growing("one")).size == 0

    asyncio.run(work())


def test_a_small_or_empty_one_in_place_of_another(place: ByteStore) -> None:
    async def work():
        for content in (b"first", b"x", b""):
            growing = await grown(place, "one", content)
            await growing.finish("quarantine/a")
            await growing.close()
            assert await whole(place, "quarantine/a") == content

    asyncio.run(work())


def test_what_is_dropped_is_gone(place: ByteStore) -> None:
    async def work():
        await (await grown(place, "one", BODY)).close()
        await (await grown(place, "other", BODY)).close()
        await place.drop("one")
        await place.drop("one")
        assert (await place.growing("one")).size == 0
        assert (await place.growing("other")).size == len(BODY)

    asyncio.run(work())


def test_reading_parts_and_beyond_the_end(place: ByteStore) -> None:
    async def work():
        growing = await grown(place, "one", BODY)
        await growing.finish("released/a")
        await growing.close()
        assert await place.read("released/a", 300, 310) == BODY[300:310]
        with pytest.raises(OSError):
            await place.read("released/b", 0, 1)

    asyncio.run(work())


def test_moving_and_removing(place: ByteStore, monkeypatch) -> None:
    async def work():
        growing = await grown(place, "one", BODY)
        await growing.finish("quarantine/a")
        await growing.close()
        await place.move("quarantine/a", "released/deep/a")
        assert await place.size("quarantine/a") is None
        assert await whole(place, "released/deep/a") == BODY
        with pytest.raises(FileNotFoundError):
            await place.move("quarantine/a", "released/a")
        # What a bucket does not copy by itself goes through here.
        monkeypatch.setattr(bucket_bytes, "_COPIED", 10)
        await place.move("released/deep/a", "quarantine/a")
        assert await whole(place, "quarantine/a") == BODY
        assert await paths(place, "released") == []
        place.remove_now("quarantine/a")
        place.remove_now("quarantine/a")
        assert await place.size("quarantine/a") is None

    asyncio.run(work())


def test_a_list_says_what_lies_below(place: ByteStore) -> None:
    async def work():
        growing = await grown(place, "one", BODY)
        await growing.finish("quarantine/sha256/a")
        await growing.close()
        await (await grown(place, "two", b"abc")).close()
        listed = [one async for one in place.listed("quarantine")]
        assert [(one.path, one.size) for one in listed] == [("quarantine/sha256/a", len(BODY))]
        assert listed[0].changed_at > 1_600_000_000_000
        assert len(await paths(place, "incoming")) == 1

    asyncio.run(work())
