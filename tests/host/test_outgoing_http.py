import asyncio
from pathlib import Path

import pytest
from tests.fleet.certificates import self_signed
from tests.fleet.receivers import HERE, HttpReceiver, Reply, poster

from weighbridge.host.outgoing import Dialer, ForbiddenError, OutgoingError
from weighbridge.host.outgoing_http import Answer, Poster, checked, tls_context


def post(
    url: str, body: bytes = b"body", headers: dict[str, str] | None = None, authorities: str = "", **how
) -> Answer:
    return asyncio.run(poster(**how).post(url, body, headers or {}, authorities))


async def _here(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


class Raw:
    """Answers every connection with bytes, then holds it open or closes it."""

    def __init__(self, content: bytes, *, holds: bool = False) -> None:
        self.content, self.holds = content, holds

    def post(self, seconds: float = 60.0) -> Answer:
        async def run() -> Answer:
            over = asyncio.Event()
            answering: list[asyncio.Task[None] | None] = []

            async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                answering.append(asyncio.current_task())
                try:
                    await reader.readuntil(b"body")
                    writer.write(self.content)
                    if self.holds:
                        await over.wait()
                finally:
                    writer.close()
                    await writer.wait_closed()

            listener = await asyncio.start_server(answer, "127.0.0.1", 0)
            url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/"
            try:
                return await poster(seconds=seconds).post(url, b"body", {})
            finally:
                over.set()
                listener.close()
                # A loop that ends before them leaves open sockets, which a later test would be blamed for.
                await asyncio.gather(*filter(None, answering), return_exceptions=True)

        return asyncio.run(run())


def test_a_post_and_its_answer():
    with HttpReceiver(lambda _: Reply(202, b"taken")) as receiver:
        answer = post(f"{receiver.url}/in/here?a=b", b"content", {"X-Kind": "test"})
        (received,) = receiver.received
    assert answer == Answer(202, 0.0, b"taken")
    assert (received.path, received.body, received.headers["x-kind"]) == ("/in/here?a=b", b"content", "test")
    assert received.headers["host"] == receiver.url.removeprefix("http://")


def test_a_redirect_is_not_followed():
    with HttpReceiver() as inner, HttpReceiver(lambda _: Reply(302, b"", (("Location", inner.url),))) as outer:
        assert post(outer.url).status == 302
        assert inner.received == []


def test_tls_needs_a_certificate_that_holds_for_the_name(tmp_path: Path):
    certificate = self_signed(tmp_path)
    authority = Path(certificate[0]).read_text()
    with HttpReceiver(certificate=certificate) as receiver:
        assert post(receiver.url, authorities=authority).status == 200
        with pytest.raises(OutgoingError, match="certificate does not hold"):
            post(receiver.url)
        other = Poster(Dialer(HERE, _here)).post(receiver.url.replace("127.0.0.1", "other.example"), b"", {}, authority)
        with pytest.raises(OutgoingError, match="certificate does not hold"):
            asyncio.run(other)
        assert len(receiver.received) == 1


def test_without_tls_only_this_machine_is_spoken_to():
    with pytest.raises(OutgoingError, match="https"):
        asyncio.run(poster("10.0.0.0/8").post("http://10.0.0.1/", b"", {}))
    with pytest.raises(ForbiddenError):
        asyncio.run(poster("10.0.0.0/8").post("http://127.0.0.1:1/", b"", {}))


def test_one_who_never_ends_is_given_up():
    """A drip of header fields, or of a body, does not hold a connection for ever."""
    for content in (b"", b"HTTP/1.1 200 OK\r\nA: b\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx"):
        with pytest.raises(OutgoingError, match="did not answer"):
            Raw(content, holds=True).post(seconds=0.2)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 200 OK\r\n" + b"A: " + b"x" * 100_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_answer(content):
    with pytest.raises(OutgoingError, match="not HTTP"):
        Raw(content).post()


def test_answers_are_read_as_far_as_they_matter():
    long = b"x" * 1_000_000
    assert Raw(b"HTTP/1.1 500 No\r\nContent-Length: 1000000\r\n\r\n" + long).post().body == long[:16_384]
    assert Raw(b"HTTP/1.1 200 OK\r\n\r\nuntil the end").post() == Answer(200, 0.0, b"until the end")
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n there\r\n0\r\n\r\n"
    assert Raw(chunked).post().body == b"hello there"
    assert Raw(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 None\r\nContent-Length: 0\r\n\r\n").post().status == 204


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        (b"Retry-After: 7", 7.0),
        (b"Retry-After: Sat, 21 Nov 2026 10:01:00 GMT\r\nDate: Sat, 21 Nov 2026 10:00:00 GMT", 60.0),
        (b"Retry-After: Sat, 21 Nov 2026 09:00:00 GMT\r\nDate: Sat, 21 Nov 2026 10:00:00 GMT", 0.0),
        (b"Retry-After: Sat, 21 Nov 2026 10:01:00 GMT", 0.0),
        (b"Retry-After: soon", 0.0),
        (b"Retry-After: -5", 0.0),
        (b"Retry-After: 99999999999", 0.0),
    ],
)
def test_how_long_to_wait(fields, seconds):
    content = b"HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n" + fields + b"\r\n\r\n"
    assert Raw(content).post().retry_after == seconds


@pytest.mark.parametrize(
    "url",
    [
        "",
        "collector.example.com",
        "ftp://a.example/",
        "https:///path",
        "https://ada:secret@a.example/",
        "https://a.example:99999/",
        "https://a.example:0/",
        "https://a.example/#part",
        "https://a.example/ x",
        "https://a.example/\r\nX: y",
        "https://bücher.example/",
    ],
)
def test_what_is_no_address(url):
    with pytest.raises(OutgoingError, match="no URL"):
        checked(url)


def test_header_fields_cannot_be_smuggled_in():
    for value in ("a\r\nX: y", "a\x00", "ü"):
        with pytest.raises(OutgoingError, match="not plain text"):
            post("http://127.0.0.1:1/", headers={"Authorization": value})


def test_certificates_that_are_none():
    with pytest.raises(OutgoingError, match="not PEM"):
        tls_context("nonsense")


def test_more_of_an_answer_is_read_where_more_is_expected():
    body = b"x" * 40_000
    with HttpReceiver(lambda _: Reply(200, body)) as receiver:
        short = asyncio.run(poster().post(receiver.url, b"", {}))
        whole = asyncio.run(poster().post(receiver.url, b"", {}, largest=1 << 16))
    assert (len(short.body), whole.body) == (16_384, body)
