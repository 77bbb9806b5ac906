import pytest
from tests.fleet.serving import PASSWORD, running

from weighbridge.fleet import links
from weighbridge.fleet.permissions import Permission, Role

NEW = "another horse, another battery"


@pytest.fixture(autouse=True)
def served(store):
    """These run on both databases."""
    with running(store) as started:
        yield started


def _sign_in(client, name="ada", password=PASSWORD):
    return client.post("/api/v1/session", json={"name": name, "password": password})


def _form(client):
    return {"x-form-token": client.get("/api/v1/session").json()["form_token"]}


def test_who_signs_in_is_known_until_they_sign_out(served):
    served.account("ada", Role.ANALYST)
    client = served.client()
    assert client.get("/api/v1/session").status_code == 401
    began = _sign_in(client, "Ada")
    assert began.status_code == 201
    cookie = began.headers["set-cookie"]
    for word in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"):
        assert word in cookie
    assert "Secure" not in cookie
    assert "Domain" not in cookie
    me = client.get("/api/v1/session").json()
    assert (me["name"], me["role"]) == ("ada", "analyst")
    assert "findings:triage" in me["permissions"]
    assert client.delete("/api/v1/session", headers=_form(client)).json() == {"ended": True}
    assert client.get("/api/v1/session").status_code == 401


@pytest.mark.parametrize(("name", "password"), [("ada", "wrong"), ("grace", PASSWORD), ("", ""), ("a\x00", PASSWORD)])
def test_a_wrong_password_and_an_unknown_name_are_answered_alike(served, name, password):
    served.account("ada")
    answer = _sign_in(served.client(), name, password)
    assert answer.status_code == 401
    assert answer.json()["code"] == "E-sign-in"
    assert answer.json()["detail"] == "name or password is not right"
    assert "set-cookie" not in answer.headers


def test_guessing_is_slowed_down_by_name_and_by_address(served):
    served.account("ada")
    client = served.client()
    answers = [_sign_in(client, "ada", f"guess {number}").status_code for number in range(11)]
    assert answers == [401] * 10 + [429]
    late = _sign_in(client)
    assert late.status_code == 429
    assert int(late.headers["retry-after"]) >= 1
    assert _sign_in(client, "grace").status_code == 429, "the address is slowed down for every name"
    served.clock.pass_seconds(60)
    assert _sign_in(client).status_code == 201


def test_a_link_lets_in_once_and_allows_a_password(served):
    secret = served.store.write_now(lambda c: links.first(c, served.clock.now))
    client = served.client()
    assert client.post("/api/v1/session/link", json={"secret": "x" * 43}).status_code == 401
    assert client.post("/api/v1/session/link", json={"secret": secret}).status_code == 201
    assert served.client().post("/api/v1/session/link", json={"secret": secret}).status_code == 401
    weak = client.put("/api/v1/session/password", json={"new": "short"}, headers=_form(client))
    assert (weak.status_code, weak.json()["code"]) == (400, "E-password")
    assert client.put("/api/v1/session/password", json={"new": NEW}, headers=_form(client)).status_code == 204
    assert _sign_in(served.client(), "administrator", NEW).status_code == 201


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(served):
    served.account("ada")
    client, other = served.client(), served.client()
    _sign_in(client)
    _sign_in(other)
    path = "/api/v1/session/password"
    wrong = client.put(path, json={"new": NEW, "old": "not it"}, headers=_form(client))
    assert (wrong.status_code, wrong.json()["code"]) == (403, "E-sign-in")
    assert client.put(path, json={"new": NEW, "old": PASSWORD}, headers=_form(client)).status_code == 204
    assert client.get("/api/v1/session").status_code == 200
    assert other.get("/api/v1/session").status_code == 401
    assert _sign_in(served.client()).status_code == 401
    assert _sign_in(served.client(), password=NEW).status_code == 201


def test_one_lists_and_ends_ones_own_sessions_alone(served):
    served.account("ada")
    served.account("grace")
    client, other, stranger = served.client(), served.client(), served.client()
    _sign_in(client)
    _sign_in(other)
    _sign_in(stranger, "grace")
    listed = client.get("/api/v1/sessions").json()
    assert [one["is_this"] for one in listed].count(True) == 1
    theirs = stranger.get("/api/v1/sessions").json()[0]["session_id"]
    assert client.delete(f"/api/v1/sessions/{theirs}", headers=_form(client)).status_code == 404
    mine = next(one["session_id"] for one in listed if not one["is_this"])
    assert client.delete(f"/api/v1/sessions/{mine}", headers=_form(client)).status_code == 204
    assert other.get("/api/v1/session").status_code == 401
    assert stranger.get("/api/v1/session").status_code == 200


def test_a_session_ends_by_itself(served):
    served.account("ada")
    client = served.client()
    _sign_in(client)
    served.clock.pass_seconds(59 * 60)
    assert client.get("/api/v1/session").status_code == 200, "use keeps it"
    served.clock.pass_seconds(59 * 60)
    assert client.get("/api/v1/session").status_code == 200
    served.clock.pass_seconds(61 * 60)
    assert client.get("/api/v1/session").status_code == 401


def test_a_token_tells_who_it_is_and_has_no_form(served):
    token = served.token(served.account("ada", Role.ADMINISTRATOR), Permission.SIGNED_IN)
    me = served.client().get("/api/v1/session", headers=token).json()
    assert (me["form_token"], me["permissions"]) == (None, ["signed-in"])
    assert served.client().delete("/api/v1/session", headers=token).json() == {"ended": False}
