import pytest
from tests.fleet.serving import PASSWORD

from weighbridge.fleet.permissions import Role


@pytest.fixture
def client(served):
    served.account("root", Role.ADMINISTRATOR)
    signed_in = served.client()
    began = signed_in.post("/api/v1/session", json={"name": "root", "password": PASSWORD})
    signed_in.headers["x-form-token"] = began.json()["form_token"]
    return signed_in


def _add(client, name="ada", role="viewer", **more):
    return client.post("/api/v1/accounts", json={"name": name, "role": role} | more)


def test_an_account_is_made_and_gets_in_by_a_link(served, client):
    made = _add(client, "Ada", "approver", groups=["lab"])
    assert made.status_code == 201
    account = made.json()
    assert (account["name"], account["has_password"], account["groups"]) == ("ada", False, ["lab"])
    link = client.post(f"/api/v1/accounts/{account['account_id']}/link")
    assert link.status_code == 201
    url = link.json()["url"]
    assert url.startswith("http://127.0.0.1:8480/sign-in/")
    person = served.client()
    assert person.post("/api/v1/session/link", json={"secret": url.rpartition("/")[2]}).json()["role"] == "approver"
    names = [one["name"] for one in client.get("/api/v1/accounts").json()]
    assert names == ["ada", "root"]
    assert client.get(f"/api/v1/accounts/{account['account_id']}").json()["name"] == "ada"


def test_what_changes_an_account_ends_its_sessions(served, client):
    made = served.account("ada")
    person = served.client()
    person.post("/api/v1/session", json={"name": "ada", "password": PASSWORD})
    path = f"/api/v1/accounts/{made.account_id}"
    changed = client.patch(path, json={"role": "analyst", "groups": []})
    assert (changed.json()["role"], changed.json()["groups"]) == ("analyst", [])
    assert person.get("/api/v1/session").status_code == 401
    assert client.patch(path, json={"disabled": True}).json()["disabled_at"] == served.clock.now
    assert person.post("/api/v1/session", json={"name": "ada", "password": PASSWORD}).status_code == 401
    assert client.patch(path, json={"disabled": False}).json()["disabled_at"] is None
    assert client.delete(f"{path}/sessions").json() == {"ended": 0}


def test_every_change_is_written_down(served, client):
    made = _add(client).json()["account_id"]
    path = f"/api/v1/accounts/{made}"
    client.patch(path, json={"role": "analyst"})
    client.patch(path, json={"disabled": True})
    client.post(f"{path}/link")
    actions = [entry["action"] for entry in client.get("/api/v1/audit").json()]
    assert actions == ["account.link", "account.disable", "account.role", "account.add", "session.begin"]


def test_the_last_administrator_stays(client):
    account_id = client.get("/api/v1/session").json()["account_id"]
    answer = client.patch(f"/api/v1/accounts/{account_id}", json={"disabled": True})
    assert (answer.status_code, answer.json()["code"]) == (400, "E-account")
    assert client.get("/api/v1/session").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "emperor"},
        {"name": ""},
        {"name": "x" * 129},
        {"groups": [""]},
        {"groups": "lab"},
        {"endpoint_id": "../../etc"},
        {"role": "owner"},
        {"password": "smuggled"},
    ],
)
def test_no_accounts(client, wrong):
    answer = client.post("/api/v1/accounts", json={"name": "ada", "role": "viewer"} | wrong)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["get", "patch", "post", "delete"])
def test_unknown_accounts_are_not_found(client, method):
    path = "/api/v1/accounts/unknown" + {"post": "/link", "delete": "/sessions"}.get(method, "")
    body = {"json": {"disabled": True}} if method == "patch" else {}
    answer = getattr(client, method)(path, **body)
    assert (answer.status_code, answer.json()["code"]) == (404, "E-not-found")
