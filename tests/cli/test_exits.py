from dataclasses import replace

import pytest
from tests.samples.scan import artifacts, scan, verdict

from weighbridge.cli.exits import MEANINGS, Exit, exit_for
from weighbridge.model.artifact import Scan
from weighbridge.model.verdict import Decision

CLEAN = artifacts()[0]
EMPTY = Scan(artifacts=(), repositories=(), unexamined=(), files_seen=0, bytes_seen=0)


def decided(decision: Decision) -> Scan:
    return replace(EMPTY, artifacts=(replace(CLEAN, verdict=verdict(decision)),))


def test_every_code_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Exit)


@pytest.mark.parametrize(
    ("result", "options", "code"),
    [
        (EMPTY, {}, Exit.NOTHING),
        (decided(Decision.ALLOW), {}, Exit.WITHIN_POLICY),
        (decided(Decision.WARN), {}, Exit.WITHIN_POLICY),
        (decided(Decision.WARN), {"fail_on_warn": True}, Exit.WARN),
        (decided(Decision.PENDING), {"fail_on_warn": True}, Exit.WARN),
        (decided(Decision.DENY), {}, Exit.DENY),
        (decided(Decision.DENY), {"verdicts": False}, Exit.WITHIN_POLICY),
        (replace(EMPTY, unexamined=scan().unexamined), {}, Exit.UNEXAMINED),
        (replace(EMPTY, artifacts=(artifacts()[4],)), {}, Exit.UNEXAMINED),
        (replace(decided(Decision.DENY), interrupted=True), {}, Exit.INTERRUPTED),
        (scan(), {}, Exit.DENY),
        (scan(), {"verdicts": False}, Exit.UNEXAMINED),
    ],
)
def test_the_worst_news_decides(result: Scan, options: dict[str, bool], code: Exit) -> None:
    assert exit_for(result, **options) == code
