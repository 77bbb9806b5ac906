"""Every page in a real browser: what axe-core finds, what a keyboard reaches, what it asks for, what fits."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from tests.console.chromium import LAPTOP, PHONE, browsing, chromium, copied, site, tab
from tests.console.hostile import HOSTILE, spoil
from tests.console.many import many
from tests.fleet.serving import PASSWORD
from tests.fleet.small_fleet import AT, LLAMA, fill
from tests.fleet.small_fleet import LAPTOP as MACHINE
from tests.fleet.things import agent, copy, tell

from weighbridge.fleet import audit, enrollment
from weighbridge.fleet.permissions import Role, Scope

LISTS = ("/", "/artifacts", "/endpoints", "/findings", "/agents", "/ledger")
PAGES = (*LISTS, f"/artifacts/{LLAMA}", f"/endpoints/{MACHINE}", f"/ledger/{MACHINE}", "/settings/enrollment")
QUESTIONS = ("/reports?pack=board", "/artifacts?q=verdit:deny", "/artifacts?q=zzz", "/nothing")
"""What test_every_page.py does not ask of the pages that it opens."""
WEIGHT = """[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .reduce((sum, one) => sum + one.decodedBodySize, 0)"""
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
BACKGROUND = "getComputedStyle(document.documentElement).backgroundColor"
OF_COLOR = ("color-contrast", "link-in-text-block")
"""All that can be otherwise in the other theme, which is the same document in other colors."""
# What passed is a thousand times as long as what did not, and would go through three processes.
_AXE = """rules => axe.run({runOnly: rules, resultTypes: ["violations"]}).then(found => found.violations.flatMap(
  one => one.nodes.map(node => one.id + ": " + node.html.slice(0, 160))))"""


@pytest.fixture(scope="module")
def browser():
    # Not for the whole session: as long as it runs, no other test of this process can run an event loop.
    if chromium() is None:
        pytest.skip("no Chromium here: install it, or name it in the variable CHROMIUM")
    try:
        running = browsing()
        opened = running.__enter__()
    except Exception as error:
        pytest.skip(f"Chromium does not start: {error}")  # a container may keep from it what it needs
    yield opened
    running.__exit__(None, None, None)


@pytest.fixture(scope="module")
def fleet(_full_sqlite, tmp_path_factory):
    store = copied(tmp_path_factory.mktemp("site") / "fleet.db", _full_sqlite)
    store.write_now(fill)
    store.write_now(_more)
    with site(store) as started:
        yield started
    store.close()


def _more(connection):
    files = agent("tool server", "files", command=["npx", "files"], approved_tools=["*"], agents=["claude_code"])
    tell(connection, MACHINE, [("start", {}), files, agent("skill", "report"), ("gap", {"why": "stopped"})])
    copy(connection, MACHINE, size=4, cosigned=3)
    made = {"made_by": "ada", "expires_at": 2 * AT, "note": "new laptops", "group_name": "lab"}
    enrollment.make_token(connection, AT, **made)
    audit.note(connection, AT, None, "account.add", "ada", {"role": "viewer"})


@pytest.fixture(scope="module")
def hostile_fleet(_full_sqlite, tmp_path_factory):
    store = copied(tmp_path_factory.mktemp("hostile") / "fleet.db", _full_sqlite)
    store.write_now(fill)
    store.write_now(_more)
    store.write_now(spoil)
    with site(store) as started:
        yield started
    store.close()


@pytest.fixture(scope="module")
def empty_fleet(_full_sqlite, tmp_path_factory):
    store = copied(tmp_path_factory.mktemp("empty") / "fleet.db", _full_sqlite)
    with site(store) as started:
        yield started
    store.close()


@pytest.fixture
def huge_fleet(_full_sqlite, tmp_path):
    store = copied(tmp_path / "fleet.db", _full_sqlite)
    store.write_now(many)
    with site(store) as started:
        yield started
    store.close()


def violations(page, rules=RULES) -> list[str]:
    """Return what axe-core finds, by the tags or the names of its rules."""
    page.evaluate(AXE_SCRIPT)
    return page.evaluate(_AXE, list(rules))


def violations_in_both_themes(page) -> list[str]:
    """Return what axe-core finds in the light, and then what the dark adds; the page is left dark."""
    found = violations(page)
    light = page.evaluate(BACKGROUND)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(BACKGROUND) != light
    return found + [f"dark: {one}" for one in page.evaluate(_AXE, list(OF_COLOR))]


@pytest.mark.parametrize("size", [LAPTOP, PHONE])
def test_axe_finds_nothing_and_everything_fits(browser, fleet, size):
    with tab(browser, fleet, size=size, color_scheme="light") as opened:
        for path in QUESTIONS:
            page = opened.open(path)
            assert opened.overflow() == [], path
            assert violations_in_both_themes(page) == [], path
            page.emulate_media(color_scheme="light")
    with tab(browser, fleet, size=size, role=None, color_scheme="light") as opened:
        page = opened.open("/sign-in")
        assert opened.overflow() == []
        assert violations_in_both_themes(page) == []


def test_an_empty_fleet_is_right_on_a_phone_too(browser, empty_fleet):
    with tab(browser, empty_fleet, size=PHONE) as opened:
        for path in (*LISTS, "/audit", "/reports", "/reports?pack=board", "/settings/enrollment"):
            page = opened.open(path)
            assert violations(page) == [], path
            assert opened.overflow() == [], path


@pytest.mark.parametrize("width", [640, 320])
def test_nothing_scrolls_sideways_when_it_is_enlarged(browser, fleet, width):
    """A window of 1280 pixels at 200 % and at 400 %. Source: WCAG 2.2, 1.4.10."""
    with tab(browser, fleet, size=(width, 400), device_scale_factor=2) as opened:
        for path in QUESTIONS:
            opened.open(path)
            assert opened.overflow() == [], path


@pytest.mark.parametrize("size", [LAPTOP, PHONE])
def test_what_machines_say_is_shown_and_never_obeyed(browser, hostile_fleet, size):
    with tab(browser, hostile_fleet, size=size) as opened:
        for path in PAGES:
            page = opened.open(path)
            text = page.locator("body").inner_text()
            assert page.evaluate("window.obeyed") is None, path
            assert page.locator("main img, main iframe, main script, main svg:not(.share)").count() == 0, path
            assert not set("\u202e\u2066\u200b\x1b") & set(text), path
            assert opened.overflow() == [], path
            assert violations(page) == [], path
        assert HOSTILE[:20] in opened.open("/endpoints").locator("main").inner_text()


def test_a_keyboard_reaches_everything(browser, fleet):
    with tab(browser, fleet) as opened:
        page = opened.open("/artifacts")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        page.wait_for_url("**/artifacts#content")
        page.keyboard.press("j")
        first = page.locator("tr:focus").get_attribute("data-at")
        page.keyboard.press("j")
        second = page.locator("tr:focus").get_attribute("data-at")
        page.keyboard.press("k")
        assert (page.locator("tr:focus").get_attribute("data-at"), first != second) == (first, True)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/artifacts/{first}")
        opened.open("/artifacts")
        page.keyboard.press("/")
        page.keyboard.type("verdict:deny")
        page.keyboard.press("Enter")
        page.wait_for_url("**/artifacts?q=verdict*")
        assert page.locator("tr[data-at]").count() == 1


def test_the_palette_goes_anywhere(browser, fleet):
    with tab(browser, fleet) as opened:
        page = opened.open("/")
        page.keyboard.press("Control+k")
        assert page.locator("#palette").is_visible()
        assert violations(page) == []
        page.keyboard.type("endp")
        page.keyboard.press("Enter")
        page.wait_for_url("**/endpoints")
        page.keyboard.press("Control+k")
        page.keyboard.type(LLAMA)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/artifacts/{LLAMA}")
        page.keyboard.press("Control+k")
        page.keyboard.press("Escape")
        assert not page.locator("#palette").is_visible()


def test_the_keys_are_told(browser, fleet):
    with tab(browser, fleet) as opened:
        page = opened.open("/findings")
        page.keyboard.press("?")
        assert page.locator("#keys").is_visible()
        assert violations(page) == []
        page.keyboard.press("Escape")
        assert not page.locator("#keys").is_visible()


def test_a_digest_is_copied_whole(browser, fleet):
    with tab(browser, fleet) as opened:
        page = opened.open(f"/artifacts/{LLAMA}")
        page.locator(".copy").first.focus()
        page.keyboard.press("Enter")
        # A selector, not a condition in script: those need `eval`, which the pages' policy forbids.
        page.wait_for_selector("#live:text-is('Copied')", state="attached")
        assert page.evaluate("navigator.clipboard.readText()") == LLAMA


def test_light_and_dark_stay_as_they_were_chosen(browser, fleet):
    with tab(browser, fleet, color_scheme="light") as opened:
        page = opened.open("/")
        light = page.evaluate(BACKGROUND)
        page.get_by_role("button", name="Light or dark").press("Enter")
        dark = page.evaluate(BACKGROUND)
        assert light != dark
        opened.open("/artifacts")
        assert page.evaluate(BACKGROUND) == dark
        assert violations(page) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_signing_in_searching_and_signing_out(browser, fleet, scripts):
    person = fleet.person(Role.ANALYST)
    with tab(browser, fleet, role=None, java_script_enabled=scripts) as opened:
        page = opened.open("/artifacts")
        page.wait_for_url("**/sign-in")
        page.get_by_label("Name").fill(person.name)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_role("heading", level=1).filter(has_not_text="Sign in").wait_for()
        page.get_by_role("link", name="Artifacts", exact=True).first.click()
        page.get_by_role("searchbox").first.fill("verdict:deny")
        page.keyboard.press("Enter")
        page.wait_for_url("**/artifacts?q=verdict*")
        assert page.locator("tr[data-at]").count() == 1
        page.get_by_role("link", name="Size").click()
        page.wait_for_url("**sort=size*")
        assert page.locator("button[data-needs-script]").first.is_visible() is scripts
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/sign-in")


def test_the_owner_of_a_machine_sees_it(browser, fleet):
    with tab(browser, fleet, role=Role.OWNER, scope=Scope(endpoint_id=MACHINE)) as opened:
        page = opened.open("/")
        page.wait_for_url("**/device")
        assert violations(page) == []
        own = ["My device", "My records", "My exceptions"]
        assert page.locator(".nav a").all_inner_texts() == [*own, "Catalog", "Requests"]
        page.get_by_role("link", name="My records").click()
        page.wait_for_url("**/device/records")
        assert violations(page) == []


def test_on_a_phone_the_menu_opens_without_scripts_and_closes_with_escape(browser, fleet):
    with tab(browser, fleet, size=PHONE, java_script_enabled=False) as opened:
        page = opened.open("/artifacts")
        assert not page.get_by_role("link", name="Endpoints").is_visible()
        page.get_by_role("button", name="Menu").press("Enter")
        assert page.get_by_role("link", name="Endpoints").is_visible()
        page.keyboard.press("Escape")
        assert not page.get_by_role("link", name="Endpoints").is_visible()
        page.get_by_role("button", name="Menu").click()
        page.get_by_role("link", name="Endpoints").click()
        page.wait_for_url("**/endpoints")


def test_an_administrator_makes_a_token_with_the_keyboard_and_copies_its_line(browser, fleet):
    with tab(browser, fleet) as opened:
        page = opened.open("/settings")
        page.get_by_role("link", name="Enrollment").press("Enter")
        page.wait_for_url("**/settings/enrollment")
        page.get_by_label("What for").fill("five laptops")
        page.get_by_label("Devices").fill("5")
        page.keyboard.press("Enter")
        line = page.locator(".once code")
        line.wait_for()
        assert violations(page) == []
        page.get_by_role("button", name="Copy the command").press("Enter")
        # A selector, not a condition in script: those need `eval`, which the pages' policy forbids.
        page.wait_for_selector("#live:text-is('Copied')", state="attached")
        assert page.evaluate("navigator.clipboard.readText()") == line.inner_text()
        assert line.inner_text().startswith(f"wb enroll {fleet.origin} --token wbe-")


def test_a_record_is_found_by_kind_and_time(browser, fleet):
    with tab(browser, fleet, java_script_enabled=False) as opened:
        page = opened.open("/ledger")
        page.get_by_role("link", name="laptop").click()
        page.get_by_role("searchbox").first.fill("kind:gap received:<1d")
        page.keyboard.press("Enter")
        page.wait_for_url("**q=kind*")
        assert page.locator("tr[data-at]").count() == 1
        assert "why stopped" in page.locator("tr[data-at]").inner_text()


def test_a_huge_fleet_stays_light(browser, huge_fleet):
    with tab(browser, huge_fleet) as opened:
        for path in LISTS:
            page = opened.open(path)
            assert 1000 < page.evaluate(WEIGHT) < 150_000, path
            assert opened.overflow() == [], path
            assert path == "/" or page.locator("tr[data-at]").count() == 50, path
        opened.open("/endpoints").get_by_role("link", name="Next").click()
        opened.page.wait_for_url("**after=*")
        assert opened.page.locator("tr[data-at]").count() == 50
