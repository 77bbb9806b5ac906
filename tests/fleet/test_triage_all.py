"""Deciding about everything that a query matches, on both stores."""

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select
from tests.fleet.serving import BEGINNING, running
from tests.fleet.small_fleet import LAPTOP, fill

from weighbridge.fleet import audit, triage
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.findings import FINDINGS, rank_of
from weighbridge.fleet.outbox import OUTBOX
from weighbridge.fleet.permissions import Permission, Role, Scope

MANY = 1_203
"""More than two transactions take."""


@pytest.fixture
def crowded(store):
    def write(connection):
        fill(connection)
        known = {column.name: "" for column in FINDINGS.columns} | {"first_at": 1, "last_at": 1, "ended_at": None}
        said = {
            "endpoint_id": LAPTOP,
            "check_id": "license-prohibits",
            "severity": "high",
            "severity_rank": rank_of("high"),
        }
        connection.execute(insert(FINDINGS), [known | said | {"finding_id": f"m{n:05}"} for n in range(MANY)])

    store.write_now(write)
    with running(store) as started:
        yield started


def asker(served, role=Role.APPROVER, scope=None):
    header = served.token(served.account(f"{role.value} {scope is None}", role, scope), *_of(role))
    client = served.client()
    client.headers.update(header)
    return client


def _of(role):
    wanted = [Permission.FLEET_READ, Permission.FINDINGS_TRIAGE]
    return [*wanted, Permission.REQUESTS_DECIDE] if role is Role.APPROVER else wanted


def body(**more):
    return {"query": "check:license-prohibits", "expected": MANY + 1, "state": "acknowledged", "reason": "known"} | more


def states(served):
    query = select(triage.TRIAGE.c.state, func.count()).group_by(triage.TRIAGE.c.state)
    return dict(served.store.read_now(lambda connection: [tuple(row) for row in connection.execute(query)]))


def told(served):
    query = select(OUTBOX.c.body).where(OUTBOX.c.topic == "decision")
    return served.store.read_now(lambda connection: connection.execute(query).scalars().all())


def test_what_it_is_about_is_said_beforehand(crowded):
    found = asker(crowded).get("/api/v1/findings/matching", params={"q": "check:license-prohibits"}).json()
    assert found == {
        "findings": MANY + 1,
        "is_more": False,
        "most": 20_000,
        "severities": {"high": MANY, "medium": 1},
        "endpoints": 1,
    }


def test_everything_is_decided_told_once_and_undone_once(crowded):
    client = asker(crowded)
    done = client.post("/api/v1/findings/triage-all", json=body(state="accepted", days=30)).json()
    assert done["changed"] == MANY + 1
    assert states(crowded) == {"accepted": MANY + 1}
    assert len(told(crowded)) == 1
    assert f"decided about {MANY + 1} findings: accepted" in told(crowded)[0]
    entries = crowded.store.read_now(lambda connection: audit.newest(connection, 5))
    assert [one.action for one in entries].count("finding.triage") == 1
    assert "check:license-prohibits" in entries[0].detail
    one = triage.Which(LAPTOP, "f2")
    (decision,) = crowded.store.read_now(lambda connection: triage.history(connection, Scope(), one))
    assert decision.until_at == BEGINNING + timedelta(days=30) // timedelta(milliseconds=1)
    undone = client.post(f"/api/v1/findings/triage/{done['change_id']}/undo").json()
    assert undone["changed"] == MANY + 1
    assert (states(crowded), len(told(crowded))) == ({}, 2)
    assert client.post(f"/api/v1/findings/triage/{done['change_id']}/undo").status_code == 404


def test_an_earlier_decision_comes_back_and_a_later_one_stays(crowded):
    client = asker(crowded)
    first = client.post("/api/v1/findings/triage-all", json=body()).json()
    second = client.post("/api/v1/findings/triage-all", json=body(state="false_alarm")).json()
    one = {"findings": [{"endpoint_id": LAPTOP, "finding_id": "f2"}], "state": "new"}
    client.post("/api/v1/findings/triage", json=one)
    assert client.post(f"/api/v1/findings/triage/{first['change_id']}/undo").status_code == 404
    assert client.post(f"/api/v1/findings/triage/{second['change_id']}/undo").json()["changed"] == MANY
    assert states(crowded) == {"acknowledged": MANY, "new": 1}


@pytest.mark.parametrize(
    ("more", "status", "says"),
    [
        ({"expected": MANY}, 409, f"{MANY + 1:,} findings match now, not {MANY:,}"),
        ({"state": "accepted"}, 400, "until a day"),
        ({"state": "false_alarm", "reason": " "}, 400, "needs a reason"),
        ({"state": "closed"}, 400, "no state"),
        ({"query": "chekc:x"}, 400, "there is no field `chekc`"),
        ({"expected": 0}, 400, ""),
    ],
)
def test_what_is_not_as_it_was_said_is_not_decided(crowded, more, status, says):
    answer = asker(crowded).post("/api/v1/findings/triage-all", json=body(**more))
    assert (answer.status_code, states(crowded), told(crowded)) == (status, {}, [])
    assert says in answer.json()["detail"]


def test_more_than_one_decision_can_be_about_is_refused(crowded, monkeypatch):
    monkeypatch.setattr("weighbridge.fleet.triage_all.MOST_MATCHED", 1_000)
    client = asker(crowded)
    found = client.get("/api/v1/findings/matching").json()
    assert (found["findings"], found["is_more"]) == (1_000, True)
    answer = client.post("/api/v1/findings/triage-all", json=body(expected=1_000))
    assert (answer.status_code, answer.json()["code"]) == (400, "E-triage")
    assert states(crowded) == {}


def test_nobody_decides_about_what_they_do_not_see(crowded):
    client = asker(crowded, scope=Scope(groups=("ops",)))
    assert client.get("/api/v1/findings/matching").json()["findings"] == 1
    done = client.post("/api/v1/findings/triage-all", json=body(query="", expected=1)).json()
    assert (done["changed"], states(crowded)) == (1, {"acknowledged": 1})
    other = asker(crowded, scope=Scope(groups=("nobody",)), role=Role.ANALYST)
    assert other.post(f"/api/v1/findings/triage/{done['change_id']}/undo").status_code == 404


def test_an_analyst_accepts_no_risk(crowded):
    answer = asker(crowded, Role.ANALYST).post("/api/v1/findings/triage-all", json=body(state="accepted", days=5))
    assert (answer.status_code, states(crowded)) == (403, {})
    assert crowded.store.read_now(lambda c: c.execute(select(func.count()).select_from(ENDPOINTS)).scalar()) == 3
