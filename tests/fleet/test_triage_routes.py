"""Deciding over the API."""

import pytest
from tests.fleet.serving import Running, running
from tests.fleet.small_fleet import AT, LAPTOP, SERVER, fill

from weighbridge.fleet.permissions import Permission, Role

WHICH = [{"endpoint_id": SERVER, "finding_id": "f1"}, {"endpoint_id": LAPTOP, "finding_id": "f2"}]


@pytest.fixture
def served(store):
    store.write_now(fill)
    with running(store) as started:
        started.clock.now = AT
        yield started


def token(served: Running, role: Role = Role.APPROVER):
    account = served.account(role.value, role)
    return served.token(account, Permission.FLEET_READ, Permission.FINDINGS_TRIAGE, Permission.REQUESTS_DECIDE)


def decide(served, headers, **body):
    return served.client().post("/api/v1/findings/triage", json={"findings": WHICH} | body, headers=headers)


def test_a_decision_is_made_listed_and_taken_back(served):
    headers = token(served)
    made = decide(served, headers, state="accepted", reason="test data only", days=30)
    assert made.status_code == 200
    assert made.json()["changed"] == 2
    client = served.client()
    listed = client.get("/api/v1/findings", params={"q": "state:accepted"}, headers=headers).json()
    assert {row["reason"] for row in listed["rows"]} == {"test data only"}
    assert {row["until_at"] for row in listed["rows"]} == {AT + 30 * 24 * 3_600_000}
    history = client.get(f"/api/v1/findings/{SERVER}/f1/history", headers=headers).json()
    assert len(history) == 1
    change = made.json()["change_id"]
    assert client.post(f"/api/v1/findings/triage/{change}/undo", headers=headers).json()["changed"] == 2
    assert client.post(f"/api/v1/findings/triage/{change}/undo", headers=headers).status_code == 404


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"state": "gone"}, "`gone` is no state of a finding"),
        ({"state": "false_alarm"}, "this needs a reason"),
        ({"state": "accepted", "reason": "  ", "days": 3}, "this needs a reason"),
        ({"state": "accepted", "reason": "because"}, "a risk is accepted until a day"),
    ],
)
def test_what_cannot_be_decided_is_refused_with_what_is_missing(served, body, sentence):
    refused = decide(served, token(served), **body)
    assert (refused.status_code, refused.json()["code"]) == (400, "E-triage")
    assert sentence in refused.json()["detail"]


@pytest.mark.parametrize("body", [{"state": "new", "days": 9999}, {"state": "new", "findings": []}, {}, {"state": 7}])
def test_what_does_not_fit_is_refused(served, body):
    assert decide(served, token(served), **body).status_code == 400


def test_who_may_what(served):
    analyst = served.account("analyst", Role.ANALYST)
    headers = served.token(analyst, Permission.FINDINGS_TRIAGE)
    assert decide(served, headers, state="acknowledged").status_code == 200
    accepted = decide(served, headers, state="accepted", reason="because", days=1)
    assert (accepted.status_code, accepted.json()["detail"]) == (403, "only an approver accepts a risk")
    viewer = served.token(served.account("viewer", Role.VIEWER), Permission.FLEET_READ)
    assert decide(served, viewer, state="acknowledged").status_code == 403
    assert decide(served, {}, state="acknowledged").status_code == 401
