"""Revoking and excepting in a real browser: with a keyboard alone, at both widths, in both themes."""

import pytest
from tests.console.chromium import LAPTOP, PHONE, copied, site, tab
from tests.console.hostile import spoil
from tests.console.test_browser import WEIGHT, browser, violations  # noqa: F401  (a fixture of this module, too)
from tests.fleet.ruling_people import delegate, sign, viewer
from tests.fleet.small_fleet import AT, LLAMA, POET, fill
from tests.fleet.small_fleet import LAPTOP as MACHINE

from weighbridge.fleet import revocations
from weighbridge.fleet.exception_asking import Asking, ask
from weighbridge.fleet.exception_deciding import decide
from weighbridge.fleet.permissions import Role, Scope
from weighbridge.sync.rulings import REVOCATIONS

NEVER_SEEN = "4d" * 32


@pytest.fixture
def fleet(_full_sqlite, tmp_path):
    store = copied(tmp_path / "fleet.db", _full_sqlite)
    store.write_now(_write)
    with site(store) as started:
        yield started
    store.close()


def _write(connection):
    fill(connection)
    delegate(connection)
    revocations.revoke(connection, AT, viewer(), POET, "Its publisher took it back.", "Qwen3 8B from the catalog")
    sign(connection, REVOCATIONS)
    revocations.revoke(connection, AT, viewer(), NEVER_SEEN, "Named in an advisory.")
    usual = {"sha256": LLAMA, "owner": "grace", "days": 30, "scope": "fleet"}
    for rule, state in (("warn-review", ""), ("warn-noncommercial-use", "granted"), ("hold-incomplete", "refused")):
        one = ask(connection, AT, viewer("bob"), Asking(rule=rule, reason="Reviewed for the audit.", **usual))
        if state:
            decide(connection, AT, viewer(), one.exception_id, state, "Looked at.")


def _first(opened, path):
    return opened.open(path).locator("table.list a[href^='/exceptions/']").first.get_attribute("href")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE])
def test_axe_finds_nothing_and_everything_fits(browser, fleet, theme, size):  # noqa: F811  (the fixture)
    with tab(browser, fleet, size=size, role=Role.APPROVER, color_scheme=theme) as opened:
        pages = ("/revocations", *(f"/revocations/{one}" for one in (LLAMA, POET, NEVER_SEEN)))
        for path in (*pages, "/exceptions", _first(opened, "/exceptions"), f"/artifacts/{POET}"):
            page = opened.open(path)
            assert violations(page) == [], path
            assert opened.overflow() == [], path
            assert page.evaluate(WEIGHT) < 150_000, path


def test_names_of_machines_are_shown_and_never_obeyed(browser, fleet):  # noqa: F811
    fleet.store.write_now(spoil)
    with tab(browser, fleet, role=Role.APPROVER) as opened:
        for path in ("/revocations", f"/revocations/{LLAMA}", "/exceptions", f"/artifacts/{POET}"):
            page = opened.open(path)
            assert page.evaluate("window.obeyed") is None, path
            assert not set("\u202e\u2066\u200b\x1b") & set(page.locator("body").inner_text()), path
            assert opened.overflow() == [], path


def test_a_model_is_revoked_with_the_keyboard_alone(browser, fleet):  # noqa: F811
    with tab(browser, fleet, role=Role.APPROVER) as opened:
        page = opened.open("/revocations")
        page.get_by_label("SHA-256 of a model").focus()
        page.keyboard.insert_text(LLAMA)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/revocations/{LLAMA}")
        assert "2 endpoints have it, 1 had it" in page.locator("#reach").inner_text()
        page.get_by_label("Why?").focus()
        page.keyboard.insert_text("It phones home.")
        page.keyboard.press("Tab")
        page.keyboard.insert_text("Qwen3 8B")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**?done=revoked")
        page.get_by_text("Revoked here.").wait_for()
        assert "2 endpoints have it, 1 had it" in page.locator("#reach").inner_text(), "after it, too"
        page.get_by_label("Take it back: why?").focus()
        page.keyboard.insert_text("It was another file.")
        page.keyboard.press("Enter")
        page.get_by_text("Taken back here").wait_for()


def test_an_exception_is_asked_for_and_granted_with_the_keyboard_alone(browser, fleet):  # noqa: F811
    with tab(browser, fleet, role=Role.OWNER, scope=Scope(endpoint_id=MACHINE)) as opened:
        page = opened.open(f"/exceptions?rule=warn-unknown-license&sha256={LLAMA}")
        page.get_by_label("Why?").focus()
        page.keyboard.insert_text("Only for my thesis.")
        page.keyboard.press("Enter")
        page.get_by_text("Somebody else decides").wait_for()
        address = page.url.split("?")[0].removeprefix(fleet.origin)
        assert page.locator("#decide").count() == 0
    with tab(browser, fleet, role=Role.APPROVER) as opened:
        page = opened.open(address)
        page.get_by_label("Why?").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text("endpoints follow when it is signed").wait_for()
        assert "not signed" in page.locator("h1 + .pill").inner_text()
