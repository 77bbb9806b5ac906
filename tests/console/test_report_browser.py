"""Reports in a real browser: the page and the file that is taken away, in both themes, on a phone and on paper."""

import pytest
from tests.console.chromium import LAPTOP, PHONE, copied, site, tab
from tests.console.hostile import spoil
from tests.console.test_browser import browser, violations  # noqa: F401  (the fixture)
from tests.fleet.test_evidence import filled

from weighbridge.fleet.evidence_packs import PACKS
from weighbridge.fleet.permissions import Role
from weighbridge.ledger.pack_zip import unzipped

A4 = (794, 1123)
"""Pixels of a sheet at 96 to the inch."""


@pytest.fixture(scope="module")
def fleet(_full_sqlite, tmp_path_factory):
    store = copied(tmp_path_factory.mktemp("reports") / "fleet.db", _full_sqlite)
    store.write_now(filled)
    with site(store) as started:
        yield started
    store.close()


@pytest.fixture(scope="module")
def hostile_fleet(_full_sqlite, tmp_path_factory):
    store = copied(tmp_path_factory.mktemp("hostile-reports") / "fleet.db", _full_sqlite)
    store.write_now(filled)
    store.write_now(spoil)
    with site(store) as started:
        yield started
    store.close()


def taken(opened, pack: str, folder) -> str:
    """Download a pack with the keyboard and return the address of the report in it."""
    page = opened.open(f"/reports?pack={pack}")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the signed pack").press("Enter")
    content = folder / "pack.zip"
    waiting.value.save_as(content)
    file = folder / "report.html"
    file.write_bytes(unzipped(content.read_bytes())["report.html"])
    return file.as_uri()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE])
def test_axe_finds_nothing_in_any_report(browser, fleet, theme, size):  # noqa: F811
    with tab(browser, fleet, size=size, color_scheme=theme, role=Role.ADMINISTRATOR) as opened:
        for path in ("/reports", "/reports?pack=board", "/reports?pack=soc-2"):
            page = opened.open(path)
            assert violations(page) == [], path
            assert opened.overflow() == [], path


@pytest.mark.parametrize("size", [LAPTOP, PHONE])
def test_what_machines_say_is_shown_and_never_obeyed(browser, hostile_fleet, size):  # noqa: F811
    with tab(browser, hostile_fleet, size=size, role=Role.ADMINISTRATOR) as opened:
        for name in PACKS:
            page = opened.open(f"/reports?pack={name}")
            assert page.evaluate("window.obeyed") is None, name
            assert page.locator("main img, main iframe, main script").count() == 0, name
            assert not set("\u202e\u2066\u200b\x1b") & set(page.locator("body").inner_text()), name
            assert opened.overflow() == [], name


def test_choosing_and_downloading_work_without_scripts(browser, fleet, tmp_path):  # noqa: F811
    with tab(browser, fleet, role=Role.VIEWER, java_script_enabled=False) as opened:
        page = opened.open("/reports")
        page.get_by_label("Report", exact=True).select_option("HIPAA Security Rule")
        page.get_by_label("Days back").fill("30")
        page.get_by_label("Group").select_option("lab")
        page.get_by_role("button", name="Show the report").press("Enter")
        page.get_by_role("heading", level=1, name="HIPAA Security Rule").wait_for()
        assert "Only the endpoints of group lab" in page.locator("main").inner_text()
        assert taken(opened, "hipaa", tmp_path).startswith("file:")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE])
def test_the_file_reads_well_anywhere(browser, fleet, tmp_path, theme, size):  # noqa: F811
    with tab(browser, fleet, size=size, color_scheme=theme, role=Role.ADMINISTRATOR) as opened:
        address = taken(opened, "board", tmp_path)
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=theme)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    assert asked == [address]
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()


def test_on_paper_nothing_is_cut_off_and_it_is_light(browser, fleet, tmp_path):  # noqa: F811
    with tab(browser, fleet, role=Role.ADMINISTRATOR) as opened:
        address = taken(opened, "soc-2", tmp_path)
    context = browser.new_context(viewport={"width": A4[0], "height": A4[1]}, color_scheme="dark")
    page = context.new_page()
    page.goto(address)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.pdf(format="A4").startswith(b"%PDF-")
    context.close()


def test_the_clock_of_the_report_is_the_server_s(browser, fleet):  # noqa: F811
    with tab(browser, fleet) as opened:
        page = opened.open("/reports?pack=board&days=1")
        assert "2026-11-20 to 2026-11-21" in page.locator("main").inner_text()
