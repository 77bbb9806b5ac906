"""Exceptions through the API: one asks, another decides, each sees their own."""

import pytest
from tests.fleet.small_fleet import DESKTOP, LAPTOP, LLAMA, fill
from tests.fleet.test_revocation_routes import asker

from weighbridge.fleet.permissions import Role, Scope

BODY = {"rule": "warn-review", "sha256": LLAMA, "scope_of": LAPTOP, "reason": "Audit.", "owner": "grace", "days": 30}


@pytest.fixture
def fleet(served):
    served.store.write_now(fill)
    return served


def test_a_whole_life(fleet):
    analyst, approver = asker(fleet, Role.ANALYST), asker(fleet)
    made = analyst.post("/api/v1/exceptions", json=BODY)
    assert (made.status_code, made.json()["state"]) == (201, "asked")
    path = f"/api/v1/exceptions/{made.json()['exception_id']}"
    assert analyst.post(f"{path}/decide", json={"state": "granted"}).status_code == 403
    granted = approver.post(f"{path}/decide", json={"state": "granted", "days": 7})
    assert (granted.status_code, granted.json()["state"]) == (200, "granted")
    assert approver.post(f"{path}/decide", json={"state": "granted"}).status_code == 400
    assert (
        approver.post(f"{path}/decide", json={"state": "withdrawn", "reason": "Over."}).json()["state"] == "withdrawn"
    )
    assert approver.post(f"{path}/undo").json()["state"] == "granted"
    again = analyst.post(f"{path}/renew", json={"days": 60})
    assert (again.status_code, again.json()["renews"]) == (201, made.json()["exception_id"])
    story = analyst.get(path).json()
    assert [step["state"] for step in story["history"]] == ["granted", "withdrawn", "granted", "asked"]
    asked = analyst.get("/api/v1/exceptions", params={"status": "asked", "sha256": LLAMA}).json()
    assert [one["exception_id"] for one in asked] == [again.json()["exception_id"]]
    assert len(analyst.get("/api/v1/exceptions", params={"status": "nonsense"}).json()) == 2


def test_an_owner_sees_and_asks_for_their_own(fleet):
    owner = asker(fleet, Role.OWNER, Scope(endpoint_id=LAPTOP))
    other = asker(fleet, Role.OWNER, Scope(endpoint_id=DESKTOP))
    made = owner.post("/api/v1/exceptions", json=BODY).json()
    assert [one["exception_id"] for one in owner.get("/api/v1/exceptions").json()] == [made["exception_id"]]
    assert other.get("/api/v1/exceptions").json() == []
    assert other.get(f"/api/v1/exceptions/{made['exception_id']}").status_code == 404
    assert other.post(f"/api/v1/exceptions/{made['exception_id']}/renew", json={}).status_code == 404
    assert other.post("/api/v1/exceptions", json=BODY).status_code == 404
    assert owner.post(f"/api/v1/exceptions/{made['exception_id']}/undo").status_code == 403


@pytest.mark.parametrize(
    "wrong", [{"days": 0}, {"days": 367}, {"days": "x"}, {"reason": "x" * 501}, {"more": 1}, {"sha256": "x" * 81}]
)
def test_what_does_not_fit_is_refused(fleet, wrong):
    assert asker(fleet, Role.ANALYST).post("/api/v1/exceptions", json=BODY | wrong).status_code == 400
