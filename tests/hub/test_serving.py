"""Bytes on their way out: whole, in part, not again, and never shorter than was said."""

import asyncio

import pytest
from tests.hub.calling import call_of, run

from weighbridge.hub.blob_index import QUARANTINE, Blob
from weighbridge.hub.blobs import PIECE
from weighbridge.hub.serving import serve_blob
from weighbridge.model.errors import WeighbridgeError

BODY = bytes(range(256)) * 40


def ask(body: bytes = BODY, method: str = "GET", **headers: str):
    """Ask for stored bytes; return the call and its answer."""
    call, answered = call_of(method=method, headers={name.replace("_", "-"): value for name, value in headers.items()})

    async def pieces():
        yield body

    async def work():
        got = await call.hub.blobs.receive(pieces(), most=1 << 30)
        blob = Blob(sha256=got.sha256, size=got.size, place=QUARANTINE, stored_at=0)
        await serve_blob(call, blob, {"X-Of": "a face"})
        return got.sha256

    answered.sha256 = run(work())
    return call, answered


def test_the_whole():
    call, answered = ask()
    assert (answered.status, answered.body) == (200, BODY)
    assert answered.headers["content-length"] == str(len(BODY))
    assert answered.headers["etag"] == f'"{answered.sha256}"'
    assert answered.headers["accept-ranges"] == "bytes"
    assert answered.headers["x-of"] == "a face"
    assert "content-encoding" not in answered.headers
    assert "content-range" not in answered.headers
    assert (call.status, call.sent) == (200, len(BODY))


def test_a_part():
    call, answered = ask(range="bytes=100-299")
    assert (answered.status, answered.body) == (206, BODY[100:300])
    assert answered.headers["content-range"] == f"bytes 100-299/{len(BODY)}"
    assert answered.headers["content-length"] == "200"
    assert call.sent == 200


def test_the_end():
    assert ask(range="bytes=-7")[1].body == BODY[-7:]
    assert ask(range="bytes=9000-")[1].body == BODY[9000:]
    everything = ask(range="bytes=0-")[1]
    assert (everything.status, everything.body) == (206, BODY)


def test_several_parts_are_answered_with_the_whole():
    answered = ask(range="bytes=0-1,4-5")[1]
    assert (answered.status, answered.body) == (200, BODY)


def test_what_is_not_there_cannot_be_had():
    answered = ask(range=f"bytes={len(BODY)}-")[1]
    assert (answered.status, answered.body) == (416, b"")
    assert answered.headers["content-range"] == f"bytes */{len(BODY)}"
    assert answered.headers["content-length"] == "0"


def test_one_byte_of_a_file_without_bytes_says_its_size():
    answered = ask(b"", range="bytes=0-0")[1]
    assert (answered.status, answered.body, answered.headers["content-range"]) == (200, b"", "bytes */0")
    assert "content-range" not in ask(b"")[1].headers


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_every_size_is_sent_whole_in_bounded_pieces(size):
    body = (BODY * (size // len(BODY) + 1))[:size]
    answered = ask(body)[1]
    assert answered.body == body
    assert max(len(message["body"]) for message in answered.messages[1:]) <= PIECE


def test_head_says_what_get_would_without_a_byte():
    call, answered = ask(method="HEAD", range="bytes=0-1")
    assert (answered.status, answered.body) == (200, b"")
    assert answered.headers["content-length"] == str(len(BODY))
    assert call.sent == 0


def test_what_a_client_has_is_not_sent_again():
    sha256 = ask()[1].sha256
    answered = ask(if_none_match=f'W/"{sha256}"')[1]
    assert (answered.status, answered.body) == (304, b"")
    assert answered.headers["etag"] == f'"{sha256}"'
    assert ask(if_none_match='"another"')[1].status == 200


def test_a_part_of_other_bytes_is_answered_with_the_whole():
    sha256 = ask()[1].sha256
    assert ask(range="bytes=0-1", if_range=f'"{sha256}"')[1].status == 206
    assert ask(range="bytes=0-1", if_range='"another"')[1].status == 200
    assert ask(range="bytes=0-1", if_range=f'W/"{sha256}"')[1].status == 200
    assert ask(range="bytes=0-1", if_range="Sat, 21 Nov 2026 00:00:00 GMT")[1].status == 200


def test_bytes_that_are_missing_are_an_error_before_anything_was_said():
    call, answered = call_of()
    blob = Blob(sha256="0" * 64, size=5, place=QUARANTINE, stored_at=0)
    with pytest.raises(WeighbridgeError) as caught:
        asyncio.run(serve_blob(call, blob, {}))
    assert caught.value.code == "E-blob-read"
    assert answered.messages == []


@pytest.mark.parametrize("waits", [True, False], ids=["from the disk", "at hand"])
def test_nothing_is_read_for_somebody_who_has_gone_away(waits):
    """A connection costs whoever opens it nothing; a file that is read to its end for nobody costs the hub its disk."""
    call, _ = call_of()
    size, read = 40 * PIECE, []

    async def pieces():
        for _ in range(40):
            yield bytes(PIECE)

    async def work():
        got = await call.hub.blobs.receive(pieces(), most=1 << 30)
        gone, through = asyncio.Event(), call.hub.blobs.read

        async def receive():
            await gone.wait()
            return {"type": "http.disconnect"}

        async def counted(*arguments):
            async for piece in through(*arguments):
                read.append(piece)
                if len(read) == 3:
                    gone.set()
                if waits:
                    await asyncio.sleep(0)
                yield piece

        call._receive, call.hub.blobs.read = receive, counted
        await serve_blob(call, Blob(sha256=got.sha256, size=size, place=QUARANTINE, stored_at=0), {})

    run(work())
    assert 3 <= len(read) < 10
    assert call.sent < size


def test_many_who_read_at_once_get_smaller_pieces():
    """Of each reader some pieces wait in memory; together they are as many bytes as those of a few."""
    call, _ = call_of()

    async def pieces():
        yield bytes(4 * PIECE)

    async def work():
        got = await call.hub.blobs.receive(pieces(), most=1 << 30)

        def reader():
            return call.hub.blobs.read(QUARANTINE, got.sha256, 0, got.size)

        alone = reader()
        assert len(await anext(alone)) == PIECE
        many = [reader() for _ in range(255)]
        for one in many:
            await anext(one)
        sizes = [len(await anext(one)) for one in (alone, *many)]
        assert sum(sizes) <= 16 * PIECE
        for one in (alone, *many):
            await one.aclose()
        assert len(await anext(reader())) == PIECE

    run(work())
