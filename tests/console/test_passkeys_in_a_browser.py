"""Passkeys in a real browser, whose own virtual device keeps them."""

import os

import pytest
from tests.console.chromium import browsing, chromium, copied, site, tab

from weighbridge.fleet.permissions import Role

NAME = "fleet.localhost"


@pytest.fixture(scope="module")
def named(_full_sqlite, tmp_path_factory):
    store = copied(tmp_path_factory.mktemp("site") / "fleet.db", _full_sqlite)
    with site(store, NAME) as started:
        yield started
    store.close()


@pytest.fixture(scope="module")
def browser(named):
    if chromium() is None:
        pytest.skip("no Chromium here: install it, or name it in the variable CHROMIUM")
    try:
        running = browsing(f"--host-resolver-rules=MAP {NAME} {named.host}")
        opened = running.__enter__()
    except Exception as error:
        pytest.skip(f"Chromium does not start: {error}")  # a container may keep from it what it needs
    yield opened
    running.__exit__(None, None, None)


@pytest.mark.skipif(os.name != "posix", reason="needs an address of its own")
def test_a_passkey_is_added_and_lets_its_person_in(browser, named):
    with tab(browser, named, role=Role.ANALYST) as opened:
        page = opened.page
        session = opened.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        device |= {"isUserVerified": True, "automaticPresenceSimulation": True}
        session.send("WebAuthn.addVirtualAuthenticator", {"options": device})
        opened.open("/settings")
        page.get_by_role("button", name="Add a passkey of this device").click()
        page.locator("#passkeys output").filter(has_text="Say first what").wait_for()
        page.get_by_label("What the device is called").fill("work laptop")
        page.get_by_role("button", name="Add a passkey of this device").click()
        page.get_by_text("work laptop").wait_for()
        opened.context.clear_cookies()
        opened.open("/sign-in")
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.get_by_role("heading", name="Posture").wait_for()
        opened.open("/settings")
        page.locator(".card", has_text="work laptop").get_by_role("button", name="Remove").click()
        page.get_by_text("The passkey is removed").wait_for()
        opened.context.clear_cookies()
        opened.open("/sign-in")
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.locator("#passkeys output").filter(has_text="lets nobody in here").wait_for()
