"""Releases, decisions, requests and the catalog under /api/v1: who sees what, and what follows from a decision."""

import asyncio
from pathlib import Path

import pytest
from tests.fleet.serving import Running, running
from tests.hub.holding import committed, in_state
from tests.hub.weighable import CLEAN, work

from weighbridge.fleet.permissions import Permission, Role, Scope
from weighbridge.fleet.store import Store
from weighbridge.hub import grants, jobs, releases
from weighbridge.hub.states import State

ALL = (Permission.MODELS_READ, Permission.MODELS_REQUEST, Permission.REQUESTS_DECIDE)


@pytest.fixture
def hub(store: Store, tmp_path: Path):
    with running(store) as started:
        started.hub.folder = str(tmp_path / "state")
        yield started


@pytest.fixture
def clients(hub: Running):
    """A client for a role: of one account each."""

    def client(role: Role, name: str = "", scope: Scope | None = None):
        account = hub.account(name or f"{role}-1", role, scope)
        made = hub.client()
        granted = [one for one in ALL if role in (Role.APPROVER, Role.ADMINISTRATOR) or one != ALL[2]]
        made.headers.update(hub.token(account, *granted))
        return made

    return client


def test_a_request_goes_its_way(hub: Running, clients) -> None:
    ada, bob, grace = clients(Role.VIEWER, "ada"), clients(Role.VIEWER, "bob"), clients(Role.APPROVER, "grace")
    body = {"name": "acme/tiny", "why": "to summarize tickets", "task": "summarize", "data_classes": ["internal"]}
    asked = ada.post("/api/v1/model-requests", json=body)
    assert asked.status_code == 201, asked.text
    joined = bob.post("/api/v1/model-requests", json=body | {"name": "ACME/Tiny", "why": "me too"}).json()
    assert joined["request_id"] == asked.json()["request_id"]
    assert [one["name"] for one in joined["askers"]] == ["ada", "bob"]
    assert joined["reason"] == "This hub fetches nothing: somebody has to upload the model."
    address = f"/api/v1/model-requests/{joined['request_id']}"
    carol = clients(Role.VIEWER, "carol")
    assert carol.get(address).status_code == 404
    assert carol.get("/api/v1/model-requests").json() == []
    assert [one["request_id"] for one in grace.get("/api/v1/model-requests").json()] == [joined["request_id"]]

    async def bring() -> None:
        await committed(hub, CLEAN)
        await work(hub.hub)

    asyncio.run(bring())
    told = ada.get(address).json()
    assert (told["request"]["state"], told["release"]["state"]) == ("done", "approved")
    assert [step["step"] for step in told["steps"]] == ["request", "request", "weigh", "approve"]


def test_a_request_is_refused_with_a_reason(hub: Running, clients) -> None:
    ada, grace = clients(Role.VIEWER, "ada"), clients(Role.APPROVER, "grace")
    made = ada.post("/api/v1/model-requests", json={"name": "acme/tiny", "why": "to try it"}).json()
    address = f"/api/v1/model-requests/{made['request_id']}/refuse"
    assert ada.post(address, json={"reason": "because"}).status_code == 403
    assert grace.post(address, json={"reason": ""}).json()["code"] == "E-reason"
    assert grace.post(address, json={"reason": "we have a better one"}).json()["state"] == "refused"
    assert grace.post(address, json={"reason": "again"}).json()["code"] == "E-model-request"
    assert ada.get("/api/v1/model-requests?mine=true").json()[0]["reason"] == "we have a better one"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "../x"},
        {"why": ""},
        {"why": "x" * 1001},
        {"data_classes": ["nonsense"]},
        {"revision": "a..b"},
        {"task": "t" * 65},
        {"more": 1},
    ],
    ids=lambda one: next(iter(one)),
)
def test_a_request_that_says_nonsense_is_none(hub: Running, clients, wrong) -> None:
    ada = clients(Role.VIEWER)
    answer = ada.post("/api/v1/model-requests", json={"name": "acme/tiny", "why": "to try it"} | wrong)
    assert answer.status_code == 400
    assert ada.get("/api/v1/model-requests").json() == []


