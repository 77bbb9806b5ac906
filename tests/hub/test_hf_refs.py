"""Branches, tags and history, as far as they are served."""

from tests.hub.approved import approved, moved, reader
from tests.hub.holding import in_state

from weighbridge.hub.states import State


def test_branches_whose_release_is_served(served):
    first = approved(served, {"a": b"1"})
    other = approved(served, {"a": b"2"}, revision="alpha")
    gone = approved(served, {"a": b"3"}, revision="gone")
    moved(served, gone, State.REVOKED)
    in_state(served, State.QUARANTINED, {"a": b"4"}, revision="new")
    said = reader(served).get("/api/models/acme/tiny/refs?include_prs=1").json()
    assert said == {
        "branches": [
            {"name": "main", "ref": "refs/heads/main", "targetCommit": first.commit_id},
            {"name": "alpha", "ref": "refs/heads/alpha", "targetCommit": other.commit_id},
        ],
        "converts": [],
        "tags": [],
        "pullRequests": [],
    }


def test_history_leaves_out_what_nobody_may_have(served):
    first = approved(served, {"a": b"1"}, title="one")
    second = approved(served, {"a": b"2"}, title="two")
    third = approved(served, {"a": b"3"}, title="three")
    moved(served, second, State.REVOKED, "secret reason")
    client = reader(served)
    answer = client.get("/api/models/acme/tiny/commits/main")
    assert [(one["id"], one["title"]) for one in answer.json()] == [
        (third.commit_id, "three"),
        (first.commit_id, "one"),
    ]
    assert [one["id"] for one in client.get(f"/api/models/acme/tiny/commits/{first.commit_id}").json()] == [
        first.commit_id
    ]
    formatted = client.get("/api/models/acme/tiny/commits/main?expand[]=formatted").json()
    assert formatted[0]["formatted"]["title"] == "three"


def test_nothing_of_what_is_not_served(served):
    in_state(served, State.QUARANTINED)
    client = reader(served)
    for address in ("refs", "commits/main"):
        answer = client.get(f"/api/models/acme/tiny/{address}")
        assert (answer.status_code, answer.headers["x-error-code"]) == (403, "GatedRepo")
