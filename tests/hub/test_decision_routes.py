"""Decisions under /api/v1: a body that says nonsense changes nothing."""

import pytest
from tests.fleet.serving import Running
from tests.hub.holding import in_state

from weighbridge.fleet.permissions import Permission, Role
from weighbridge.hub import releases
from weighbridge.hub.decision_routes import ReleaseApproval, approval_of
from weighbridge.hub.states import State


@pytest.fixture
def client(served: Running):
    client = served.client()
    client.headers.update(served.token(served.account("grace", Role.APPROVER), Permission.REQUESTS_DECIDE))
    return client


def test_an_approval_is_taken_over_in_full() -> None:
    given = ReleaseApproval(guidance="g", data_classes=["public"], owner="o", version="1", days=3, reason="r")
    taken = approval_of(given)
    assert (taken.guidance, taken.data_classes, taken.owner, taken.version, taken.days) == (
        "g",
        ("public",),
        "o",
        "1",
        3,
    )


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("approve", {"days": 0}),
        ("approve", {"days": 99_999}),
        ("approve", {"data_classes": ["no such"]}),
        ("approve", {"guidance": "x" * 4_001}),
        ("approve", {"state": "approved"}),
        ("reject", {}),
        ("reject", {"reason": ""}),
        ("reject", {"reason": "x" * 501}),
        ("revoke", {"reason": "bad", "everywhere": "perhaps"}),
        ("renew", {"days": -1}),
    ],
)
def test_what_says_nonsense_changes_nothing(served: Running, client, act: str, body) -> None:
    release = in_state(served, State.REVIEW)
    answer = client.post(f"/api/v1/releases/{release.release_id}/{act}", json=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] in ("E-request", "E-reason", "E-approval")
    assert served.store.read_now(lambda c: releases.by_id(c, release.release_id)) == release


@pytest.mark.parametrize("act", ["approve", "reject", "deprecate", "revoke", "review", "renew", "weigh"])
def test_a_release_that_is_not_there_is_404(client, act: str) -> None:
    body = {} if act in ("approve", "renew", "weigh") else {"reason": "because"}
    assert client.post(f"/api/v1/releases/{'0' * 16}/{act}", json=body).status_code == 404
