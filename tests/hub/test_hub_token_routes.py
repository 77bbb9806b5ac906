"""Tokens of the hub: shown once, one's own, ended for good, and written down."""

from tests.fleet.serving import Running

from weighbridge.fleet import audit
from weighbridge.fleet.permissions import Role


def session(running: Running, name: str, role: Role = Role.VIEWER):
    """Return a client that is signed in."""
    cookies, form = running.session(running.account(name, role))
    client = running.client(cookies=cookies)
    client.headers["x-form-token"] = form
    return client


def actions(running: Running) -> list[tuple[str, str]]:
    """Return what was written down, the newest first."""
    return [(one.action, one.account_name) for one in running.store.read_now(lambda c: audit.newest(c, 20))]


def whoami(running: Running, text: str):
    return running.client().get("/api/whoami-v2", headers={"Authorization": f"Bearer {text}"})


def test_a_token_is_shown_once_works_and_ends(served):
    client = session(served, "ada")
    made = client.post("/api/v1/hub-tokens", json={"name": "laptop", "right": "write", "days": 2})
    assert made.status_code == 201
    text = made.json()["text"]
    assert len(text) == 43
    assert whoami(served, text).json()["name"] == "ada"
    (listed,) = client.get("/api/v1/hub-tokens").json()
    assert (listed["name"], listed["right"], listed["text"]) == ("laptop", "write", None)
    assert listed["expires_at"] - listed["created_at"] == 2 * 24 * 3600 * 1000
    assert text not in client.get("/api/v1/hub-tokens").text
    assert client.delete(f"/api/v1/hub-tokens/{listed['token_id']}").status_code == 204
    assert client.delete(f"/api/v1/hub-tokens/{listed['token_id']}").status_code == 404
    assert whoami(served, text).status_code == 401
    assert actions(served) == [("hub-token.revoke", "ada"), ("hub-token.make", "ada")]


def test_others_are_ended_by_those_who_manage_the_hub_alone(served):
    made = session(served, "ada").post("/api/v1/hub-tokens", json={"name": "laptop"}).json()
    eve, keeper = session(served, "eve"), session(served, "keeper", Role.ADMINISTRATOR)
    assert eve.get("/api/v1/hub-tokens").json() == []
    assert eve.delete(f"/api/v1/hub-tokens/{made['token_id']}").status_code == 404
    assert keeper.delete(f"/api/v1/hub-tokens/{made['token_id']}").status_code == 204


def test_a_token_makes_no_token(served):
    text = session(served, "ada").post("/api/v1/hub-tokens", json={"name": "laptop"}).json()["text"]
    answer = served.client().post(
        "/api/v1/hub-tokens", json={"name": "more"}, headers={"Authorization": f"Bearer {text}"}
    )
    assert answer.status_code in (401, 403)


def test_what_makes_no_token_is_said(served):
    client = session(served, "ada")
    for body in (
        {},
        {"name": ""},
        {"name": " "},
        {"name": "a\nb"},
        {"name": "a", "right": "all"},
        {"name": "a", "days": 0},
    ):
        assert client.post("/api/v1/hub-tokens", json=body).status_code == 400, body
