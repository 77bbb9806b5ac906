"""A folder for bytes: one adds at a time, and what is in memory is read without a thread."""

import asyncio
import threading

import pytest
from obstore.store import LocalStore

from weighbridge.host.durable import BusyError
from weighbridge.host.growing_file import GrowingFile
from weighbridge.hub import folder_bytes
from weighbridge.hub.folder_bytes import FolderBytes


def test_a_folder_lets_one_add_at_a_time(tmp_path) -> None:
    async def work():
        place = FolderBytes(LocalStore(str(tmp_path)))
        first = await place.growing("one")
        with pytest.raises(BusyError):
            await place.growing("one")
        await first.close()
        await (await place.growing("one")).close()

    asyncio.run(work())


def test_who_gives_up_while_it_is_opened_leaves_it_to_others(tmp_path, monkeypatch) -> None:
    """A job that is cancelled at that moment would keep it locked for as long as the server lives."""
    begun, go_on = threading.Event(), threading.Event()

    def slowly(path):
        begun.set()
        assert go_on.wait(60)
        return GrowingFile(path)

    async def work():
        place = FolderBytes(LocalStore(str(tmp_path)))
        monkeypatch.setattr(folder_bytes, "GrowingFile", slowly)
        opening = asyncio.ensure_future(place.growing("one"))
        await asyncio.to_thread(begun.wait, 60)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        monkeypatch.setattr(folder_bytes, "GrowingFile", GrowingFile)
        go_on.set()
        place._threads.shutdown()  # waits for what is under way
        await (await FolderBytes(LocalStore(str(tmp_path))).growing("one")).close()

    asyncio.run(work())


def kept(tmp_path, content: bytes) -> FolderBytes:
    async def work():
        place = FolderBytes(LocalStore(str(tmp_path)))
        growing = await place.growing("one")
        await growing.write(content)
        await growing.finish("released/a")
        await growing.close()
        return place

    return asyncio.run(work())


@pytest.mark.parametrize("at_hand", [0, 3, 100])
def test_what_is_at_hand_is_sent_at_once_and_the_rest_is_waited_for(tmp_path, monkeypatch, at_hand) -> None:
    body = bytes(range(200))
    place = kept(tmp_path, body)

    def some(path, at, into):
        count = min(at_hand, len(into), len(body) - at)
        into[:count] = body[at : at + count]
        return count

    monkeypatch.setattr(folder_bytes, "piece_at_hand", some)
    assert asyncio.run(place.read("released/a", 5, 150)) == body[5 : 5 + (at_hand or 145)]


def test_what_was_moved_away_is_not_read_on(tmp_path) -> None:
    place = kept(tmp_path, b"abc")

    async def work():
        assert await place.read("released/a", 0, 1) == b"a"
        await place.move("released/a", "quarantine/a")
        with pytest.raises(FileNotFoundError):
            await place.read("released/a", 1, 3)

    asyncio.run(work())


def test_objects_cannot_lie_outside(tmp_path) -> None:
    assert FolderBytes(LocalStore(str(tmp_path))).path("released/a/b").startswith(str(tmp_path))
