import pytest

from weighbridge.checks.registry import CHECKS
from weighbridge.report.check_pages import HEADINGS, page_of, text_of, titles
from weighbridge.report.fleet_checks import FLEET_CHECKS


@pytest.mark.parametrize("check_id", list(titles()))
def test_every_check_has_a_page_of_five_parts(check_id):
    page = page_of(check_id)
    assert tuple(heading for heading, _ in page.parts) == HEADINGS
    for text in (page.title, page.summary, *(words for _, words in page.parts)):
        assert text
        assert "\n" not in text
        assert text.count("`") % 2 == 0


def test_checks_of_files_and_of_the_fleet_stand_in_one_list():
    assert list(titles()) == sorted([*(one.id for one in CHECKS), *(one.id for one in FLEET_CHECKS)])
    assert page_of("import-tampering").atlas
    assert page_of("ledger-forked").atlas is None


@pytest.mark.parametrize("name", ["", "registry", "check", "../x", "ledger_forked"])
def test_what_is_no_check_has_no_page(name):
    assert (text_of(name), page_of(name)) == (None, None)
