"""Uploads in parts: gone on with where they are, by whom they belong to, until they end."""

import asyncio
import hashlib

import pytest
from obstore.store import LocalStore
from tests.fleet.serving import Running, running

from weighbridge.fleet.permissions import Viewer
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.store import Store
from weighbridge.hub import blob_index, uploads
from weighbridge.hub.blobs import BlobStore
from weighbridge.hub.caller import Caller
from weighbridge.hub.hub import Hub
from weighbridge.model.errors import WeighbridgeError

BODY = bytes(range(256)) * 9_000
SHA256 = hashlib.sha256(BODY).hexdigest()
NOBODY = Caller(viewer=None)


@pytest.fixture(params=["folder", "memory"])
def at(request, store: Store, tmp_path):
    with running(store) as started:
        if request.param == "folder":
            started.hub = Hub(started.server, BlobStore(LocalStore(str(tmp_path / "hub"), mkdir=True)))
        yield started


async def pieces(content: bytes):
    for start in range(0, len(content), 100_000):
        yield content[start : start + 100_000]


def caller(name: str) -> Caller:
    return Caller(viewer=Viewer(account_id=name, name=name, role="analyst", permissions=frozenset()), may_write=True)


async def left(hub: Hub) -> list[str]:
    return [one.path async for one in hub.blobs.incoming()]


def test_parts_become_one_blob(at: Running) -> None:
    async def work():
        hub = at.hub
        upload = await uploads.begin(hub, NOBODY, "acme/tiny")
        assert await uploads.append(hub, upload.upload_id, 0, pieces(BODY[:1_000_000])) == 1_000_000
        assert await uploads.size(hub, upload.upload_id) == 1_000_000
        assert await uploads.append(hub, upload.upload_id, None, pieces(BODY[1_000_000:])) == len(BODY)
        got = await uploads.finish(hub, upload.upload_id, SHA256, size=len(BODY))
        assert got == (SHA256, len(BODY))
        assert await left(hub) == []
        with pytest.raises(RefusedError):
            await uploads.find(hub, upload.upload_id, NOBODY, "acme/tiny")
        return b"".join([piece async for piece in hub.blobs.read("quarantine", SHA256, 0, len(BODY))])

    assert asyncio.run(work()) == BODY
    assert at.store.read_now(lambda connection: blob_index.find(connection, SHA256)).size == len(BODY)


def test_another_server_goes_on_where_the_first_ended(at: Running) -> None:
    async def work():
        upload = await uploads.begin(at.hub, NOBODY)
        await uploads.append(at.hub, upload.upload_id, 0, pieces(BODY[:700_000]))
        other = Hub(at.server, at.hub.blobs)
        assert await uploads.find(other, upload.upload_id, NOBODY) == upload
        here = await uploads.size(other, upload.upload_id)
        await uploads.append(other, upload.upload_id, here, pieces(BODY[here:]))
        return await uploads.finish(other, upload.upload_id, SHA256)

    assert asyncio.run(work()).sha256 == SHA256


def test_what_a_client_sent_before_it_went_away_stays(at: Running) -> None:
    async def goes_away():
        yield BODY[:500_000]
        raise RefusedError(400, "E-request", "the client went away", "send it again")

    async def work():
        upload = await uploads.begin(at.hub, NOBODY)
        with pytest.raises(RefusedError):
            await uploads.append(at.hub, upload.upload_id, 0, goes_away())
        assert await uploads.size(at.hub, upload.upload_id) == 500_000
        await uploads.append(at.hub, upload.upload_id, 500_000, pieces(BODY[500_000:]))
        return await uploads.finish(at.hub, upload.upload_id, SHA256)

    assert asyncio.run(work()).sha256 == SHA256


def test_a_part_that_does_not_follow_is_refused(at: Running) -> None:
    async def work():
        upload = await uploads.begin(at.hub, NOBODY)
        await uploads.append(at.hub, upload.upload_id, 0, pieces(b"abc"))
        with pytest.raises(RefusedError) as caught:
            await uploads.append(at.hub, upload.upload_id, 2, pieces(b"d"))
        assert (caught.value.status, caught.value.code) == (416, "E-blob-offset")
        assert await uploads.size(at.hub, upload.upload_id) == 3

    asyncio.run(work())


def test_one_at_a_time(at: Running) -> None:
    async def work():
        upload = await uploads.begin(at.hub, NOBODY)
        began, go_on = asyncio.Event(), asyncio.Event()

        async def slowly():
            yield b"abc"
            began.set()
            await go_on.wait()

        first = asyncio.create_task(uploads.append(at.hub, upload.upload_id, 0, slowly()))
        await began.wait()
        for other in (
            uploads.append(at.hub, upload.upload_id, 3, pieces(b"d")),
            uploads.size(at.hub, upload.upload_id),
        ):
            with pytest.raises(RefusedError) as caught:
                await other
            assert (caught.value.status, caught.value.code) == (409, "E-blob-busy")
        go_on.set()
        assert await first == 3

    asyncio.run(work())


@pytest.mark.parametrize(
    ("wanted", "code"), [({"sha256": "0" * 64}, "E-blob-digest"), ({"sha256": SHA256, "size": 4}, "E-blob-size")]
)
def test_what_is_not_as_announced_is_thrown_away(at: Running, wanted, code) -> None:
    async def work():
        upload = await uploads.begin(at.hub, NOBODY)
        await uploads.append(at.hub, upload.upload_id, 0, pieces(b"abc"))
        with pytest.raises(WeighbridgeError) as caught:
            await uploads.finish(at.hub, upload.upload_id, **wanted)
        assert caught.value.code == code
        assert await left(at.hub) == []
        with pytest.raises(RefusedError):
            await uploads.find(at.hub, upload.upload_id, NOBODY)

    asyncio.run(work())


