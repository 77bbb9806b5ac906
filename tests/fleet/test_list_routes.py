"""Lists over the API."""

import pytest
from tests.fleet.serving import running
from tests.fleet.small_fleet import AT, DESKTOP, LAPTOP, LLAMA, PICKLE, SERVER, fill

from weighbridge.fleet.permissions import Permission, Role, Scope


@pytest.fixture
def served(store):
    store.write_now(fill)
    with running(store) as started:
        started.clock.now = AT
        yield started


def headers(served, scope: Scope | None = None):
    account = served.account("ada", Role.VIEWER, scope)
    return served.token(account, Permission.FLEET_READ, Permission.OWN_DEVICE)


def get(served, path, scope: Scope | None = None, **query):
    return served.client().get(f"/api/v1/{path}", params=query, headers=headers(served, scope))


@pytest.mark.parametrize(
    ("path", "query", "key", "expected"),
    [
        ("artifacts", "verdict:deny", "format", ["gguf"]),
        ("endpoints", "owner:ada", "endpoint_id", [LAPTOP]),
        ("findings", "open:yes", "finding_id", ["f1", "f2"]),
    ],
)
def test_a_list_answers_a_query(served, path, query, key, expected):
    found = get(served, path, q=query).json()
    assert [row[key] for row in found["rows"]] == expected
    assert (found["total"], found["is_more"]) == (len(expected), False)


def test_pieces_follow_one_another(served):
    own = headers(served)
    client = served.client()
    seen, after = [], ""
    for _ in range(3):
        found = client.get("/api/v1/endpoints", params={"limit": 1, "sort": "name", "after": after}, headers=own).json()
        seen += [row["name"] for row in found["rows"]]
        after = found["after"]
    assert (seen, after) == (["desktop", "laptop", "server"], "")


@pytest.mark.parametrize(
    "query",
    [{"q": "nofield:x"}, {"q": "("}, {"after": "x"}, {"sort": "x"}, {"limit": 0}, {"limit": 501}, {"q": "a" * 3000}],
)
def test_what_cannot_be_asked_is_refused_with_a_hint(served, query):
    answer = get(served, "artifacts", **query)
    assert answer.status_code == 400
    assert answer.json()["hint"]


def test_one_artifact_and_one_endpoint(served):
    assert get(served, f"artifacts/{LLAMA}").json()["spread"]["endpoints"] == 2
    assert served.client().get("/api/v1/posture").status_code == 401


def test_what_is_beyond_the_scope_is_not_found(served):
    account = served.account("bob", Role.VIEWER, Scope(groups=("lab",)))
    own = served.token(account, Permission.FLEET_READ, Permission.OWN_DEVICE)
    client = served.client()
    for path in (f"artifacts/{PICKLE}", f"endpoints/{SERVER}", "artifacts/x", "endpoints/x"):
        answer = client.get(f"/api/v1/{path}", headers=own)
        assert (answer.status_code, answer.json()["code"]) == (404, "E-not-found")
    assert client.get(f"/api/v1/endpoints/{DESKTOP}", headers=own).json()["endpoint"]["name"] == "desktop"
    assert client.get("/api/v1/posture", headers=own).json()["endpoints"] == 2
