"""Managing who comes in, over the API."""

import pytest
from tests.fleet.serving import ORIGIN, running
from tests.fleet.small_fleet import AT, DESKTOP, LAPTOP, SERVER, fill

from weighbridge.fleet import enrollment, listed_endpoints
from weighbridge.fleet.permissions import EVERYTHING, Permission, Role, Scope

ALL = (Permission.ENDPOINTS_MANAGE, Permission.AUDIT_READ, Permission.FLEET_READ)


@pytest.fixture
def served(store):
    store.write_now(fill)
    with running(store) as started:
        started.clock.now = AT
        yield started


def caller(served, scope: Scope | None = None, role: Role = Role.ADMINISTRATOR):
    client = served.client()
    held = [one for one in ALL if one is not Permission.ENDPOINTS_MANAGE or role is Role.ADMINISTRATOR]
    client.headers.update(served.token(served.account(f"{role.value}-{bool(scope)}", role, scope), *held))
    return client


def endpoint(served, endpoint_id=LAPTOP):
    return served.store.read_now(lambda connection: listed_endpoints.endpoint(connection, EVERYTHING, endpoint_id))


def test_a_token_is_made_shown_once_listed_and_ended(served):
    client = caller(served)
    made = client.post("/api/v1/enrollment-tokens", json={"group": "lab", "uses": 2, "days": 1, "note": "new laptops"})
    assert made.status_code == 201
    text = made.json()["text"]
    assert made.json()["command"] == f"wb enroll {ORIGIN} --token {text}"
    (listed,) = client.get("/api/v1/enrollment-tokens").json()
    assert (listed["group_name"], listed["most_uses"], listed["note"]) == ("lab", 2, "new laptops")
    assert text not in str(listed)
    path = f"/api/v1/enrollment-tokens/{listed['token_id']}"
    assert client.delete(path).status_code == 204
    assert client.delete(path).status_code == 404
    actions = [entry["action"] for entry in client.get("/api/v1/audit").json()]
    assert actions[:2] == ["enrollment-token.revoke", "enrollment-token.make"]


@pytest.mark.parametrize(
    "body",
    [{"days": 0}, {"days": 367}, {"uses": 0}, {"group": "<b>"}, {"group": "x" * 65}, {"other": 1}, {"uses": "x"}],
)
def test_what_is_no_token_is_refused(served, body):
    assert caller(served).post("/api/v1/enrollment-tokens", json=body).status_code == 400


def test_an_endpoint_gets_an_owner_and_a_group_and_is_taken_out(served):
    client = caller(served)
    path = f"/api/v1/endpoints/{LAPTOP}"
    assert client.patch(path, json={"owner": "eve"}).status_code == 204
    assert (endpoint(served).owner, endpoint(served).group_name) == ("eve", "lab")
    assert client.patch(path, json={"group": "ops"}).status_code == 204
    assert (endpoint(served).owner, endpoint(served).group_name) == ("eve", "ops")
    assert client.patch(path, json={}).status_code == 204
    assert client.post(f"{path}/revoke", json={"reason": ""}).status_code == 400
    assert client.post(f"{path}/revoke", json={"reason": "lost on a train"}).status_code == 204
    assert (endpoint(served).state, endpoint(served).reason) == ("revoked", "lost on a train")
    assert client.post(f"{path}/approve").status_code == 404


def test_a_device_that_waits_is_let_in(served):
    served.store.write_now(lambda c: enrollment.endpoints.set_state(c, DESKTOP, "pending", "", AT))
    client = caller(served)
    assert client.post(f"/api/v1/endpoints/{DESKTOP}/approve").status_code == 204
    assert endpoint(served, DESKTOP).state == "active"


def test_nobody_manages_beyond_their_scope_or_without_the_permission(served):
    lab = caller(served, Scope(groups=("lab",)))
    for method, path, body in (
        ("post", f"endpoints/{SERVER}/revoke", {"reason": "because"}),
        ("post", f"endpoints/{SERVER}/approve", None),
        ("patch", f"endpoints/{SERVER}", {"owner": "eve"}),
    ):
        assert getattr(lab, method)(f"/api/v1/{path}", json=body).status_code == 404
    assert lab.post("/api/v1/enrollment-tokens", json={"group": "ops"}).status_code == 403
    assert lab.patch(f"/api/v1/endpoints/{LAPTOP}", json={"group": "ops"}).status_code == 403
    assert lab.post("/api/v1/enrollment-tokens", json={"group": "lab"}).status_code == 201
    caller(served).post("/api/v1/enrollment-tokens", json={"group": "ops"})
    assert [one["group_name"] for one in lab.get("/api/v1/enrollment-tokens").json()] == ["lab"]
    viewer = caller(served, role=Role.VIEWER)
    assert viewer.get("/api/v1/enrollment-tokens").status_code == 403
    assert viewer.post(f"/api/v1/endpoints/{LAPTOP}/revoke", json={"reason": "because"}).status_code == 403
    assert endpoint(served, SERVER).state == "active"
