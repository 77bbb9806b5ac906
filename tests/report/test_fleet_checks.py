"""Pages of what only a fleet finds: each under the headings of every check."""

import pytest

from weighbridge.report.fleet_checks import FLEET_CHECKS, FleetCheck

HEADINGS = ("What it finds:", "Why it matters:", "Example:", "What to do:", "Known misses:")


@pytest.mark.parametrize("check", FLEET_CHECKS, ids=lambda one: one.id)
def test_each_page_has_all_headings_once_and_in_order(check: FleetCheck) -> None:
    paragraphs = [" ".join(one.split()) for one in check.text.split("\n\n")]
    assert [one.partition(":")[0] + ":" for one in paragraphs[1:]] == list(HEADINGS)
    assert paragraphs[0].startswith("Found by ")
    assert check.title == check.title.strip(".")


def test_pages_stand_in_the_order_of_their_ids() -> None:
    ids = [one.id for one in FLEET_CHECKS]
    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids)