def test_too_much_is_refused(at: Running) -> None:
    async def work():
        upload = await uploads.begin(at.hub, NOBODY)
        with pytest.raises(WeighbridgeError) as caught:
            await uploads.append(at.hub, upload.upload_id, 0, pieces(BODY), most=10)
        assert caught.value.code == "E-blob-size"

    asyncio.run(work())


def test_whose_it_is_and_what_for(at: Running) -> None:
    async def work():
        upload = await uploads.begin(at.hub, caller("ada"), "acme/tiny")
        assert (await uploads.find(at.hub, upload.upload_id, caller("ada"), "acme/tiny")).account_id == "ada"
        for who, subject in ((caller("eve"), "acme/tiny"), (caller("ada"), "acme/other"), (NOBODY, "acme/tiny")):
            with pytest.raises(RefusedError) as caught:
                await uploads.find(at.hub, upload.upload_id, who, subject)
            assert caught.value.status == 404

    asyncio.run(work())


def test_finishing_again_after_a_crash_is_no_error(at: Running, monkeypatch) -> None:
    async def crashes(*_) -> None:
        raise OSError("the server ended")

    async def work():
        upload = await uploads.begin(at.hub, caller("ada"))
        await uploads.append(at.hub, upload.upload_id, 0, pieces(BODY))
        # What a crash between keeping the bytes and forgetting the upload leaves.
        with monkeypatch.context() as patched:
            patched.setattr(uploads, "cancel", crashes)
            with pytest.raises(OSError, match="the server ended"):
                await uploads.finish(at.hub, upload.upload_id, SHA256)
        assert await uploads.finish(at.hub, upload.upload_id, SHA256) == (SHA256, len(BODY))
        assert await left(at.hub) == []

    asyncio.run(work())


def test_a_digest_alone_finishes_no_upload_of_somebody_else(at: Running) -> None:
    async def work():
        mine = await uploads.begin(at.hub, caller("ada"), "acme/secret")
        await uploads.append(at.hub, mine.upload_id, 0, pieces(BODY))
        await uploads.finish(at.hub, mine.upload_id, SHA256)
        for thief in (caller("eve"), NOBODY):
            theirs = await uploads.begin(at.hub, thief, "eve/own")
            with pytest.raises(WeighbridgeError) as caught:
                await uploads.finish(at.hub, theirs.upload_id, SHA256)
            assert caught.value.code == "E-blob-digest"
            # Nothing tells them whether the hub has it.
            other = await uploads.begin(at.hub, thief, "eve/own")
            with pytest.raises(WeighbridgeError) as unknown:
                await uploads.finish(at.hub, other.upload_id, SHA256[::-1])
            assert unknown.value.code == caught.value.code
        again = await uploads.begin(at.hub, caller("ada"), "acme/other")
        assert await uploads.finish(at.hub, again.upload_id, SHA256) == (SHA256, len(BODY))

    asyncio.run(work())


def test_uploads_end_after_a_day_without_a_part(at: Running) -> None:
    async def work():
        hub = at.hub
        old, young = await uploads.begin(hub, NOBODY), await uploads.begin(hub, NOBODY)
        for one in (old, young):
            await uploads.append(hub, one.upload_id, 0, pieces(b"abc"))
        await hub.blobs.intake("0" * 32)  # what a request left that a crash ended
        at.clock.pass_seconds(13 * 3600)
        await uploads.append(hub, young.upload_id, 3, pieces(b"def"))
        at.clock.pass_seconds(12 * 3600)
        await uploads.expire(hub)
        with pytest.raises(RefusedError):
            await uploads.find(hub, old.upload_id, NOBODY)
        assert await uploads.size(hub, young.upload_id) == 6

    asyncio.run(work())


def test_what_a_crash_left_beside_goes_when_it_is_old_by_the_clock_of_the_disk(at: Running) -> None:
    async def work():
        hub = at.hub
        intake = await hub.blobs.intake("0" * 32)
        await intake.take(pieces(b"abc"), most=10)
        await intake.close()
        (changed_at,) = [one.changed_at async for one in hub.blobs.incoming()]
        at.clock.now = changed_at
        assert await uploads.expire(hub) == 0
        at.clock.now = changed_at + uploads.LASTS + 1
        assert await uploads.expire(hub) == 1
        assert await left(hub) == []

    asyncio.run(work())


def test_hashes_of_few_uploads_are_kept(at: Running, monkeypatch) -> None:
    monkeypatch.setattr(uploads, "_REMEMBERED", 2)

    async def work():
        begun = [await uploads.begin(at.hub, NOBODY) for _ in range(4)]
        for one in begun:
            await uploads.append(at.hub, one.upload_id, 0, pieces(BODY))
        assert len(at.hub.hashed) == 2
        for one in begun:
            assert (await uploads.finish(at.hub, one.upload_id, SHA256)).sha256 == SHA256
        assert at.hub.hashed == {}

    asyncio.run(work())


def test_nobody_leaves_more_unfinished_than_this(at: Running, monkeypatch) -> None:
    monkeypatch.setattr(uploads, "_MOST_OPEN", 2)

    async def work():
        first, _ = [await uploads.begin(at.hub, caller("ada")) for _ in range(2)]
        with pytest.raises(RefusedError) as caught:
            await uploads.begin(at.hub, caller("ada"))
        assert caught.value.status == 429
        await uploads.begin(at.hub, caller("eve"))
        await uploads.cancel(at.hub, first.upload_id)
        await uploads.begin(at.hub, caller("ada"))

    asyncio.run(work())
