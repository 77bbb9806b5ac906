"""The pages of policies in a real browser: axe, widths, and a replay with the keyboard alone."""

import pytest
from tests.console.chromium import LAPTOP, PHONE, copied, site, tab
from tests.console.policies import policies
from tests.console.test_browser import browser, violations  # noqa: F401  (a fixture)

from weighbridge.fleet.permissions import Role

SECONDS = 60_000


@pytest.fixture(scope="module")
def fleet(_full_sqlite, tmp_path_factory):
    store = copied(tmp_path_factory.mktemp("policies") / "fleet.db", _full_sqlite)
    replay = store.write_now(policies)
    with site(store) as started:
        started.pages = ("/policy", "/policy?compare=2", "/policy?did=halt", replay, "/policy/replays/none")
        yield started
    store.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE, (640, 400), (320, 400)])
def test_axe_finds_nothing_and_everything_fits(browser, fleet, theme, size):  # noqa: F811
    with tab(browser, fleet, size=size, color_scheme=theme) as opened:
        for path in fleet.pages:
            page = opened.open(path)
            assert violations(page) == [], path
            assert opened.overflow() == [], path


def focused(page):
    """Return the name of what has the focus."""
    return page.evaluate("(at => (at.getAttribute('aria-label') || at.innerText).trim())(document.activeElement)")


def go_to(page, name):
    """Press the key for the next element until one of this name has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if focused(page) == name:
            return
    raise AssertionError(f"no key leads to {name}")


def test_a_policy_is_replayed_with_the_keyboard_alone(browser, fleet):  # noqa: F811
    with tab(browser, fleet, role=Role.VIEWER) as opened:
        page = opened.open("/policy")
        go_to(page, "Weigh the fleet by policy 2")
        page.keyboard.press("Enter")
        page.wait_for_url("**/policy/replays/*")
        # The page looks again by itself until the server is through.
        page.locator("h2", has_text="Newly denied or held").wait_for(timeout=SECONDS)
        text = page.locator("main").inner_text()
        assert "deny-gguf-outside-stores" in text
        assert "/home/ada/llama.gguf" in text
        go_to(page, "desktop")
        page.keyboard.press("Enter")
        page.wait_for_url("**/endpoints/*")
        page.go_back()
        go_to(page, "Back to policies")
        page.keyboard.press("Enter")
        page.wait_for_url("**/policy")
        go_to(page, "Compare policy 2")
        page.keyboard.press("Enter")
        page.wait_for_url("**/policy?compare=2#changes")
        assert "What would policy 2 change?" in page.locator("#changes").inner_text()


def test_a_roll_out_goes_on_and_is_halted_with_the_keyboard_alone(browser, fleet):  # noqa: F811
    with tab(browser, fleet, role=Role.APPROVER) as opened:
        page = opened.open("/policy")
        for button, reason, said in (
            ("Let it go on", "it was another problem", "The roll-out goes on."),
            ("Halt it", "the lab cannot load its models", "The roll-out is halted"),
        ):
            page.locator("#reason").focus()
            page.keyboard.type(reason)
            page.keyboard.press("Tab")
            assert focused(page) == button
            page.keyboard.press("Enter")
            page.get_by_role("status").filter(has_text=said).wait_for(timeout=SECONDS)
