"""How much an account may take in the store: all that comes of what it sends is counted, and freed when it is gone."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

import pytest
from tests.fleet.serving import Running
from tests.fleet.serving import running as started
from tests.hub.approved import approved
from tests.hub.holding import received
from tests.hub.pushing import Pusher
from tests.hub.test_hf_lfs import asked
from tests.hub.uploading import before, committed, within, writer
from tests.hub.xet_writing import Xorb, shard

from weighbridge.fleet import accounts
from weighbridge.fleet.settings import read_settings
from weighbridge.fleet.store import Store
from weighbridge.hub import blob_index, garbage, space, uploads
from weighbridge.hub.blob_index import RELEASED
from weighbridge.model.errors import WeighbridgeError

QUOTA = 100_000


@pytest.fixture
def served(store: Store) -> Iterator[Running]:
    """A hub in which an account may take 100 kB."""
    with started(store, read_settings(flags={"hub_quota_gb": QUOTA / space.GB})) as running:
        yield running


def account(running: Running, name: str = "wendy") -> str:
    return running.store.read_now(lambda c: accounts.by_name(c, name)).account_id


def taken(running: Running, account_id: str) -> tuple[int, int]:
    found = running.store.read_now(lambda c: space.taken_by(c, account_id))
    return found.waiting, found.unfinished


async def pieces(*content: bytes) -> AsyncIterator[bytes]:
    for one in content:
        yield one


async def let_in(running: Running, who: str, *content: bytes, announced: int = 0) -> int:
    return sum([len(one) async for one in space.counted(running.hub, who, pieces(*content), announced=announced)])


def test_what_waits_is_counted_and_what_is_served_or_gone_is_not(served: Running) -> None:
    async def bring() -> list[str]:
        return [await received(served, bytes([number]) * 1_000) for number in range(3)]

    first, second, _ = asyncio.run(bring())

    def job(connection) -> None:
        for digest in (first, second, "0" * 64):
            space.note(connection, "ada", digest)
        for size in (10, 70):
            space.note(connection, "ada", "a" * 32, size)
        space.note(connection, "", first)

    served.store.write_now(job)
    assert taken(served, "ada") == (2_000, 70)
    served.store.write_now(lambda c: blob_index.place(c, [second], RELEASED))
    assert taken(served, "ada") == (1_000, 70)
    served.store.write_now(space.prune)
    assert served.store.read_now(lambda c: len(c.execute(space.BROUGHT.select()).all())) == 3
    served.store.write_now(lambda c: space.forget(c, ["a" * 32]))
    assert taken(served, "ada") == (1_000, 0)
    assert [one.account_id for one in served.store.read_now(space.every)] == ["ada"]


def test_more_than_an_account_may_take_is_refused_as_soon_as_that_is_known(served: Running) -> None:
    assert asyncio.run(let_in(served, "ada", b"x" * 60_000, announced=60_000)) == 60_000
    for content, announced in ((b"x", 60_000), (b"x" * 60_000, 0)):
        with pytest.raises(WeighbridgeError, match=r"takes 60\.0 kB of 100 kB"):
            asyncio.run(let_in(served, "ada", content, announced=announced))
    assert asyncio.run(let_in(served, "bob", b"x" * 60_000)) == 60_000
    assert asyncio.run(let_in(served, "", b"x" * 200_000)) == 200_000, "the hub itself has no quota"
    assert served.hub.space_coming == {}


def test_what_comes_at_the_same_time_counts_together(served: Running) -> None:
    async def both() -> None:
        first = space.counted(served.hub, "ada", pieces(b"x" * 60_000, b"y"))
        assert len(await anext(first)) == 60_000
        with pytest.raises(WeighbridgeError) as caught:
            await let_in(served, "ada", b"x" * 60_000)
        assert caught.value.code == "E-hub-quota"
        await first.aclose()

    asyncio.run(both())


def test_one_that_ends_leaves_the_other_going(served: Running) -> None:
    async def both() -> None:
        first = space.counted(served.hub, "ada", pieces(b"x", b"y"))
        second = space.counted(served.hub, "ada", pieces(b"x", b"y" * 60_000))
        assert [await anext(one) for one in (first, second)] == [b"x", b"x"]
        await first.aclose()
        await second.aclose()
        first = space.counted(served.hub, "ada", pieces())
        second = space.counted(served.hub, "ada", pieces(b"", b"y" * 10))
        await anext(second)
        assert [one async for one in first] == []
        assert len(await anext(second)) == 10
        await second.aclose()
        assert served.hub.space_coming == {}

    asyncio.run(both())


def test_without_a_quota_the_disk_alone_decides(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_settings("serve.toml", b"hub_quota_gb = 0\nhub_keep_free_gb = 1\n")
    with started(store, settings) as running:

        async def room() -> tuple[int, int] | None:
            return free, 100 * space.GB

        monkeypatch.setattr(running.hub.blobs, "room", room)
        free = 2 * space.GB
        assert asyncio.run(let_in(running, "ada", b"x", announced=space.GB)) == 1
        for who in ("ada", ""):
            with pytest.raises(WeighbridgeError) as caught:
                asyncio.run(let_in(running, who, b"x", announced=space.GB + 1))
            assert caught.value.code == "E-blob-full"
            assert "keeps 1.00 GB free" in caught.value.message
        free = space.GB - 1
        assert asyncio.run(space.floor(running.hub.blobs, settings)) == (free, space.GB)
        client = writer(running)
        answer = committed(client, within("README.md", b"# x"))
        assert (answer.status_code, "left on its disk" in answer.headers["x-error-message"]) == (507, True)


def test_a_small_disk_keeps_a_part_of_it_free(served: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    async def room() -> tuple[int, int]:
        return 1_000_000, 10_000_000

    monkeypatch.setattr(served.hub.blobs, "room", room)
    assert asyncio.run(space.floor(served.hub.blobs, served.hub.server.settings)) == (1_000_000, 500_000)


def test_a_batch_that_does_not_fit_is_refused_before_anything_is_sent(served: Running) -> None:
    client = writer(served)
    answer = asked(client, b"a" * 60_000, b"b" * 60_000)
    assert answer.status_code == 413
    assert "takes 0 B of 100 kB, and this is 120 kB. Wait for a review" in answer.headers["x-error-message"]
    (one,) = asked(client, b"a" * 60_000).json()["objects"]
    href = one["actions"]["upload"]["href"]
    assert served.client().put(href, content=b"a" * 60_000).status_code == 200
    assert taken(served, account(served)) == (60_000, 0)
    assert asked(client, b"b" * 60_000).status_code == 413
    assert committed(client, before("a.bin", b"a" * 60_000)).status_code == 200
    assert committed(client, within("b.txt", b"b" * 60_000)).status_code == 413
    assert asked(writer(served, "bob"), b"b" * 60_000).status_code == 200


def test_what_is_approved_is_no_longer_on_the_account_of_who_brought_it(served: Running) -> None:
    body = b"a" * 60_000
    client = writer(served)
    href = asked(client, body).json()["objects"][0]["actions"]["upload"]["href"]
    assert served.client().put(href, content=body).status_code == 200
    approved(served, {"a.bin": body})
    served.hub.space_used.clear()
    assert taken(served, account(served)) == (0, 0)
    assert asked(client, b"b" * 60_000).status_code == 200


def test_parts_that_nobody_finished_count_until_they_end(served: Running) -> None:
    pusher = Pusher(served)
    path = urlsplit(pusher.ask("POST", "acme/pushed/blobs/uploads/").headers["location"]).path.removeprefix("/v2/")
    assert pusher.ask("PATCH", path, b"x" * 60_000).status_code == 202
    assert taken(served, account(served, "pia")) == (0, 60_000)
    second = urlsplit(pusher.ask("POST", "acme/pushed/blobs/uploads/").headers["location"]).path.removeprefix("/v2/")
    refused = pusher.ask("PATCH", second, b"y" * 60_000)
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["code"]) == (413, "DENIED")
    assert "takes 60.0 kB of 100 kB" in error["message"]
    monolithic = pusher.ask("POST", f"acme/pushed/blobs/uploads/?digest=sha256:{'0' * 64}", b"z" * 60_000)
    assert monolithic.status_code == 413
    served.clock.pass_seconds(uploads.LASTS // 1000 + 1)
    assert asyncio.run(uploads.expire(served.hub)) == 2
    assert taken(served, account(served, "pia")) == (0, 0)
    pusher.blob(b"z" * 60_000)
    assert taken(served, account(served, "pia")) == (60_000, 0)


def test_what_is_thrown_away_is_free_at_once(served: Running) -> None:
    pusher = Pusher(served)
    path = urlsplit(pusher.ask("POST", "acme/pushed/blobs/uploads/").headers["location"]).path.removeprefix("/v2/")
    assert pusher.ask("PATCH", path, b"x" * 60_000).status_code == 202
    assert pusher.ask("DELETE", path).status_code == 204
    pusher.blob(b"z" * 60_000)


def test_a_list_of_chunks_counts_as_what_comes_of_it(served: Running) -> None:
    """Sixty bytes of a list name a chunk of some kB, as often as somebody likes."""
    client = writer(served)
    said = client.get("/api/models/acme/tiny/xet-write-token/main").json()
    path = urlsplit(said["casUrl"]).path
    chunk = bytes(range(250)) * 40
    xorb = Xorb([chunk])
    assert client.post(f"{path}/v1/xorbs/default/{xorb.name}", content=xorb.body).status_code == 200
    assert taken(served, account(served))[0] == 10_000
    whole = chunk * 20
    sent = shard([(hashlib.sha256(whole).hexdigest(), [(xorb, 0, 1)] * 20)])
    refused = client.post(f"{path}/v1/shards", content=sent)
    # 200 kB, less the chunk itself, which a file holds then.
    assert (refused.status_code, "and this is 190 kB" in refused.text) == (413, True)
    told = client.post(f"{path}/v2/shards", content=sent)
    assert "and this is 190 kB" in told.text
    fits = shard([(hashlib.sha256(chunk * 5).hexdigest(), [(xorb, 0, 1)] * 5)])
    assert client.post(f"{path}/v1/shards", content=fits).status_code == 200
    assert taken(served, account(served))[0] >= 50_000


def test_chunks_do_not_count_twice_once_a_file_holds_them(served: Running) -> None:
    """Clients send chunks first, then what they make: a quota must not be half as large for them."""
    client = writer(served)
    path = urlsplit(client.get("/api/models/acme/tiny/xet-write-token/main").json()["casUrl"]).path
    first, second = bytes(range(250)) * 120, bytes(range(249, -1, -1)) * 120
    xorb = Xorb([first, second])
    assert client.post(f"{path}/v1/xorbs/default/{xorb.name}", content=xorb.body).status_code == 200
    assert taken(served, account(served))[0] == 60_000
    # A file that leaves some of it out lets nothing go, so it needs room beside it.
    part = shard([(hashlib.sha256(first * 2).hexdigest(), [(xorb, 0, 1)] * 2)])
    assert client.post(f"{path}/v1/shards", content=part).status_code == 413
    whole = second + first
    sent = shard([(hashlib.sha256(whole).hexdigest(), [(xorb, 1, 2), (xorb, 0, 1)])])
    assert client.post(f"{path}/v1/shards", content=sent).status_code == 200
    assert taken(served, account(served)) == (60_000, 0)
    assert client.post(f"{path}/v1/shards", content=sent).status_code == 200, "what was sent is not sent again"
    other = shard([(hashlib.sha256(first + second).hexdigest(), [(xorb, 0, 2)])])
    assert client.post(f"{path}/v1/shards", content=other).status_code == 413, "nothing goes for it any more"
    assert served.hub.space_coming == {}


def test_what_is_named_twice_is_sent_once(served: Running) -> None:
    assert asked(writer(served), b"a" * 60_000, b"a" * 60_000).status_code == 200


def test_what_is_collected_is_free(served: Running) -> None:
    client = writer(served)
    href = asked(client, b"a" * 60_000).json()["objects"][0]["actions"]["upload"]["href"]
    assert served.client().put(href, content=b"a" * 60_000).status_code == 200
    served.clock.pass_seconds(garbage.GRACE // 1000 + 1)
    asyncio.run(garbage.collect(served.hub))
    assert taken(served, account(served)) == (0, 0)
    assert served.store.read_now(lambda c: c.execute(space.BROUGHT.select()).all()) == []
