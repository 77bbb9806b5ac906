"""What every page shows beside its own."""

from tests.console.browsing import browser, signed_in

from weighbridge.fleet.permissions import Role, Scope


def test_the_navigation_leads_only_where_one_may_go(served):
    page = signed_in(served).get("/").text
    assert 'href="/findings"' in page
    assert 'aria-current="page">Posture' in page
    owner = signed_in(served, Role.OWNER, Scope(endpoint_id="a" * 16)).get("/endpoints/" + "a" * 16).text
    assert 'href="/findings"' not in owner


def test_a_page_is_kept_nowhere_and_lets_nothing_in(served):
    answer = signed_in(served).get("/artifacts")
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_nobody_is_named_before_they_signed_in(served):
    page = browser(served).get("/sign-in").text
    assert "Sign out" not in page
    assert "<nav" not in page
