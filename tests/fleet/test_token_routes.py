import pytest
from tests.fleet.serving import PASSWORD

from weighbridge.fleet.permissions import Permission, Role


def _signed_in(served, name, role):
    served.account(name, role)
    client = served.client()
    began = client.post("/api/v1/session", json={"name": name, "password": PASSWORD})
    client.headers["x-form-token"] = began.json()["form_token"]
    return client


def _make(client, *permissions, **more):
    return client.post("/api/v1/tokens", json={"name": "nightly", "permissions": list(permissions)} | more)


def test_a_token_is_shown_once_and_works_until_it_is_revoked(served):
    client = _signed_in(served, "ada", Role.ANALYST)
    made = _make(client, "signed-in", "findings:triage")
    assert made.status_code == 201
    header = {"Authorization": f"Bearer {made.json()['text']}"}
    program = served.client()
    assert program.get("/api/v1/session", headers=header).json()["name"] == "ada"
    listed = client.get("/api/v1/tokens").json()
    assert [one["text"] for one in listed] == [None]
    assert listed[0]["used_at"] == served.clock.now
    assert client.delete(f"/api/v1/tokens/{listed[0]['token_id']}").status_code == 204
    answer = program.get("/api/v1/session", headers=header)
    assert (answer.status_code, answer.json()["code"]) == (401, "E-not-signed-in")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_token_ends_with_its_days(served):
    client = _signed_in(served, "ada", Role.VIEWER)
    header = {"Authorization": f"Bearer {_make(client, 'signed-in', days=2).json()['text']}"}
    served.clock.pass_seconds(2 * 86_400 - 1)
    assert served.client().get("/api/v1/session", headers=header).status_code == 200
    served.clock.pass_seconds(1)
    assert served.client().get("/api/v1/session", headers=header).status_code == 401


def test_nobody_gives_a_token_what_they_may_not(served):
    client = _signed_in(served, "ada", Role.VIEWER)
    for permission in ("accounts:manage", "public", "device"):
        assert _make(client, permission).status_code == 403
    for wrong in ({"permissions": []}, {"permissions": ["everything"]}, {"days": 0}, {"days": 367}, {"name": ""}):
        assert _make(client, "signed-in", **wrong).status_code == 400


def test_a_token_loses_what_its_account_loses(served):
    account = served.account("ada", Role.ADMINISTRATOR)
    header = served.token(account, Permission.ACCOUNTS_MANAGE, Permission.SIGNED_IN)
    assert served.client().get("/api/v1/accounts", headers=header).status_code == 200
    boss = _signed_in(served, "root", Role.ADMINISTRATOR)
    boss.patch(f"/api/v1/accounts/{account.account_id}", json={"role": "viewer"})
    answer = served.client().get("/api/v1/accounts", headers=header)
    assert (answer.status_code, answer.json()["code"]) == (403, "E-not-allowed")


def test_a_token_may_no_more_than_it_was_given(served):
    header = served.token(served.account("ada", Role.ADMINISTRATOR), Permission.SIGNED_IN)
    assert served.client().get("/api/v1/accounts", headers=header).status_code == 403


def test_a_token_cannot_make_tokens(served):
    header = served.token(served.account("ada", Role.ADMINISTRATOR), Permission.SIGNED_IN)
    answer = served.client().post("/api/v1/tokens", json={"name": "x", "permissions": ["signed-in"]}, headers=header)
    assert answer.status_code == 403


@pytest.mark.parametrize(("role", "status"), [(Role.APPROVER, 404), (Role.ADMINISTRATOR, 204)])
def test_only_administrators_end_the_tokens_of_others(served, role, status):
    owner = _signed_in(served, "ada", Role.VIEWER)
    token_id = _make(owner, "signed-in").json()["token_id"]
    assert _signed_in(served, "grace", role).delete(f"/api/v1/tokens/{token_id}").status_code == status


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer wbt_",
        "Basic YWRhOnBhc3M=",
        "Bearer wbt_0000000000000000_" + "0" * 64,
        "Bearer " + "x" * 10_000,
        "Bearer eyJhbGciOiJub25lIn0.e30.",
        "Bearer wbt_' OR 1=1 --",
    ],
)
def test_no_tokens_are_not_let_in(served, header):
    answer = served.client().get("/api/v1/session", headers={"Authorization": header})
    assert answer.status_code == 401


def test_a_token_goes_before_a_cookie(served):
    client = _signed_in(served, "ada", Role.ADMINISTRATOR)
    assert client.get("/api/v1/session", headers={"Authorization": "Bearer wbt_none"}).status_code == 401
