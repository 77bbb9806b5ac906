from dataclasses import replace

import pytest
from tests.samples.scan import artifacts, scan, verdict
from tests.tui.snapshots import AGENT, EVERYTHING, QUIET
from tests.tui.snapshots import verdict as running_verdict

from weighbridge.cli.exits import MEANINGS, Exit, exit_for, exit_for_processes
from weighbridge.model.artifact import Scan
from weighbridge.model.running import RunningProcess
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


@pytest.mark.parametrize(
    ("processes", "hidden", "options", "code"),
    [
        ((), (), {}, Exit.NOTHING),
        ((), ("mapped files of 3 processes: needs root",), {}, Exit.UNEXAMINED),
        ((AGENT,), (), {}, Exit.WITHIN_POLICY),
        ((AGENT,), ("mapped files of 3 processes: needs root",), {}, Exit.WITHIN_POLICY),
        ((QUIET,), (), {}, Exit.WITHIN_POLICY),
        ((replace(QUIET, not_visible=("open files: needs root",)),), (), {}, Exit.UNEXAMINED),
        ((replace(QUIET, weights=(replace(QUIET.weights[0], sha256=None),)),), (), {}, Exit.UNEXAMINED),
        ((replace(QUIET, verdict=running_verdict(Decision.WARN)),), (), {}, Exit.WITHIN_POLICY),
        ((replace(QUIET, verdict=running_verdict(Decision.WARN)),), (), {"fail_on_warn": True}, Exit.WARN),
        ((AGENT, replace(QUIET, verdict=running_verdict(Decision.DENY))), (), {}, Exit.DENY),
    ],
)
def test_what_runs_has_a_code(
    processes: tuple[RunningProcess, ...], hidden: tuple[str, ...], options: dict[str, bool], code: Exit
) -> None:
    snapshot = replace(EVERYTHING, processes=processes, not_visible=hidden)
    assert exit_for_processes(snapshot, **options) == code
