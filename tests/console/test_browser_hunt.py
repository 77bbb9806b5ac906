"""Hunting and deciding in a real browser: with a keyboard alone, with and without scripts, at both widths."""

import pytest
from sqlalchemy import insert
from tests.console.chromium import LAPTOP, PHONE, copied, site, tab
from tests.console.hostile import spoil
from tests.console.test_browser import WEIGHT, browser, violations  # noqa: F401  (a fixture of this module, too)
from tests.fleet.small_fleet import AT, LLAMA, PICKLE, fill
from tests.fleet.small_fleet import LAPTOP as MACHINE
from tests.fleet.things import tell

from weighbridge.fleet import saved_views
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.permissions import GRANTED, Role, Viewer

PAGES = (
    "/hunt",
    "/records",
    "/records?q=digest:1a1a",
    "/records?q=kind:gap+procss:x",
    "/records?columns=kind,received_at,endpoint_id,path",
    "/artifacts?columns=sha256,size,spread_path,last_at",
    "/findings/all?q=open:yes",
    "/findings/all?q=check:none",
    "/views",
    "/go",
)


@pytest.fixture
def fleet(_full_sqlite, tmp_path):
    store = copied(tmp_path / "fleet.db", _full_sqlite)
    store.write_now(_write)
    with site(store) as started:
        yield started
    store.close()


def _write(connection):
    fill(connection)
    run = {"pid": 7, "started": 1, "name": "llama-server", "user": "ada", "weights": [{"sha256": LLAMA}]}
    gone = ("sighting-end", {"path": "/home/ada/llama.gguf"})
    sighting = ("sighting", {"artifact": LLAMA, "path": "/home/ada/llama.gguf"})
    tell(connection, MACHINE, [("start", {}), ("process", run), sighting, gone, ("gap", {"why": "stopped"})])
    known = {column.name: "" for column in FINDINGS.columns} | {"first_at": AT, "last_at": AT, "ended_at": None}
    said = {"endpoint_id": MACHINE, "check_id": "license-prohibits", "severity": "high", "message": "not for this"}
    connection.execute(insert(FINDINGS), [known | said | {"finding_id": f"m{number:05}"} for number in range(70)])
    ada = Viewer(account_id="a", name="ada", role=Role.ANALYST, permissions=GRANTED[Role.ANALYST])
    saved_views.save(connection, AT, ada, "Denied this week", "artifacts", query="verdict:deny", shared=True)


def _open_all(opened):
    for one in opened.page.locator("main details summary").all():
        one.click()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE])
def test_axe_finds_nothing_and_everything_fits(browser, fleet, theme, size):  # noqa: F811  (the fixture)
    with tab(browser, fleet, size=size, color_scheme=theme) as opened:
        for path in PAGES:
            page = opened.open(path)
            _open_all(opened)
            assert violations(page) == [], path
            assert opened.overflow() == [], path
            assert page.evaluate(WEIGHT) < 150_000, path
        page = opened.open("/hunt")
        page.get_by_label("Digests").fill(f"{LLAMA} {PICKLE} {'f' * 64}")
        page.get_by_role("button", name="Hunt").click()
        page.locator("#caught").wait_for()
        assert violations(page) == []
        assert opened.overflow() == []


def test_names_of_machines_are_shown_and_never_obeyed(browser, fleet):  # noqa: F811
    fleet.store.write_now(spoil)
    with tab(browser, fleet) as opened:
        for path in ("/records", "/artifacts?columns=spread_path,format", "/findings?columns=message,path"):
            page = opened.open(path)
            assert page.evaluate("window.obeyed") is None, path
            assert not set("\u202e\u2066\u200b\x1b") & set(page.locator("body").inner_text()), path
            assert opened.overflow() == [], path


def test_a_hunt_with_the_keyboard_alone(browser, fleet):  # noqa: F811
    with tab(browser, fleet) as opened:
        page = opened.open("/")
        page.keyboard.press("Control+k")
        page.keyboard.type("hunt")
        page.keyboard.press("Enter")
        page.wait_for_url("**/hunt")
        page.locator("textarea:focus").wait_for()
        page.keyboard.insert_text(f"{LLAMA}  llama.gguf\n{PICKLE}\n{'f' * 64}")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator("#caught").wait_for()
        assert "2 digests of 3 known" in page.locator("#caught").inner_text()
        page.keyboard.press("j")
        assert page.locator("tr:focus").get_attribute("data-at").startswith(LLAMA)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/artifacts/{LLAMA}")
        page.keyboard.press("Control+k")
        page.keyboard.type("denied this week")
        page.keyboard.press("Enter")
        page.wait_for_url("**/artifacts?q=verdict*")


def test_everything_that_matches_is_decided_with_the_keyboard_alone(browser, fleet):  # noqa: F811
    with tab(browser, fleet, role=Role.APPROVER) as opened:
        page = opened.open("/findings?q=check:license-prohibits")
        page.keyboard.press("a")
        page.wait_for_url("**/findings/all?q=*")
        assert page.locator("h1").inner_text() == "71 findings"
        page.locator("select:focus").wait_for()
        page.keyboard.type("accept")
        page.keyboard.press("Tab")
        page.keyboard.type("known, and allowed until the review")
        page.keyboard.press("Tab")
        page.keyboard.type("30")
        page.keyboard.press("Enter")
        page.get_by_text("Decided about 71 findings").wait_for()
        page.get_by_role("button", name="Undo").press("Enter")
        page.wait_for_url("**/findings?q=check*")
        opened.open("/findings?q=state:accepted")
        assert page.locator("tr[data-at]").count() == 0


def test_rows_are_marked_and_decided_with_the_keyboard_alone(browser, fleet):  # noqa: F811
    with tab(browser, fleet, role=Role.ANALYST) as opened:
        page = opened.open("/findings?q=check:license-prohibits")
        for key in "jxjx":
            page.keyboard.press(key)
        page.locator(".bulk output", has_text="2 marked").wait_for()
        page.get_by_label("Decision").focus()
        page.keyboard.press("Tab")
        page.keyboard.type("looking into it")
        page.keyboard.press("Enter")
        page.get_by_text("Decided about 2 findings").wait_for()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_view_is_saved_pinned_and_opened(browser, fleet, scripts):  # noqa: F811
    with tab(browser, fleet, role=Role.ANALYST, java_script_enabled=scripts) as opened:
        page = opened.open("/endpoints?q=owner:ada&columns=name,owner")
        page.get_by_text("Save this view").click()
        page.get_by_label("Name", exact=True).fill("Ada's machines")
        page.get_by_role("button", name="Save").click()
        page.wait_for_url("**/endpoints?q=owner*")
        opened.open("/views")
        page.get_by_role("button", name="Pin to the navigation: Ada's machines").click()
        page.get_by_role("button", name="Take out of the navigation: Ada's machines").wait_for()
        page.locator("nav").get_by_role("link", name="Ada's machines").click()
        page.wait_for_url("**/endpoints?q=owner*columns=name*")
        assert page.locator("thead th").count() == 2
        opened.open("/go")
        page.get_by_role("searchbox").last.fill("ada's machines")
        page.keyboard.press("Enter")
        page.wait_for_url("**/endpoints?q=owner*")
