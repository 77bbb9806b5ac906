"""What the API of a hub says, for tests of what asks it; tests/hub/test_new_developer.py asks a whole one."""

from tests.pipeline.hub_server import COMMIT

NOON = 1_795_176_000_000
REQUESTS = "/api/v1/model-requests"


def request(state: str = "waiting", reason: str = "", **more) -> dict[str, object]:
    """Return a request as the API says it."""
    found = {"request_id": "r1", "name": "acme/coder", "revision": "main", "state": state, "reason": reason}
    return found | {"upstream": "acme/coder", "release_id": "", "asked_at": NOON, "changed_at": NOON} | more


def release(state: str, why: str = "", version: str = "", commit: str = COMMIT) -> dict[str, object]:
    """Return a release as the API says it."""
    return {"commit_id": commit, "state": state, "state_why": why, "version": version}


def story(state: str = "waiting", reason: str = "", of: dict[str, object] | None = None, jobs=(), **more):
    """Return a request and what became of it."""
    return 200, {"request": request(state, reason, **more), "release": of, "steps": [], "jobs": list(jobs)}


def entry(name: str, at: int = NOON, state: str = "approved", **more) -> dict[str, object]:
    """Return a model of the catalog."""
    found = {"name": name, "commit_id": COMMIT, "version": "", "state": state, "state_at": at, "data_classes": ""}
    return found | {"revision": "main", "pulls": 0} | more
