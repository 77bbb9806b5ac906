import re

from tests.console.browsing import browser, signed_in
from tests.console.test_settings_page import form

from weighbridge.fleet.permissions import Role


def test_somebody_is_added_and_comes_in_with_the_link(served):
    client = signed_in(served, Role.ADMINISTRATOR)
    done = form(client, "/settings/accounts", name="grace", role="analyst", groups="lab, ops")
    link = re.search(r"/sign-in/([\w-]+)", done.text)
    assert (done.status_code, link is not None) == (200, True)
    assert "lab, ops" in client.get("/settings/accounts").text
    assert browser(served).post("/sign-in", data={"link": link[1]}).status_code == 303
    assert (
        "there is an account called grace already"
        in form(client, "/settings/accounts", name="grace", role="viewer").text
    )
    assert form(client, "/settings/accounts", name="x", role="king").status_code == 400


def test_an_account_is_disabled_and_enabled_again_but_never_the_last_administrator(served):
    client = signed_in(served, Role.ADMINISTRATOR)
    other = served.account("grace", Role.VIEWER)
    held = browser(served)
    held.cookies.update(served.session(other)[0])
    assert held.get("/settings").status_code == 200
    done = form(client, "/settings/accounts/state", account=other.account_id, state="disabled")
    assert "grace may not come in any more" in done.text
    assert held.get("/settings").status_code == 303
    done = form(client, "/settings/accounts/state", account=other.account_id, state="enabled")
    assert "grace may come in again" in done.text
    own = re.findall(r'name="account" value="([^"]+)"', client.get("/settings/accounts").text)
    mine = next(one for one in own if one != other.account_id)
    refused = form(client, "/settings/accounts/state", account=mine, state="disabled")
    assert "this is the last administrator" in refused.text
    assert form(client, "/settings/accounts/link", account="nobody").status_code == 404


def test_it_is_for_administrators(served):
    client = signed_in(served, Role.APPROVER)
    assert client.get("/settings/accounts").status_code == 403
    assert form(client, "/settings/accounts", name="x", role="administrator").status_code == 403
