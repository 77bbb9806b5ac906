"""Who has a release: names, tools and agents, for those who may see records."""

from tests.hub.approved import approved
from tests.hub.test_hub_token_routes import session

from weighbridge.fleet import accounts
from weighbridge.fleet.permissions import Role
from weighbridge.hub import grants
from weighbridge.hub.pulls import PULLS


def pulled(running, release_id: str, account_id: str) -> None:
    """Write down a pull."""
    row = {"release_id": release_id, "account_id": account_id, "tool": "huggingface_hub 2.4.0", "agent": "claude-code"}
    row |= {"day": 1, "requests": 3, "refused": 0, "bytes": 9, "first_at": 1, "last_at": 2}
    running.store.write_now(lambda c: c.execute(PULLS.insert().values(row)))


def test_who_has_a_release(served):
    release = approved(served)
    analyst = session(served, "ada", Role.ANALYST)
    account = served.store.read_now(lambda c: accounts.by_name(c, "ada")).account_id
    pulled(served, release.release_id, account)
    pulled(served, release.release_id, "")
    shown = analyst.get(f"/api/v1/releases/{release.release_id}/pulls").json()
    assert sorted((one["account"], one["tool"], one["agent"], one["requests"], one["bytes"]) for one in shown) == [
        ("", "huggingface_hub 2.4.0", "claude-code", 3, 9),
        ("ada", "huggingface_hub 2.4.0", "claude-code", 3, 9),
    ]


def test_a_closed_namespace_is_not_told_of(served):
    release = approved(served)
    analyst = session(served, "ada", Role.ANALYST)
    other = served.account("eve")
    served.store.write_now(lambda c: grants.give(c, 1, "acme", other.account_id, "read", by="keeper"))
    assert analyst.get(f"/api/v1/releases/{release.release_id}/pulls").status_code == 404
    assert analyst.get("/api/v1/releases/unknown/pulls").status_code == 404
