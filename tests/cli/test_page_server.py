import http.client
import threading
from collections.abc import Iterator

import pytest

from weighbridge.cli.page_server import PageServer
from weighbridge.model.errors import WeighbridgeError

PAGE = b"<!doctype html><title>page</title>"


@pytest.fixture
def server() -> Iterator[PageServer]:
    with PageServer(PAGE, 0, "default-src 'none'") as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def ask(server: PageServer, method: str, path: str, host: str | None = None) -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    connection.request(method, path, headers={"Host": host or f"127.0.0.1:{server.server_port}"})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, content, dict(response.getheaders())


def test_it_serves_the_page_with_strict_headers(server: PageServer) -> None:
    status, content, headers = ask(server, "GET", "/")
    assert (status, content) == (200, PAGE)
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Python" not in headers["Server"]
    assert ask(server, "GET", "/", f"localhost:{server.server_port}")[0] == 200


def test_head_has_no_body(server: PageServer) -> None:
    assert ask(server, "HEAD", "/")[:2] == (200, b"")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", ""])
def test_another_host_name_gets_nothing(server: PageServer, host: str) -> None:
    status, content, _ = ask(server, "GET", "/", host or "x")
    assert (status, content) == (421, b"")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/etc/passwd", 404), ("GET", "/?x", 404), ("POST", "/", 501), ("OPTIONS", "/", 501), ("PUT", "/", 501)],
)
def test_nothing_else_is_answered(server: PageServer, method: str, path: str, status: int) -> None:
    answer = ask(server, method, path)
    assert answer[:2] == (status, b"")
    assert answer[2]["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_it_listens_on_loopback_only(server: PageServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_a_taken_port_is_an_error_with_a_hint(server: PageServer) -> None:
    with pytest.raises(WeighbridgeError) as caught:
        PageServer(PAGE, server.server_port, "")
    assert caught.value.code == "E-port-taken"
