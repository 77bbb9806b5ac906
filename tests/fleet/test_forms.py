import pytest
from tests.fleet.serving import ORIGIN, PASSWORD

from weighbridge.fleet.permissions import Permission, Role

TOKEN = {"name": "x", "permissions": ["signed-in"]}


@pytest.fixture
def client(served):
    served.account("ada", Role.ANALYST)
    signed_in = served.client()
    signed_in.post("/api/v1/session", json={"name": "ada", "password": PASSWORD})
    return signed_in


@pytest.fixture
def form(client):
    return client.get("/api/v1/session").json()["form_token"]


def _send(client, **headers):
    return client.post("/api/v1/tokens", json=TOKEN, headers={name.replace("_", "-"): v for name, v in headers.items()})


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
        {"origin": ORIGIN},
        {"origin": "http://localhost:8480"},
        {},
    ],
)
def test_our_own_pages_may(client, form, headers):
    assert _send(client, x_form_token=form, **headers).status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "cross-site", "origin": ORIGIN},
        {"sec_fetch_site": ""},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": f"{ORIGIN}.evil.example"},
    ],
)
def test_other_sites_may_not_even_with_the_token(client, form, headers):
    answer = _send(client, x_form_token=form, **headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "E-form")


@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_without_the_token_of_the_session_nothing_is_changed(client, token):
    headers = {} if token is None else {"x_form_token": token}
    answer = _send(client, sec_fetch_site="same-origin", **headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "E-form")
    assert client.get("/api/v1/tokens").json() == []


def test_the_token_of_another_session_is_not_enough(served, client):
    other = served.client()
    theirs = other.post("/api/v1/session", json={"name": "ada", "password": PASSWORD}).json()["form_token"]
    assert _send(client, x_form_token=theirs).status_code == 403


def test_programs_with_a_token_need_no_form(served):
    header = served.token(served.account("grace"), Permission.SIGNED_IN)
    answer = served.client().delete("/api/v1/session", headers=header | {"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200


def test_another_site_cannot_sign_somebody_in(served):
    """Else a person would work, and leave traces, in the account of somebody else (login CSRF)."""
    served.account("ada")
    answer = served.client().post(
        "/api/v1/session", json={"name": "ada", "password": PASSWORD}, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
