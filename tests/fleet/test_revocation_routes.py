"""Revocations through the API: who may, what comes back, what people sign."""

import secrets

import pytest
from tests.fleet.ruling_people import delegate
from tests.fleet.small_fleet import LLAMA, fill
from tests.sync.policy_server import person

from weighbridge.fleet.permissions import GRANTED, Role, Scope
from weighbridge.sync.policy_metadata import add_signature

BODY = {"sha256": LLAMA, "reason": "It phones home.", "replacement": "Qwen3 8B"}


@pytest.fixture
def fleet(served):
    served.store.write_now(fill)
    return served


def asker(fleet, role=Role.APPROVER, scope=None):
    account = fleet.account(f"{role.value}-{secrets.token_hex(4)}", role, scope)
    client = fleet.client()
    client.headers.update(fleet.token(account, *GRANTED[role]))
    return client


def test_revoking_looking_and_taking_back(fleet):
    client = asker(fleet)
    made = client.post("/api/v1/revocations", json=BODY)
    assert (made.status_code, made.json()["endpoints"]) == (201, 2)
    assert client.post("/api/v1/revocations", json=BODY).json()["code"] == "E-revocation"
    listed = client.get("/api/v1/revocations").json()
    assert ([one["sha256"] for one in listed["revocations"]], listed["roles"]) == ([LLAMA], [])
    lifted = client.post(f"/api/v1/revocations/{LLAMA}/lift", json={"reason": "Another file."})
    assert (lifted.status_code, lifted.json()["revocation"]) == (200, None)
    assert client.post(f"/api/v1/revocations/{LLAMA}/lift", json={"reason": "Again."}).status_code == 404
    page = client.get(f"/api/v1/artifacts/{LLAMA}").json()
    assert (page["revocation"], page["exceptions"]) == (None, [])


def test_people_sign_through_the_api(fleet):
    fleet.store.write_now(delegate)
    client = asker(fleet)
    client.post("/api/v1/revocations", json=BODY)
    draft = client.post("/api/v1/rulings/revocations/sign").json()
    assert (draft["role"], draft["number"]) == ("revocations", 1)
    assert LLAMA in draft["text"]
    text = draft["metadata"].encode()
    for number in (0, 1):
        refused = client.post("/api/v1/rulings/publish", json={"text": text.decode()})
        assert refused.status_code == 400
        text = add_signature(text, person(number))
    done = client.post("/api/v1/rulings/publish", json={"text": text.decode()})
    assert (done.status_code, done.json()) == (200, {"role": "revocations", "number": 1})
    assert client.get("/v1/policy/1.revocations.json").content == text
    assert client.post("/api/v1/rulings/urgent/sign").status_code == 400


@pytest.mark.parametrize("scope", [Scope(groups=("lab",)), Scope(groups=())])
def test_who_sees_a_part_decides_nothing_for_the_whole(fleet, scope):
    client = asker(fleet, scope=scope)
    for path, body in (
        ("/api/v1/revocations", BODY),
        (f"/api/v1/revocations/{LLAMA}/lift", {"reason": "Another file."}),
        ("/api/v1/rulings/revocations/sign", {}),
        ("/api/v1/rulings/publish", {"text": "{}"}),
    ):
        assert client.post(path, json=body).status_code == 403, path
    assert client.get("/api/v1/revocations").json()["revocations"] == []


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST])
def test_looking_needs_less_than_deciding(fleet, role):
    client = asker(fleet, role)
    assert client.get(f"/api/v1/revocations/{LLAMA}").status_code == 200
    assert client.post("/api/v1/revocations", json=BODY).status_code == 403
