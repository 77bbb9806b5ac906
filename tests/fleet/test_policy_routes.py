"""A publication from the first root to a halt, over HTTP; tests/fleet/test_routes_matrix.py holds who may what."""

import pytest
from tests.fleet.policy_people import found
from tests.fleet.small_fleet import fill
from tests.sync.policy_server import person, policy_files

from weighbridge.fleet.permissions import Permission, Role
from weighbridge.sync.policy_metadata import add_signature

READ, PUBLISH = Permission.POLICY_READ, Permission.POLICY_PUBLISH


@pytest.fixture
def api(served):
    served.store.write_now(fill)
    header = served.token(served.account("ada", Role.APPROVER), READ, PUBLISH)
    client = served.client()
    client.headers.update(header)
    return client


def folder(version=1, **change):
    return {"files": {path: content.decode() for path, content in (policy_files(version) | change).items()}}


def signed(text, people=(0, 1)):
    content = text.encode()
    for number in people:
        content = add_signature(content, person(number))
    return content.decode()


def test_from_an_upload_to_a_halt(served, api):
    served.store.write_now(found)
    made = api.post("/api/v1/policy/versions", json=folder() | {"note": "the first"})
    assert (made.status_code, made.json()["number"], made.json()["made_by"]) == (201, 1, "ada")
    assert api.get("/api/v1/policy/versions/1").json() == made.json()
    text = api.get("/api/v1/policy/versions/1/to-sign").json()["text"]
    few = api.post("/api/v1/policy/publish", json={"text": signed(text, (0,))})
    assert (few.status_code, few.json()["code"]) == (400, "E-policy-signatures")
    done = api.post("/api/v1/policy/publish", json={"text": signed(text), "rings": [{"percent": 100, "hours": 1}]})
    assert (done.status_code, done.json()["state"], done.json()["number"]) == (200, "rolling", 1)
    seen = api.get("/api/v1/policy").json()
    assert (seen["in_force"], seen["rings"][0]["endpoints"]) == (1, 3)
    halted = api.post("/api/v1/policy/roll-out/halt", json={"reason": "the lab complains"})
    assert (halted.json()["state"], halted.json()["changed_by"]) == ("halted", "ada")
    assert api.post("/api/v1/policy/roll-out/go-on", json={"reason": "all well"}).json()["state"] == "rolling"
    again = api.post("/api/v1/policy/versions/1/again", json={"reason": "back to what worked"}).json()
    assert (again["number"], again["again_of"], again["title"]) == (2, 1, "balanced 1")
    assert api.get("/api/v1/policy/versions/2/changes").json()["denied"] == 0


def test_what_is_wrong_is_said_with_its_place(api):
    wrong = api.post("/api/v1/policy/versions", json=folder(**{"rules.cedar": b"permit ("}))
    assert (wrong.status_code, wrong.json()["code"]) == (400, "E-policy-syntax")
    assert "rules.cedar" in wrong.json()["detail"]
    assert api.get("/api/v1/policy/versions/7").json()["code"] == "E-policy-number"
    assert api.post("/api/v1/policy/root", json={"text": "{}"}).json()["code"] == "E-policy-metadata"
    assert api.post("/api/v1/policy/roll-out/halt", json={"reason": "why not"}).json()["code"] == "E-policy-rings"
    path = api.post("/api/v1/policy/versions", json={"files": {"../../etc/passwd": "x"}})
    assert path.status_code == 400


def test_whoever_reaches_the_server_reads_what_is_signed_and_nothing_else(served, api):
    served.store.write_now(found)
    api.post("/api/v1/policy/versions", json=folder())
    one = api.get("/api/v1/policy/versions/1").json()
    stranger = served.client()
    assert stranger.get(f"/v1/policy/{one['sha256']}.policy-1.json").status_code == 404, "nobody signed it yet"
    text = api.get("/api/v1/policy/versions/1/to-sign").json()["text"]
    api.post("/api/v1/policy/publish", json={"text": signed(text)})
    bundle = stranger.get(f"/v1/policy/{one['sha256']}.policy-1.json")
    assert (bundle.status_code, len(bundle.content)) == (200, one["length"])
    assert stranger.get("/v1/policy/timestamp.json").headers["cache-control"] == "no-store"
    for name in ("root.json", "2.root.json", "online", "..%2fetc", "x" * 300, ""):
        assert stranger.get(f"/v1/policy/{name}").status_code in (400, 404), name
