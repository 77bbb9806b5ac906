"""Authorization over every route of the whole server: route x who asks x by what."""

import re

import pytest

from weighbridge.console.app import litestar, routes
from weighbridge.fleet.guard import declared, every_route, undeclared
from weighbridge.fleet.permissions import GRANTED, OPEN, ROLES, WHOLE_FLEET, Permission, Role, Scope

ALL = sorted(
    (method, path, declared(route))
    for route in routes()
    for path in route.paths
    for method in getattr(route, "http_methods", ())
)
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
CLOSED = [(method, path, permission) for method, path, permission in ALL if permission not in OPEN]


NONSENSE = (
    b"",
    b"{",
    b"[" * 100_000,
    b'{"name":1e999}',
    b"\xff\xfe",
    b'{"name":"\\ud800"}',
    b"null",
    b'{"name":' + b"9" * 5_000 + b"}",
    b"x" * (2 << 20),
)


def _address(path):
    return re.sub(r"\{[^}]+\}", "unknown", re.sub(r"\{[^}]+:int\}", "999999", path))


def _ask(client, method, path, **more):
    body = {"json": {}} if method in UNSAFE - {"DELETE"} else {}
    return client.request(method, _address(path), **body, **more)


def test_every_route_declares_a_permission(served):
    app = litestar(served.server, served.hub)
    assert undeclared(app) == []
    assert {(method, path) for path, method, _ in every_route(app)} == {(method, path) for method, path, _ in ALL}


def test_what_needs_no_account_is_a_short_list():
    """Whoever makes a route public changes this list, and a reviewer sees it."""
    pages = ("/sign-in", "/static/")
    assert [
        (method, path) for method, path, permission in ALL if permission in OPEN and not path.startswith(pages)
    ] == [
        ("GET", "/api/v1/openapi.json"),
        ("GET", "/health/live"),
        ("GET", "/health/ready"),
        ("GET", "/v1/policy/{name:str}"),
        ("POST", "/api/v1/session"),
        ("POST", "/api/v1/session/link"),
        ("POST", "/api/v1/session/passkey"),
        ("POST", "/api/v1/session/passkey/options"),
        ("POST", "/v1/enroll"),
        ("POST", "/v1/hub-token"),
        ("POST", "/v1/machine-key"),
        ("POST", "/v1/my-device"),
        ("POST", "/v1/sync"),
    ]


@pytest.mark.parametrize(("method", "path", "permission"), CLOSED)
def test_nobody_gets_in_without_an_account(served, method, path, permission):
    answer = _ask(served.client(), method, path)
    assert answer.status_code == 401
    assert answer.json()["code"] == "E-not-signed-in"


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_in_where_its_permissions_say_and_nowhere_else(served, role):
    scope = Scope(endpoint_id="a" * 16) if role is Role.OWNER else Scope()
    served.account("keeper", Role.ADMINISTRATOR)
    account = served.account("ada", role, scope)
    for method, path, permission in CLOSED:
        cookies, form = served.session(account)
        client = served.client(cookies=cookies)
        answer = _ask(client, method, path, headers={"x-form-token": form})
        if permission in GRANTED[role]:
            assert answer.status_code not in (401, 403), (method, path, answer.text)
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "E-not-allowed"), (method, path)


def test_a_role_over_some_endpoints_gets_in_where_that_says_and_nowhere_else(served):
    account = served.account("ada", Role.ADMINISTRATOR, Scope(groups=("lab",)))
    for method, path, permission in CLOSED:
        cookies, form = served.session(account)
        answer = _ask(served.client(cookies=cookies), method, path, headers={"x-form-token": form})
        if permission in WHOLE_FLEET:
            assert (answer.status_code, answer.json()["code"]) == (403, "E-not-allowed"), (method, path)
        else:
            assert answer.status_code != 401, (method, path)


def test_a_token_gets_in_where_it_is_limited_to_and_nowhere_else(served):
    account = served.account("ada", Role.ADMINISTRATOR)
    client = served.client()
    for given in sorted(ROLES):
        header = served.token(account, given)
        for method, path, permission in CLOSED:
            answer = _ask(client, method, path, headers=header)
            if permission == given:
                assert answer.status_code != 401, (method, path)
                assert answer.status_code != 403 or path in ("/api/v1/tokens", "/api/v1/machine-keys"), (
                    method,
                    path,
                    answer.text,
                )
            else:
                assert (answer.status_code, answer.json()["code"]) == (403, "E-not-allowed"), (method, path, given)


def test_what_changes_something_is_refused_without_the_form_of_its_session(served):
    account = served.account("ada", Role.ADMINISTRATOR)
    for method, path, _ in CLOSED:
        if method in UNSAFE:
            cookies, _form = served.session(account)
            answer = _ask(served.client(cookies=cookies), method, path)
            assert (answer.status_code, answer.json()["code"]) == (403, "E-form"), (method, path)


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in ALL])
def test_no_route_fails_on_what_nobody_would_send(served, method, path):
    account = served.account("ada", Role.ADMINISTRATOR)
    header = served.token(account, *sorted(ROLES))
    client = served.client()
    for content in NONSENSE if method in UNSAFE else (b"",):
        json = {"content-type": "application/json"}
        answer = client.request(method, _address(path), headers=header | json, content=content)
        assert answer.status_code < 500, (method, path, content[:20], answer.text)
    for value in ("%00", "..%2f..", "%f0%9f%98%80", "x" * 3_000, "%ff", "'%20OR%201=1"):
        address = re.sub(r"\{[^}]+\}", value, path) if "{" in path else f"{path}?q={value}"
        answer = client.request(method, address, headers=header)
        assert answer.status_code < 500, (method, address, answer.text)


def test_the_permissions_that_routes_ask_for_exist():
    assert {permission for _, _, permission in ALL} <= set(Permission)
