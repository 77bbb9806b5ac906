"""Large answers come piece by piece, are never followed elsewhere, and end with a reason."""

import threading

import pytest
from tests.host.test_fleet_http import Answering

from weighbridge.host.download import download
from weighbridge.host.fleet_http import FleetClient, HttpError


@pytest.fixture
def server():
    made = Answering()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield made
    made.shutdown()
    thread.join(60)
    made.server_close()


@pytest.fixture
def client(server):
    made = FleetClient(f"http://127.0.0.1:{server.server_port}", connections=2)
    yield made
    made.close()


def test_a_body_comes_in_pieces(server, client):
    server.answer = 206, {"Content-Range": "bytes 5-9/10"}, b"x" * (3 << 20)
    with download(client, "/large", {"Range": "bytes=5-"}) as answer:
        pieces = list(answer.pieces)
    assert (answer.status, answer.headers["content-range"]) == (206, "bytes 5-9/10")
    assert b"".join(pieces) == b"x" * (3 << 20)
    assert max(map(len, pieces)) <= 1 << 20
    path, headers, _ = server.seen[0]
    assert (path, headers["Range"], headers["Accept-Encoding"]) == ("/large", "bytes=5-", "identity")


def test_a_redirect_is_an_error_that_says_where_it_leads(server, client):
    server.answer = 302, {"Location": "http://elsewhere.example/"}, b""
    with pytest.raises(HttpError, match=r"elsewhere\.example"), download(client, "/", {}):
        pass


def test_a_body_that_breaks_off_is_an_error(server, client):
    server.answer = 200, {"Transfer-Encoding": "chunked"}, b"5\r\nhello\r\n"
    with download(client, "/", {}) as answer, pytest.raises(HttpError):
        list(answer.pieces)


def test_nobody_there_is_an_error(client, server):
    server.shutdown()
    server.server_close()
    with pytest.raises(HttpError), download(client, "/", {}):
        pass
