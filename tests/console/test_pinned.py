"""Pins cost one look a page, and nothing where no page is made."""

from tests.console.browsing import browser, signed_in

from weighbridge.console import pinned
from weighbridge.fleet import saved_views
from weighbridge.fleet.permissions import Permission, Role


def test_pins_are_looked_up_for_pages_alone(served, monkeypatch):
    looked = []
    found = saved_views.pins
    monkeypatch.setattr(pinned.saved_views, "pins", lambda *given: looked.append(1) or found(*given))
    client = signed_in(served)
    assert client.get("/findings").status_code == 200
    assert len(looked) == 1
    client.get("/api/v1/findings", headers={"Accept": "application/json"})
    header = served.token(served.account("robot", Role.VIEWER), Permission.FLEET_READ)
    browser(served).get("/findings", headers=header)
    browser(served).get("/sign-in")
    assert len(looked) == 1
