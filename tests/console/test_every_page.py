"""Every page that has a route, in a real browser: in both themes, on a phone, enlarged, on paper, without scripts."""

import pytest
from tests.console.chromium import LAPTOP, PHONE, copied, site, tab
from tests.console.every_page import OWN, addresses, things
from tests.console.hostile import spoil
from tests.console.test_browser import (  # noqa: F401  (a fixture)
    _more,
    browser,
    violations,
    violations_in_both_themes,
)
from tests.fleet.small_fleet import LAPTOP as MACHINE
from tests.fleet.small_fleet import LLAMA, fill

from weighbridge.fleet.permissions import Role, Scope

PROBLEMS = ("/artifacts?q=verdit:deny", "/artifacts?q=zzz", "/nothing/here")


def _things(connection):
    fill(connection)
    _more(connection)
    return things(connection, MACHINE, LLAMA)


def served(content, folder, *more):
    store = copied(folder / "fleet.db", content)
    given = store.write_now(_things)
    for one in more:
        store.write_now(one)
    with site(store) as started:
        started.pages = addresses(given)
        yield started
    store.close()


@pytest.fixture(scope="module")
def fleet(_full_sqlite, tmp_path_factory):
    yield from served(_full_sqlite, tmp_path_factory.mktemp("every"))


@pytest.fixture(scope="module")
def hostile_fleet(_full_sqlite, tmp_path_factory):
    yield from served(_full_sqlite, tmp_path_factory.mktemp("spoiled"), spoil)


@pytest.fixture(scope="module")
def empty_fleet(_full_sqlite, tmp_path_factory):
    store = copied(tmp_path_factory.mktemp("nothing") / "fleet.db", _full_sqlite)
    with site(store) as started:
        yield started
    store.close()


def opened_pages(opened, paths):
    for path in paths:
        answer = opened.page.goto(opened.site.origin + path, wait_until="load")
        assert answer.status == 200, path
        yield path, opened.page


@pytest.mark.parametrize("size", [LAPTOP, PHONE])
def test_axe_finds_nothing_and_everything_fits(browser, fleet, size):  # noqa: F811
    owner = {"role": Role.OWNER, "scope": Scope(endpoint_id=MACHINE)}
    for who, paths in (({}, [one for one in fleet.pages if one not in OWN]), (owner, OWN)):
        with tab(browser, fleet, size=size, color_scheme="light", **who) as opened:
            for path, page in opened_pages(opened, paths):
                assert opened.overflow() == [], path
                assert opened.cramped() == [], path
                assert page.locator("h1").count() == 1, path
                assert violations_in_both_themes(page) == [], path
                page.emulate_media(color_scheme="light")


@pytest.mark.deep
@pytest.mark.parametrize("size", [LAPTOP, PHONE])
@pytest.mark.parametrize("colors", [{"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_axe_finds_nothing_on_pages_that_begin_in_other_colors(browser, fleet, size, colors):  # noqa: F811
    with tab(browser, fleet, size=size, **colors) as opened:
        for path, page in opened_pages(opened, [one for one in fleet.pages if one not in OWN]):
            chosen = "forced_colors" in colors  # by the person, who answers for the contrast
            assert [one for one in violations(page) if not (chosen and one.startswith("color-contrast"))] == [], path
            assert opened.overflow() == [], path


@pytest.mark.parametrize("size", [LAPTOP, PHONE])
def test_hostile_names_fit_and_do_nothing(browser, hostile_fleet, size):  # noqa: F811
    with tab(browser, hostile_fleet, size=size) as opened:
        for path, page in opened_pages(opened, [one for one in hostile_fleet.pages if one not in OWN]):
            assert page.evaluate("window.obeyed") is None, path
            assert not set("\u202e\u2066\u200b\x1b") & set(page.locator("body").inner_text()), path
            assert opened.overflow() == [], path


def test_without_things_every_page_says_what_to_do_first(browser, empty_fleet):  # noqa: F811
    with tab(browser, empty_fleet) as opened:
        for path, page in opened_pages(
            opened, [one for one in addresses(_Nothing()) if "{" not in one and one not in OWN]
        ):
            assert violations(page) == [], path
            assert opened.overflow() == [], path


class _Nothing(dict):
    """Leaves parameters as they stand."""

    def __contains__(self, _):
        return True

    def __missing__(self, name):
        return f"{{{name}}}"


def test_nothing_scrolls_sideways_when_it_is_enlarged(browser, fleet):  # noqa: F811
    """A window of 1280 pixels at 200 % and at 400 %. Source: WCAG 2.2, 1.4.10."""
    with tab(browser, fleet, size=(640, 400), device_scale_factor=2) as opened:
        for path, page in opened_pages(opened, [one for one in fleet.pages if one not in OWN]):
            assert opened.overflow() == [], path
            page.set_viewport_size({"width": 320, "height": 400})
            assert opened.overflow() == [], path
            page.set_viewport_size({"width": 640, "height": 400})


def test_forced_colors_and_paper_show_the_heading_and_paper_leaves_the_controls_out(browser, fleet):  # noqa: F811
    with tab(browser, fleet, forced_colors="active") as opened:
        for path, page in opened_pages(opened, [one for one in fleet.pages if one not in OWN]):
            assert page.locator("h1").is_visible(), path
            page.emulate_media(media="print")
            assert not page.locator(".side").is_visible(), path
            assert page.locator("h1").is_visible(), path
            page.emulate_media(media="screen")


def test_a_page_is_one_round_trip_and_nothing_moves(browser, fleet):  # noqa: F811
    """What is on the page came in one answer: without its script and style sheet it has the same words."""
    with tab(browser, fleet, java_script_enabled=False, reduced_motion="reduce") as opened:
        opened.page.route("**/static/**", lambda route: route.abort())
        for path, page in opened_pages(opened, [one for one in fleet.pages if one not in OWN]):
            assert page.locator("main h1").count() == 1, path
            assert page.locator("main").inner_text().strip(), path
        opened.wrong.clear()


def test_problems_are_pages_too(browser, fleet):  # noqa: F811
    with tab(browser, fleet) as opened:
        for path in PROBLEMS:
            page = opened.open(path)
            assert violations(page) == [], path
            assert page.locator(".nav a").count() > 8, path
