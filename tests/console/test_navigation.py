"""The navigation leads to pages that are there, each once, and asks for what they ask for."""

from weighbridge.console.navigation import NAVIGATION, OWN, reachable
from weighbridge.console.registry import PAGES
from weighbridge.fleet.guard import declared
from weighbridge.fleet.permissions import EVERYTHING, GRANTED, Permission, Role, Scope, Viewer

LINKS = [link for group in NAVIGATION for link in group.links] + [*OWN]


def test_every_link_leads_to_a_page_that_lets_in_whom_it_is_shown_to():
    pages = {path: declared(route) for route in PAGES for path in route.paths if "GET" in route.http_methods}
    assert {link.path: link.permission for link in LINKS if link.path != "/"} == {
        link.path: pages.get(link.path) for link in LINKS if link.path != "/"
    }
    # The first page lets everybody in and leads those who do not see the fleet on.
    assert pages["/"] is Permission.SIGNED_IN


def test_no_page_stands_there_twice():
    for links in ([link for group in NAVIGATION for link in group.links], OWN):
        assert len({link.path for link in links}) == len(links) == len({link.name for link in links})


def test_a_group_without_a_page_for_somebody_is_left_out():
    def seen(role: Role, scope: Scope = EVERYTHING) -> list[str]:
        viewer = Viewer(account_id="a", name="a", role=role, permissions=GRANTED[role], scope=scope)
        return [group.name for group in reachable(viewer)]

    assert seen(Role.ADMINISTRATOR) == ["See", "Decide", "Use", "Prove", "Run"]
    assert seen(Role.VIEWER) == ["See", "Decide", "Use", "Prove"]
    assert seen(Role.OWNER, Scope(endpoint_id="a" * 16)) == ["Yours", "Use"]
