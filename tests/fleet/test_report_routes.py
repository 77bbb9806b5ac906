"""Reports over the API: JSON for programs, a signed pack, who may see what."""

import json

import pytest
from tests.fleet.small_fleet import fill

from weighbridge.fleet import audit
from weighbridge.fleet.permissions import Permission, Role, Scope
from weighbridge.ledger.note_keys import PublicKey
from weighbridge.ledger.pack import manifest_of
from weighbridge.ledger.pack_verify import verify_pack
from weighbridge.ledger.pack_zip import unzipped


@pytest.fixture
def fleet(served):
    served.store.write_now(fill)
    return served


def asking(fleet, role: Role = Role.VIEWER, scope: Scope | None = None):
    client = fleet.client()
    client.headers.update(fleet.token(fleet.account(role.value, role, scope), Permission.FLEET_READ))
    return client


def test_reports_are_listed_with_the_key_that_signs_them(fleet):
    found = asking(fleet).get("/api/v1/reports").json()
    assert [one["id"] for one in found["packs"]][:3] == ["board", "dora", "eu-ai-act"]
    assert PublicKey.parse(found["key"])
    assert asking(fleet, Role.ANALYST).get("/api/v1/reports").json()["key"] == found["key"]


def test_a_report_is_read_as_json(fleet):
    found = asking(fleet).get("/api/v1/reports/board", params={"days": 30}).json()
    assert (found["pack"], found["days"], found["scope"]) == ("board", 30, "the whole fleet")
    assert found["coverage"]["enrolled"] == 3
    assert found["rows"][0]["answer"]["headline"]
    assert found["rows"][0]["statements"][0]["sql"].startswith("SELECT")


def test_a_pack_is_made_and_audited(fleet):
    client = asking(fleet)
    key = PublicKey.parse(client.get("/api/v1/reports").json()["key"])
    answer = client.post("/api/v1/reports/hipaa", json={"days": 10, "group": "ops"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert 'filename="evidence-hipaa-' in answer.headers["content-disposition"]
    assert verify_pack(answer.content, [key]).problems == ()
    _, manifest = manifest_of(unzipped(answer.content)["manifest.note"])
    assert (manifest.scope, manifest.made_by) == ("only the endpoints of group ops", "viewer (viewer, by token)")
    entry = fleet.store.read_now(lambda c: audit.newest(c, 1))[0]
    assert (entry.action, entry.subject, entry.account_name) == ("report.make", "hipaa", "viewer")
    assert json.loads(entry.detail)["bytes"] == len(answer.content)


def test_whoever_sees_a_part_gets_that_part(fleet):
    client = asking(fleet, scope=Scope(groups=("lab",)))
    assert client.get("/api/v1/reports/board").json()["coverage"]["enrolled"] == 2
    beyond = client.get("/api/v1/reports/board", params={"group": "ops"}).json()
    assert (beyond["coverage"]["enrolled"], beyond["groups"]) == (0, [])


def test_the_owner_of_one_endpoint_makes_none(fleet):
    account = fleet.account("owner", Role.OWNER, Scope(endpoint_id="a" * 16))
    cookies, form = fleet.session(account)
    client = fleet.client(cookies=cookies)
    assert client.get("/api/v1/reports/board").status_code == 403
    assert client.post("/api/v1/reports/board", json={}, headers={"x-form-token": form}).status_code == 403


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("/api/v1/reports/nothing", {}, 404),
        ("/api/v1/reports/..%2fboard", {}, 404),
        ("/api/v1/reports/board", {"days": 0}, 400),
        ("/api/v1/reports/board", {"days": 4000}, 400),
        ("/api/v1/reports/board", {"days": "many"}, 400),
        ("/api/v1/reports/board", {"group": "g" * 65}, 400),
    ],
)
def test_what_cannot_be_is_said(fleet, path, asked, status):
    client = asking(fleet)
    assert client.get(path, params=asked).status_code == status
    assert client.post(path, json=asked).status_code == status


def test_reading_holds_no_write_up(fleet):
    """A report is one read: while it is made, writes are taken and committed."""
    seen = []
    before = fleet.store.write

    async def counted(job):
        seen.append(job)
        return await before(job)

    client = asking(fleet)
    client.get("/api/v1/reports")
    fleet.store.write = counted
    client.get("/api/v1/reports/board")
    assert seen == []
    client.post("/api/v1/reports/board", json={})
    assert len(seen) == 1
