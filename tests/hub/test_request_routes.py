"""Requests under /api/v1: who sees which, and what a list may be narrowed to."""

import pytest
from tests.fleet.serving import Running

from weighbridge.fleet.permissions import Permission, Role


@pytest.fixture
def people(served: Running):
    """Clients of two who ask and one who decides."""
    made = {}
    for name, role in (("ada", Role.VIEWER), ("bob", Role.VIEWER), ("grace", Role.APPROVER)):
        client = served.client()
        granted = [Permission.MODELS_READ, Permission.MODELS_REQUEST] + [Permission.REQUESTS_DECIDE] * (
            role is Role.APPROVER
        )
        client.headers.update(served.token(served.account(name, role), *granted))
        made[name] = client
    return made


def names(client, query: str = "") -> list[str]:
    return sorted(one["name"] for one in client.get(f"/api/v1/model-requests{query}").json())


def test_everybody_sees_their_own_and_who_decides_sees_all(people) -> None:
    asked = {}
    for who, name in (("ada", "acme/one"), ("bob", "acme/two"), ("grace", "acme/three")):
        answer = people[who].post("/api/v1/model-requests", json={"name": name, "why": "to try it"})
        assert answer.status_code == 201, answer.text
        asked[name] = answer.json()["request_id"]
    assert names(people["ada"]) == ["acme/one"]
    assert names(people["grace"]) == ["acme/one", "acme/three", "acme/two"]
    assert names(people["grace"], "?mine=true") == ["acme/three"]
    assert names(people["grace"], "?status=refused") == []
    story = people["grace"].get(f"/api/v1/model-requests/{asked['acme/two']}").json()
    assert (story["request"]["name"], story["release"], [one["step"] for one in story["steps"]]) == (
        "acme/two",
        None,
        ["request"],
    )
    assert people["ada"].get(f"/api/v1/model-requests/{asked['acme/two']}").status_code == 404
    assert people["ada"].get("/api/v1/model-requests/none").status_code == 404


def test_a_request_that_is_refused_is_found_by_that(people) -> None:
    made = people["ada"].post("/api/v1/model-requests", json={"name": "acme/one", "why": "to try it"}).json()
    answer = people["grace"].post(f"/api/v1/model-requests/{made['request_id']}/refuse", json={"reason": "no need"})
    assert answer.status_code == 200, answer.text
    assert names(people["ada"], "?status=refused") == ["acme/one"]
    assert names(people["ada"], "?status=waiting") == []
