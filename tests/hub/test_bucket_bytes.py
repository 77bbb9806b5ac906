"""A bucket for bytes: what cannot be added to lies there in parts, and is put together at once or not at all."""

import asyncio

import obstore
import pytest
from obstore.store import MemoryStore

from weighbridge.hub.bucket_bytes import BucketBytes

BODY = bytes(range(256)) * 8


def test_parts_that_two_servers_left_make_one_chain() -> None:
    async def work():
        place = BucketBytes(MemoryStore())
        first, second = await place.growing("one"), await place.growing("one")
        await first.write(b"abc")
        await second.write(b"abcd")
        await first.sync()
        await second.sync()
        size = (await place.growing("one")).size
        assert size in (3, 4)

    asyncio.run(work())


def test_an_object_that_broke_off_while_it_was_put_together_never_appears() -> None:
    async def work():
        store = MemoryStore()
        place = BucketBytes(store)
        growing = await place.growing("one")
        await growing.write(BODY)
        await growing.sync()
        await growing.write(BODY)
        await growing.sync()
        parts = sorted([one.path async for one in place.listed("incoming")])
        obstore.delete(store, parts[1])
        with pytest.raises(OSError):
            await growing.finish("quarantine/a")
        assert await place.size("quarantine/a") is None

    asyncio.run(work())
