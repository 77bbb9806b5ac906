"""Large answers from elsewhere: what is followed, what is broken off, what never leaves."""

import asyncio

import pytest
from tests.hub.upstream_server import Upstream, serving

from weighbridge.host.outgoing import Dialer, ForbiddenError, OutgoingError
from weighbridge.host.outgoing_stream import MOST_HOPS, Fetcher

HERE = ("127.0.0.0/8",)


async def answers(*parts: bytes, ask: str = "/x", **options):
    """Serve these bytes to one request, and return what a fetcher makes of them."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for part in parts:
            writer.write(part)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        async with Fetcher(Dialer(HERE), HERE, **options).fetch(f"http://127.0.0.1:{port}{ask}") as answer:
            return answer.status, await answer.whole(1000)


@pytest.mark.parametrize(
    ("said", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef", b"abc"),
        (b"HTTP/1.1 200 OK\r\n\r\nabc", b"abc"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n", b"abc"),
        (b"HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b""),
    ],
    ids=["length", "close", "chunks", "early"],
)
def test_a_body_is_read_as_it_is_framed(said: bytes, body: bytes) -> None:
    assert asyncio.run(answers(said)) == (200, body)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"a" * 2000,
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000,
    ],
    ids=["nothing", "no-http", "short", "negative", "no-chunk", "short-chunk", "packed", "long", "long-head"],
)
def test_an_answer_that_is_none_is_an_error(said: bytes) -> None:
    with pytest.raises(OutgoingError):
        asyncio.run(answers(said))


def test_redirects_end() -> None:
    with serving(Upstream({"a": b"abc"})) as there:
        there.redirect = lambda name: f"/{there.name}/resolve/{there.commit}/{name}"

        async def run() -> None:
            url = f"{there.origin}/{there.name}/resolve/{there.commit}/a"
            async with Fetcher(Dialer(HERE), HERE).fetch(url):
                raise AssertionError("it answered")

        with pytest.raises(OutgoingError, match="sends on more than"):
            asyncio.run(run())
        assert len(there.asked) == MOST_HOPS + 1


def test_nothing_is_reached_that_was_not_allowed() -> None:
    async def run(url: str, networks: tuple[str, ...]) -> None:
        async with Fetcher(Dialer(networks, setting="upstream_networks"), networks).fetch(url):
            raise AssertionError("it answered")

    with serving(Upstream({})) as there:
        with pytest.raises(ForbiddenError, match="upstream_networks"):
            asyncio.run(run(f"{there.origin}/x", ()))
        assert there.asked == []
    for url in ("ftp://127.0.0.1/x", "http://user:word@127.0.0.1/x", "nonsense", "http://127.0.0.1:0/x"):
        with pytest.raises(OutgoingError):
            asyncio.run(run(url, HERE))


@pytest.mark.parametrize("how", ["waits", "drips"])
def test_an_answer_that_comes_too_slowly_is_broken_off(how: str) -> None:
    with serving(Upstream({"a": b"x" * 4000})) as there:
        path = f"/{there.name}/resolve/{there.commit}/a"
        setattr(there, how, path if how == "waits" else "a")

        async def run() -> None:
            fetcher = Fetcher(Dialer(HERE), HERE, head_seconds=2.0 if how == "waits" else 60.0, slow_seconds=0.5)
            async with fetcher.fetch(f"{there.origin}{path}") as answer:
                await answer.whole(10_000)

        with pytest.raises(OutgoingError, match="did not answer" if how == "waits" else "too slowly"):
            asyncio.run(run())
