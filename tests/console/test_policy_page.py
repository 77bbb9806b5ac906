"""The page of policies: empty, rolled out, compared, weighed."""

import pytest
from tests.fleet.policy_people import found, publish
from tests.fleet.serving import running
from tests.fleet.small_fleet import fill
from tests.fleet.test_policy_replay import prepare

from weighbridge.fleet.permissions import Role


@pytest.fixture
def served(store):
    with running(store) as started:
        yield started


def browser(served, role=Role.VIEWER, scope=None):
    client = served.client()
    client.headers["Accept"] = "text/html"
    cookies, form = served.session(served.account(role.value, role, scope))
    client.cookies.update(cookies)
    return client, form


def test_a_fleet_without_policies_says_what_comes_first(served):
    page = browser(served)[0].get("/policy")
    assert page.status_code == 200
    assert "No policies yet" in page.text
    assert "wb fleet policy root" in page.text


def test_how_far_the_newest_is_and_who_has_what(served):
    served.store.write_now(fill)
    served.store.write_now(found)
    served.store.write_now(publish)
    client, _ = browser(served)
    page = client.get("/policy").text
    assert "How far is policy 1?" in page
    assert "2 of 2 for policies" in page
    assert "no policy of the fleet" in page
    assert 'href="/api/v1/policy"' in page
    assert "Nothing is newly allowed" in client.get("/policy?compare=1").text
    missing = client.get("/policy?compare=9")
    assert (missing.status_code, "there is no policy 9" in missing.text) == (404, True)


def test_what_a_new_one_would_change_on_a_grid_and_in_the_fleet(served):
    served.store.write_now(prepare)
    served.clock.now = 1_795_262_400_000
    client, _ = browser(served)
    compared = client.get("/policy?compare=2").text
    assert "deny-gguf-outside-stores" in compared
    assert "What would policy 2 change?" in compared


def test_what_only_who_publishes_can_do_is_not_shown_to_others(served):
    served.store.write_now(prepare)
    viewer, _ = browser(served)
    approver, _ = browser(served, Role.APPROVER)
    for words in ("Upload a policy", "Publish what was signed", "Halt it", "Go back"):
        assert words not in viewer.get("/policy").text
        assert words in approver.get("/policy").text
    for page in (viewer, approver):
        assert "wb fleet policy sign policy-2.sign.json" in page.get("/policy").text
