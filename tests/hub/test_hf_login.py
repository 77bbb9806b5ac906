"""`hf auth login` by code: begun by the tool, allowed by its person, a token in the end."""

import pytest
from tests.fleet.serving import Running
from tests.hub.test_hub_token_routes import actions, session

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
AGENT = {"User-Agent": "unknown/None; hf_hub/2.4.0; python/3.11"}


def begin(running: Running, client: str = "any") -> dict:
    return running.client().post("/oauth/device", data={"client_id": client}, headers=AGENT).json()


def ask(running: Running, device_code: str, grant: str = GRANT):
    running.clock.pass_seconds(5)
    return running.client().post("/oauth/token", data={"grant_type": grant, "device_code": device_code})


def test_a_login_from_begin_to_token(served):
    begun = begin(served)
    assert begun["verification_uri"] == "http://127.0.0.1:8480/catalog/device"
    assert begun["verification_uri_complete"] == f"{begun['verification_uri']}?code={begun['user_code']}"
    assert (begun["interval"], begun["expires_in"]) == (5, 900)
    waiting = ask(served, begun["device_code"])
    assert (waiting.status_code, waiting.json()) == (400, {"error": "authorization_pending"})
    ada = session(served, "ada")
    shown = ada.get(f"/api/v1/device-logins/{begun['user_code'].lower()}").json()
    assert (shown["tool"], shown["address"]) == ("hf_hub 2.4.0", "unknown")
    assert ada.post(f"/api/v1/device-logins/{begun['user_code']}", json={"decision": "allow"}).status_code == 204
    given = ask(served, begun["device_code"])
    assert given.status_code == 200
    assert given.headers["cache-control"] == "no-store"
    token = given.json()["access_token"]
    who = served.client().get("/api/whoami-v2", headers={"Authorization": f"Bearer {token}"})
    assert who.json()["name"] == "ada"
    assert [one for one, _ in actions(served)] == ["hub-token.make", "device-login.allow"]
    assert ask(served, begun["device_code"]).json() == {"error": "expired_token"}


def test_a_refusal_reaches_the_tool(served):
    begun = begin(served)
    ada = session(served, "ada")
    assert ada.post(f"/api/v1/device-logins/{begun['user_code']}", json={"decision": "refuse"}).status_code == 204
    assert ask(served, begun["device_code"]).json() == {"error": "access_denied"}
    assert ada.post(f"/api/v1/device-logins/{begun['user_code']}", json={"decision": "allow"}).status_code == 404


@pytest.mark.parametrize("grant", ["refresh_token", "", "password"])
def test_other_ways_to_tokens_are_none(served, grant):
    assert ask(served, "x", grant).json()["error"] == "unsupported_grant_type"


def test_what_is_no_form_is_answered_as_one(served):
    for content in (b"", b"\xff\xfe", b"=" * 10_000, b"x" * 20_000):
        assert served.client().post("/oauth/token", content=content).status_code in (400, 413)
        assert served.client().post("/oauth/device", content=content).status_code in (200, 413)


def test_an_address_that_begins_too_many_is_slowed_down(served):
    answers = [served.client().post("/oauth/device").status_code for _ in range(130)]
    assert answers[0] == 200
    assert answers[-1] == 429


def test_a_tool_that_says_who_it_is_by_its_id_is_called_so(served):
    code = begin(served, "26be6b09-91c5-47da-9861-d2d2bb7a7e36")["user_code"]
    assert session(served, "ada").get(f"/api/v1/device-logins/{code}").json()["tool"] == "hf auth login"
