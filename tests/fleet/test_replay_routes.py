"""Replays through the API: asked for, looked at, ended; written into the audit."""

import asyncio

import pytest
from tests.fleet.serving import running
from tests.fleet.test_policy_replay import AT, prepare

from weighbridge.fleet import audit
from weighbridge.fleet.permissions import Permission, Role
from weighbridge.fleet.replay_runner import run_next


@pytest.fixture
def served(store):
    with running(store) as started:
        store.write_now(prepare)
        started.clock.now = AT
        yield started


def test_a_replay_from_asking_to_its_result(served):
    client = served.client()
    client.headers.update(served.token(served.account("ada"), Permission.POLICY_READ))
    asked = client.post("/api/v1/policy/replays", json={"number": 2})
    assert asked.status_code == 202
    job = asked.json()
    assert (job["state"], job["against"], job["days"], job["asked_by"]) == ("waiting", 1, 30, "ada")
    address = f"/api/v1/policy/replays/{job['replay_id']}"
    assert client.get(address).json()["result"] is None
    asyncio.run(run_next(served.server))
    found = client.get(address).json()
    assert found["job"]["state"] == "done"
    assert found["result"]["newly_denied"]["things"] > 0
    assert [one["replay_id"] for one in client.get("/api/v1/policy/replays").json()] == [job["replay_id"]]
    entries = served.store.read_now(lambda c: audit.newest(c, 10))
    assert [(one.action, one.subject) for one in entries] == [("policy.replay", "2")]


def test_one_is_ended_and_what_is_not_there_is_not_found(served):
    client = served.client()
    client.headers.update(served.token(served.account("ada", Role.ANALYST), Permission.POLICY_READ))
    job = client.post("/api/v1/policy/replays", json={"number": 2, "days": 7, "against": 1}).json()
    ended = client.post(f"/api/v1/policy/replays/{job['replay_id']}/cancel")
    assert (ended.status_code, ended.json()["state"]) == (200, "cancelled")
    assert client.get("/api/v1/policy/replays/none").status_code == 404
    assert client.post("/api/v1/policy/replays/none/cancel").status_code == 404
    assert client.post("/api/v1/policy/replays", json={"number": 99}).status_code == 400
    assert client.post("/api/v1/policy/replays", json={"number": 2, "days": 0}).status_code == 400
