import asyncio
import json

import pytest
from litestar import get
from tests.fleet.serving import running

from weighbridge.fleet import gate
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.settings import read_settings


@get("/api/v1/broken", opt=needs(Permission.PUBLIC))
async def broken() -> None:
    raise RuntimeError("the secret is hunter2")


@pytest.fixture
def failing(served):
    with running(served.store, more=[broken]) as started:
        yield started


def test_a_bug_is_a_problem_and_its_trace_is_in_the_log_alone(failing):
    answer = failing.client().get("/api/v1/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "E-internal"
    assert "hunter2" not in answer.text
    assert "Traceback" not in answer.text
    assert any("RuntimeError" in line and "hunter2" in line for line in failing.lines)
    assert failing.server.in_flight == 0


@pytest.mark.parametrize("path", ["/health/live", "/api/v1/session", "/nothing", "/api/v1/broken"])
def test_every_answer_tells_browsers_what_to_keep_from(failing, path):
    headers = failing.client().get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy or "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "strict-transport-security" not in headers


def test_over_tls_browsers_are_told_to_stay_there(served):
    settings = read_settings(flags={"listen": "0.0.0.0:80", "without_tls": True, "url": "https://fleet.example.com"})
    with running(served.store, settings) as started:
        answer = started.client().get("/health/live", headers={"host": "fleet.example.com"})
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert started.server.cookie == "__Host-weighbridge"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", "127.0.0.1", "", "127.0.0.1:8480.evil.example"])
def test_a_name_that_is_not_this_servers_is_refused(served, host):
    """A web page elsewhere may point a name of its own at 127.0.0.1 (DNS rebinding)."""
    answer = served.client().get("/api/v1/session", headers={"host": host})
    assert (answer.status_code, answer.json()["code"]) == (421, "E-host")


@pytest.mark.parametrize("host", ["127.0.0.1:8480", "localhost:8480", "[::1]:8480", "LOCALHOST:8480"])
def test_its_own_names_are_taken(served, host):
    assert served.client().get("/api/v1/session", headers={"host": host}).status_code == 401


@pytest.mark.parametrize(
    ("url", "host", "status"),
    [
        ("https://fleet.example.com", "fleet.example.com", 401),
        ("https://fleet.example.com", "fleet.example.com:443", 401),
        ("https://fleet.example.com", "fleet.example.com:8443", 421),
        ("https://fleet.example.com:8443", "fleet.example.com:8443", 401),
        ("https://fleet.example.com", "10.0.0.1", 421),
        ("", "whatever.example", 401),
    ],
)
def test_behind_a_proxy_the_address_that_was_told_counts(served, url, host, status):
    settings = read_settings(flags={"listen": "0.0.0.0:80", "without_tls": True, "url": url})
    with running(served.store, settings) as started:
        assert started.client().get("/api/v1/session", headers={"host": host}).status_code == status


def test_requests_are_logged_without_what_they_carry(served):
    served.client().get("/api/v1/audit?before=secret-in-query", headers={"Authorization": "Bearer wbt_secret"})
    (line,) = [line for line in served.lines if "request" in line]
    assert "path=/api/v1/audit" in line
    assert "status=401" in line
    assert "secret" not in line


def test_a_path_cannot_forge_a_line(served):
    served.client().get("/a%0a2026-01-01T00:00:00.000Z%20error%20forged%1b[31m")
    lines = "".join(served.lines)
    assert lines.count("\n") == len(served.lines)
    assert "\x1b" not in lines


def test_a_log_for_programs_is_json(served):
    with running(served.store, read_settings(flags={"log": "json"})) as started:
        started.client().get('/a"b%0a')
        (line,) = started.lines
        told = json.loads(line)
        assert (told["event"], told["status"], told["method"]) == ("request", 404, "GET")


def test_web_sockets_are_closed(served):
    import asyncio

    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(served.app({"type": "websocket", "path": "/", "headers": []}, None, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_a_server_that_closes_says_when_to_come_again(served):
    served.server.is_closed = True
    answer = served.client().get("/health/live")
    assert (answer.status_code, answer.json()["code"]) == (503, "E-store-busy")
    assert answer.headers["retry-after"] == "5"
    assert served.server.in_flight == 0


def _coming(gate_, times, size):
    """Receive a body that takes long: in so many parts of a size, each of which comes after a while."""

    async def receive():
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": bytes(size), "more_body": True}

    async def work():
        body = gate_._Body(receive, long=True)
        for _ in range(times):
            await body.receive()

    asyncio.run(work())


def test_a_byte_now_and_then_is_no_upload(monkeypatch):
    """Where a body may take long, each part of it must come in time, and a part is more than a byte."""
    monkeypatch.setattr(gate, "_BODY_SECONDS", 0.3)
    _coming(gate, 40, gate._SLOW_BYTES)
    with pytest.raises(RefusedError) as caught:
        _coming(gate, 40, 1)
    assert (caught.value.status, caught.value.code) == (408, "E-request")


def test_a_body_that_does_not_come_is_not_waited_for(served, monkeypatch):
    monkeypatch.setattr(gate, "_BODY_SECONDS", 0.05)
    sent = []

    async def never():
        await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    headers = [(b"host", b"127.0.0.1:8480"), (b"content-type", b"application/json"), (b"content-length", b"100")]
    path = {"path": "/api/v1/session/link", "raw_path": b"/api/v1/session/link", "root_path": "", "query_string": b""}
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http"}
    about = {"headers": headers, "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 8480), "extensions": {}}
    asyncio.run(asyncio.wait_for(served.app(scope | path | about, never, send), 60))
    assert sent[0]["status"] == 408
    assert json.loads(sent[1]["body"])["code"] == "E-request"
    assert served.server.in_flight == 0


@pytest.mark.parametrize("path", ["/api/v1/session", "/api/whoami-v2", "/v2/"])
def test_a_request_says_once_who_makes_it(served, path):
    """Else a proxy judges by one token, and the server by the other."""
    sent: list[dict] = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http"}
    scope |= {"path": path, "raw_path": path.encode(), "query_string": b"", "client": ("192.0.2.1", 1)}
    scope |= {"headers": [(b"host", b"127.0.0.1:8480"), (b"authorization", b"a"), (b"authorization", b"b")]}
    asyncio.run(served.app(scope, receive, send))
    assert sent[0]["status"] == 400
    assert json.loads(sent[1]["body"])["detail"] == "a request says once who makes it"


def test_a_link_that_lets_somebody_in_is_not_in_the_log(served):
    served.client().get("/sign-in/aVerySecretLink")
    served.client().get("/sign-in/provider")
    assert not [line for line in served.lines if "aVerySecretLink" in line]
    assert [line for line in served.lines if "path=/sign-in/LINK" in line]
    assert [line for line in served.lines if "path=/sign-in/provider" in line]
