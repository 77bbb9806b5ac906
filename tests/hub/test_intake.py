"""What is on its way in: bounded, hashed once where that is possible, and right where it is not."""

import asyncio
import hashlib

import pytest
from obstore.store import LocalStore, MemoryStore

from weighbridge.hub.bucket_bytes import BucketBytes
from weighbridge.hub.folder_bytes import FolderBytes
from weighbridge.hub.intake import Hashed, Intake
from weighbridge.model.errors import WeighbridgeError

BODY = bytes(range(256)) * 10_000


@pytest.fixture(params=["folder", "memory"])
def place(request, tmp_path):
    return BucketBytes(MemoryStore()) if request.param == "memory" else FolderBytes(LocalStore(str(tmp_path)))


async def pieces(content: bytes, size: int = 70_000):
    for at in range(0, len(content), size):
        yield content[at : at + size]


def reads(growing) -> list[int]:
    """Count what is read back from what came in."""
    done: list[int] = []
    read = type(growing).read

    class Counted(type(growing)):
        async def read(self, start, end):
            done.append(end - start)
            return await read(self, start, end)

    growing.__class__ = Counted
    return done


def test_what_comes_in_is_hashed_on_the_way(place) -> None:
    async def work():
        growing = await place.growing("one")
        read_again = reads(growing)
        intake = Intake("one", growing)
        assert await intake.take(pieces(BODY), most=len(BODY)) == len(BODY)
        assert await intake.digest() == hashlib.sha256(BODY).hexdigest()
        assert read_again == []
        await intake.close()

    asyncio.run(work())


def test_hashing_goes_on_over_requests_and_begins_anew_after_a_crash(place) -> None:
    async def work():
        first = Intake("one", await place.growing("one"))
        await first.take(pieces(BODY[:900_000]), most=len(BODY))
        await first.close()
        growing = await place.growing("one")
        read_again = reads(growing)
        second = Intake("one", growing)
        second.hashed = first.hashed
        await second.take(pieces(BODY[900_000:]), most=len(BODY))
        assert await second.digest() == hashlib.sha256(BODY).hexdigest()
        assert read_again == []
        second.hashed = Hashed()
        assert await second.digest() == hashlib.sha256(BODY).hexdigest()
        assert sum(read_again) >= len(BODY)
        await second.close()

    asyncio.run(work())


def test_what_was_hashed_of_other_bytes_does_not_count(place) -> None:
    async def work():
        intake = Intake("one", await place.growing("one"))
        intake.hashed.take(b"more than there is")
        await intake.take(pieces(b"abc"), most=10)
        assert await intake.digest() == hashlib.sha256(b"abc").hexdigest()
        await intake.close()

    asyncio.run(work())


def test_too_much_is_refused_and_what_came_before_stays(place) -> None:
    async def work():
        intake = Intake("one", await place.growing("one"))
        with pytest.raises(WeighbridgeError) as caught:
            await intake.take(pieces(BODY), most=len(BODY) - 1)
        assert caught.value.code == "E-blob-size"
        assert intake.size <= len(BODY)
        await intake.close()

    asyncio.run(work())


def test_a_client_that_goes_away_leaves_what_it_sent(place) -> None:
    async def breaks_off():
        yield b"abc"
        raise ConnectionError

    async def work():
        intake = Intake("one", await place.growing("one"))
        with pytest.raises(ConnectionError):
            await intake.take(breaks_off(), most=10)
        await intake.close()
        assert (await place.growing("one")).size == 3

    asyncio.run(work())