def test_a_decision_is_made_with_all_evidence(hub: Running, clients) -> None:
    grace, reader = clients(Role.APPROVER, "grace"), clients(Role.VIEWER, "reader")
    odd = {**CLEAN, "odd.dat": b"\0\1" * 300}

    async def bring():
        made = await committed(hub, odd, who="ada")
        await work(hub.hub)
        return made

    made = asyncio.run(bring())
    address = f"/api/v1/releases/{made.release_id}"
    waiting = grace.get("/api/v1/releases").json()
    assert [one["release"]["release_id"] for one in waiting] == [made.release_id]
    seen = grace.get(address).json()
    assert "odd.dat" in seen["weighed"]["reasons"][0]
    assert {file["path"] for file in seen["files"]} == set(odd)
    assert "approved" in seen["may_become"]
    assert grace.get(f"{address}/bom").json()["bomFormat"] == "CycloneDX"
    assert grace.get(f"{address}/bom").headers["content-type"].startswith("application/vnd.cyclonedx+json")
    assert grace.get(f"{address}/report").json()["schema"] == "weighbridge.scan/1"
    assert [one["path"] for one in grace.get(f"{address}/files?after=config.json").json()] == [
        "model.safetensors",
        "odd.dat",
    ]
    for path in ("", "/bom", "/report", "/files"):
        assert reader.get(address + path).status_code == 404
    assert reader.post(f"{address}/approve", json={}).status_code == 403
    said = {"guidance": "For drafts.", "data_classes": ["internal"], "owner": "ai-team", "days": 90, "reason": "fine"}
    assert grace.post(f"{address}/approve", json=said).json()["state"] == "approved"
    assert reader.get(address).json()["steps"] == []
    listed = reader.get("/api/v1/models?q=tiny&data_class=internal").json()
    assert [(one["name"], one["guidance"]) for one in listed["models"]] == [("acme/tiny", "For drafts.")]
    assert reader.get("/api/v1/models?data_class=restricted").json()["models"] == []
    shown = reader.get("/api/v1/models/acme/Tiny").json()
    assert shown["release"]["commit_id"] == made.commit_id
    assert grace.post(f"{address}/revoke", json={"reason": "it is wrong"}).json()["state"] == "revoked"
    assert grace.post(f"{address}/approve", json={}).status_code == 409


@pytest.mark.parametrize(
    ("act", "state", "body", "after"),
    [
        ("reject", State.REVIEW, {"reason": "too large"}, "rejected"),
        ("deprecate", State.APPROVED, {"reason": "old", "replaced_by": "acme/new"}, "deprecated"),
        ("revoke", State.APPROVED, {"reason": "bad", "everywhere": False}, "revoked"),
        ("review", State.APPROVED, {"reason": "look again"}, "review"),
        ("renew", State.EXPIRED, {"days": 10}, "approved"),
        ("weigh", State.REJECTED, {}, "rejected"),
    ],
)
def test_what_is_done_with_a_release(hub: Running, clients, act: str, state: State, body, after: str) -> None:
    release = in_state(hub, state)
    grace = clients(Role.APPROVER, "grace2")
    answer = grace.post(f"/api/v1/releases/{release.release_id}/{act}", json=body)
    assert answer.json()["state"] == after, answer.text
    if act == "weigh":
        waiting = [job.kind for job in hub.store.read_now(lambda c: jobs.about(c, release.release_id)) if job.is_open]
        assert waiting == ["weigh"]


def test_two_releases_are_compared(hub: Running, clients) -> None:
    first = in_state(hub, State.APPROVED, {"a": b"1", "same": b"s"})
    second = in_state(hub, State.APPROVED, {"b": b"2", "same": b"s"}, from_nothing=True)
    found = clients(Role.VIEWER).get(f"/api/v1/releases/{first.release_id}/compare/{second.release_id}").json()
    assert [(one["path"], bool(one["before"]), bool(one["after"])) for one in found["files"]] == [
        ("a", True, False),
        ("b", False, True),
    ]
    assert found["same_files"] == 1


def test_a_namespace_of_others_has_no_releases(hub: Running, clients) -> None:
    release, grace = in_state(hub, State.REVIEW), clients(Role.APPROVER)
    hub.store.write_now(lambda c: grants.give(c, 1, "acme", "somebody", grants.REVIEW, by="root"))
    hub.store.write_now(lambda c: grants.give(c, 1, "acme", "somebody", grants.READ, by="root"))
    assert grace.get("/api/v1/releases").json() == []
    address = f"/api/v1/releases/{release.release_id}"
    assert grace.get(address).status_code == 404
    assert grace.get("/api/v1/models/acme/tiny").status_code == 404
    for act in ("approve", "reject", "deprecate", "revoke", "review", "renew", "weigh"):
        answer = grace.post(f"{address}/{act}", json={"reason": "because"} if act not in ("approve", "renew") else {})
        assert answer.status_code == 404, act
    assert hub.store.read_now(lambda c: releases.by_id(c, release.release_id)).state is State.REVIEW


def test_who_sees_a_part_of_the_fleet_revokes_nothing_everywhere(hub: Running, clients) -> None:
    release = in_state(hub, State.APPROVED)
    limited = clients(Role.APPROVER, "limited", Scope(groups=("emea",)))
    answer = limited.post(f"/api/v1/releases/{release.release_id}/revoke", json={"reason": "bad"})
    assert (answer.status_code, answer.json()["code"]) == (403, "E-not-allowed")


def test_the_catalog_comes_page_by_page(hub: Running, clients) -> None:
    from tests.hub.approved import approved

    for number in range(5):
        approved(hub, {"config.json": b"{}"}, name=f"acme/m{number}")
        hub.clock.pass_seconds(1)
    ada, names, after = clients(Role.VIEWER), [], ""
    while True:
        found = ada.get(f"/api/v1/models?limit=2&after={after}").json()
        names += [one["name"] for one in found["models"]]
        after = found["after"]
        if not after:
            break
    assert names == [f"acme/m{number}" for number in range(4, -1, -1)]
    assert ada.get("/api/v1/models?after=nonsense").status_code == 400
