"""What went wrong in other fleet servers, each as a test of ours. The advisory stands above each test."""

import asyncio
import sys
import threading

import pytest
from tests.fleet.serving import PASSWORD

from weighbridge.console.app import routes
from weighbridge.fleet.permissions import OPEN, ROLES, Permission, Role

HEADER = "Authorization"


def _signed_in(served, name, role=Role.VIEWER):
    served.account(name, role)
    client = served.client()
    began = client.post("/api/v1/session", json={"name": name, "password": PASSWORD})
    client.headers["x-form-token"] = began.json()["form_token"]
    return client


# Fleet CVE-2026-23518: a token that enrolls was parsed, and its signature never verified.
@pytest.mark.parametrize(
    "forged",
    [
        "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJyb2xlIjoiYWRtaW5pc3RyYXRvciJ9.",
        "wbt_{token_id}_" + "0" * 64,
        "wbt_{token_id}_{secret}0",
        "wbt_{token_id}_",
        "wbt_{token_id}",
        "WBT_{token_id}_{secret}",
        "wbt_{token_id}_{secret}\x00",
    ],
)
def test_a_token_that_only_looks_like_one_lets_nobody_in(served, forged):
    _, token_id, secret = served.token(served.account("ada"), Permission.SIGNED_IN)[HEADER].split()[1].split("_")
    text = forged.replace("{token_id}", token_id).replace("{secret}", secret)
    answer = served.client().get("/api/v1/session", headers={HEADER: f"Bearer {text}"})
    assert answer.status_code == 401


# Fleet CVE-2026-46356: headers that any client can write passed by the limits on attempts.
@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Real-IP", "True-Client-IP", "Forwarded", "CF-Connecting-IP"])
def test_no_header_of_a_stranger_resets_the_limit(served, name):
    served.account("ada")
    client = served.client()
    for number in range(12):
        guess = {"name": f"somebody-{number}", "password": "wrong password"}
        last = client.post("/api/v1/session", json=guess, headers={name: f"198.51.100.{number}"})
    assert last.status_code == 429


# Fleet CVE-2026-25963, GHSA-pr2g-j78h-84cr: an object of somebody else was found by its id.
def test_what_is_somebody_elses_is_not_found(served):
    ada, grace = _signed_in(served, "ada"), _signed_in(served, "grace", Role.APPROVER)
    made = ada.post("/api/v1/tokens", json={"name": "mine", "permissions": ["signed-in"]}).json()
    session = ada.get("/api/v1/sessions").json()[0]["session_id"]
    for path in (f"/api/v1/tokens/{made['token_id']}", f"/api/v1/sessions/{session}"):
        answer = grace.delete(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "E-not-found")
    assert grace.get("/api/v1/tokens").json() == []
    assert ada.get("/api/v1/session", headers={HEADER: f"Bearer {made['text']}"}).status_code == 200


# Wazuh CVE-2026-25771: a call that waited for a disk stood in the event loop and stopped the whole server.
def test_nothing_waits_for_the_database_in_the_event_loop(served, monkeypatch):
    account = served.account("ada", Role.ADMINISTRATOR)
    header = served.token(account, *sorted(ROLES))
    loops, waited = set(), []
    real_read, real_submit = served.store.database.read, served.store.database.submit

    def read(job):
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return real_read(job)
        waited.append("read")
        return real_read(job)

    def submit(job):
        loops.add(threading.get_ident())
        future = real_submit(job)
        real_result = future.result

        def result(timeout=None):
            if not future.done():
                waited.append("write")
            return real_result(timeout)

        future.result = result
        return future

    monkeypatch.setattr(served.store.database, "read", read)
    monkeypatch.setattr(served.store.database, "submit", submit)
    client = served.client()
    asked = 0
    for route in routes():
        if "GET" in getattr(route, "http_methods", ()):
            for path in route.paths:
                if "{" not in path:
                    client.get(path, headers=header)
                    asked += 1
    client.post("/api/v1/session", json={"name": "ada", "password": PASSWORD})
    assert asked > 10
    assert loops, "something was written"
    assert waited == []


# Wazuh CVE-2026-25771 again: a flood of invalid tokens starved the event loop.
@pytest.mark.parametrize("way", ["bearer", "cookie", "password", "device"])
def test_a_flood_of_strangers_costs_the_event_loop_little(served, way):
    """Counted in calls of functions within the loop's own thread, so that a slow machine changes nothing."""
    path, headers, body = {
        "bearer": ("/api/v1/endpoints", {"authorization": "Bearer wbt_" + "x" * 43}, b""),
        "cookie": ("/api/v1/endpoints", {"cookie": f"{served.server.cookie}={'x' * 43}"}, b""),
        "password": (
            "/api/v1/session",
            {"content-type": "application/json"},
            b'{"name":"ada","password":"wrong horse"}',
        ),
        "device": (
            "/v1/sync",
            {
                "content-digest": f"sha-256=:{'A' * 43}=:",
                "signature-input": 'wb=("@method" "@path" "content-digest")'
                f';created=1;keyid="{"a" * 16}";nonce="{"n" * 16}"',
                "signature": f"wb=:{'A' * 86}==:",
            },
            b"x" * 60_000,
        ),
    }[way]
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST" if body else "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "client": ("198.51.100.7", 1),
        "server": ("127.0.0.1", 8480),
        "headers": [
            (b"host", b"127.0.0.1:8480"),
            *((name.encode(), value.encode()) for name, value in headers.items()),
        ],
    }
    statuses, calls = [], []

    async def one():
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive():
            return waiting.pop(0) if waiting else {"type": "http.disconnect"}

        async def send(message):
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        await served.app(dict(scope, headers=[*scope["headers"]], state={}), receive, send)

    async def flood():
        for _ in range(40):
            counted = [0]
            sys.setprofile(
                lambda _frame, event, _argument, counted=counted: counted.__setitem__(0, counted[0] + (event == "call"))
            )
            try:
                await one()
            finally:
                sys.setprofile(None)
            calls.append(counted[0])

    asyncio.run(flood())
    assert set(statuses) <= {401, 403, 429}
    assert min(calls) > 20
    assert max(calls[1:]) < 4000, calls


# Wazuh CVE-2025-24016, CVE-2026-25769: an object was made of whatever class a message named.
@pytest.mark.parametrize(
    "body",
    [
        {"name": {"__class__": "os.system", "__args__": ["id"]}, "password": "x"},
        {"name": "ada", "password": "x", "__unhandled_exc__": {"__class__": "exit"}},
        {"name": ["ada"], "password": "x"},
    ],
)
def test_a_message_names_no_class(served, body):
    assert served.client().post("/api/v1/session", json=body).status_code == 400


# Wazuh CVE-2026-30893: a path in a message led out of a folder.
@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "....//etc"]
)
def test_no_address_leads_to_a_file(served, name):
    for start in ("/static/", "/api/v1/accounts/", "/"):
        answer = served.client().get(start + name)
        # Where a client has resolved it to two words, they are taken for the name of a model.
        is_model = answer.headers.get("location") == "/catalog/etc/passwd"
        assert is_model or answer.status_code in (401, 404), (start, answer.status_code)
        assert "root:" not in answer.text


# Rudolph docs/security-risks.md: whoever reached the server could use it.
def test_without_an_account_nothing_is_told_but_that_it_is_there(served):
    client = served.client()
    for route in routes():
        permission = route.opt.get("permission")
        if permission not in OPEN and "GET" in getattr(route, "http_methods", ()):
            for path in route.paths:
                assert client.get(path.replace("{", "").replace("}", "")).status_code in (401, 303), path
