"""One bounded GET, against servers that misbehave. Every server is a thread that plays a script of bytes."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from weighbridge.host.live import HttpAnswer
from weighbridge.host.loopback_http import get_tcp, get_unix, loopback_address


@contextmanager
def server(*pieces: bytes, stay: bool = False) -> Iterator[tuple[int, list[bytes]]]:
    """Play `pieces` to the first client; `stay` keeps the connection open after them."""
    listener = socket.create_server(("127.0.0.1", 0))
    asked: list[bytes] = []
    done = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            asked.append(connection.recv(65_536))
            for piece in pieces:
                connection.sendall(piece)
            if stay:
                done.wait()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], asked
    finally:
        done.set()
        thread.join(60)
        listener.close()


def ask(port: int, limit: int = 1000, seconds: float = 60.0) -> HttpAnswer:
    return get_tcp("127.0.0.1", port, "/v1/models", limit, seconds)


def test_nothing_but_a_get_is_sent() -> None:
    with server(b"HTTP/1.1 200 OK\r\nServer: llama.cpp\r\nContent-Length: 2\r\n\r\nok") as (port, asked):
        assert ask(port) == HttpAnswer(200, {"server": "llama.cpp", "content-length": "2"}, b"ok")
    lines = asked[0].split(b"\r\n")
    assert lines[0] == b"GET /v1/models HTTP/1.1"
    assert b"Host: 127.0.0.1:%d" % port in lines
    assert asked[0].endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("pieces", "body"),
    [
        ((b"HTTP/1.1 200 OK\r\n\r\n", b"to the ", b"end"), b"to the end"),
        (
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nab", b"cd\r\n2\r\nef\r\n0\r\n\r\n"),
            b"abcdef",
        ),
        ((b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\nzz\r\n",), b"abcd"),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nabc",), b"abc"),
        ((b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\nlate",), b"late"),
        ((b"HTTP/1.1 204 No Content\r\n\r\nnever",), b""),
        ((b"HTTP/1.0 200\r\n\r\n" + b"x" * 5000,), b"x" * 1000),
        ((b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n" + b"x" * 5000,), b"x" * 1000),
    ],
)
def test_a_body_ends_where_it_should(pieces: tuple[bytes, ...], body: bytes) -> None:
    with server(*pieces) as (port, _):
        assert ask(port).body == body


def test_a_stream_of_events_is_cut_at_the_deadline() -> None:
    for seconds in (0.2, 2.0, 20.0):
        with server(b"HTTP/1.1 200 OK\r\n\r\ndata: 1\n\n", stay=True) as (port, _):
            try:
                answer = ask(port, seconds=seconds)
            except TimeoutError:
                continue  # this machine is too busy to begin an answer within so short a time
            if answer.body:
                break
    assert answer == HttpAnswer(200, {}, b"data: 1\n\n", late=True)


@pytest.mark.parametrize(
    "pieces",
    [
        (b"",),
        (b"SSH-2.0-OpenSSH_9.9\r\n",),
        (b"SSH-2.0 404 x\r\n\r\n",),
        (b"HTTP/1.1 abc\r\n\r\n",),
        (b"x" * 100_000,),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 9,),
    ],
)
def test_what_does_not_speak_http_is_an_error(pieces: tuple[bytes, ...]) -> None:
    with server(*pieces) as (port, _), pytest.raises(OSError, match=r"HTTP|answer|reset"):
        ask(port)


def test_silence_is_an_error_at_the_deadline() -> None:
    with server(stay=True) as (port, _), pytest.raises(TimeoutError):
        ask(port, seconds=0.2)


def test_a_path_cannot_smuggle_a_second_request() -> None:
    with server(stay=True) as (port, _), pytest.raises(ValueError, match="not a path"):
        get_tcp("127.0.0.1", port, "/x HTTP/1.1\r\n\r\nPOST /y", 10, 1.0)


@pytest.mark.parametrize(
    ("bound", "asked"),
    [
        ("0.0.0.0", "127.0.0.1"),
        ("::", "::1"),
        ("127.0.0.53", "127.0.0.53"),
        ("::1", "::1"),
        ("::ffff:127.0.0.1", "::ffff:127.0.0.1"),
    ],
)
def test_loopback_leads_to_what_is_bound(bound: str, asked: str) -> None:
    assert loopback_address(bound) == asked


@pytest.mark.parametrize("bound", ["192.168.1.5", "10.0.0.1", "fe80::1", "2001:db8::1", "::ffff:8.8.8.8"])
def test_no_other_address_is_asked(bound: str) -> None:
    with pytest.raises(OSError, match="not a loopback address"):
        get_tcp(bound, 80, "/", 10, 1.0)


def test_an_abstract_unix_socket_answers() -> None:
    name = b"\0weighbridge-test-%d" % id(object())
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(name)
        listener.listen()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nyes")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        assert get_unix(name, "/", 10, 60.0).body == b"yes"
        thread.join(60)
