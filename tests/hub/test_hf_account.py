"""Who a token is, and what else clients ask that is about no model."""

from tests.hub.approved import approved, bearer, reader

from weighbridge.fleet import accounts
from weighbridge.fleet.permissions import Permission, Role
from weighbridge.hub import grants


def test_who_a_token_is(served):
    headers = bearer(served, "ada", Role.ANALYST, right="write")
    account = served.store.read_now(lambda c: accounts.by_name(c, "ada"))
    served.store.write_now(lambda c: grants.give(c, 0, "acme", account.account_id, grants.PUBLISH, by="x"))
    said = served.client().get("/api/whoami-v2", headers=headers).json()
    assert (said["type"], said["name"], [org["name"] for org in said["orgs"]]) == ("user", "ada", ["acme"])
    token = said["auth"]["accessToken"]
    assert (token["displayName"], token["role"]) == ("laptop", "write")
    assert token["createdAt"].endswith("Z")


def test_a_token_of_the_api_is_one_too(served):
    headers = served.token(served.account("ada", Role.ANALYST), Permission.MODELS_READ)
    said = served.client().get("/api/whoami-v2", headers=headers).json()
    assert said["auth"]["accessToken"] == {"displayName": "weighbridge", "role": "read"}


def test_nobody(served):
    assert served.client().get("/api/whoami-v2").status_code == 401


def test_what_is_asked_in_passing(served):
    client = served.client()
    registry = client.get("/api/agent-harnesses").json()
    assert set(registry) == {"standardEnvVars", "harnesses"}
    assert client.head("/api/telemetry/gradio/launched").status_code == 200


def test_rights(served):
    approved(served)
    client = reader(served)
    assert client.get("/api/models/acme/tiny/auth-check").json() == {}
    assert client.get("/api/models/acme/none/auth-check").headers["x-error-code"] == "GatedRepo"
    assert client.get("/api/models/acme/tiny/auth-check/write").status_code == 403
    writer = reader(served, name="bob", role=Role.ANALYST, right="write")
    assert writer.get("/api/models/acme/tiny/auth-check/write").json() == {}
    limited = reader(served, name="eve", role=Role.ANALYST, right="read")
    assert limited.get("/api/models/acme/tiny/auth-check/write").status_code == 403
