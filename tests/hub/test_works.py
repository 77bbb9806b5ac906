"""How each kind of job is done: one work for each kind, none too many."""

from weighbridge.hub import jobs
from weighbridge.hub.works import WORKS


def test_every_kind_has_its_work() -> None:
    assert list(WORKS) == sorted(WORKS)
    assert set(WORKS) <= set(jobs.KINDS)
    assert {jobs.FETCH, jobs.RECORD, jobs.SETTLE, jobs.WEIGH} <= set(WORKS)
