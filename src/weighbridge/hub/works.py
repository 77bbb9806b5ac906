"""How each kind of job is done."""

from collections.abc import Mapping

from weighbridge.hub import chronicle, convert_job, fetch_job, jobs, settling, weighing_job
from weighbridge.hub.worker import Work

WORKS: Mapping[str, Work] = {
    jobs.CONVERT: Work(do=convert_job.convert, give_up=convert_job.give_up),
    jobs.FETCH: Work(do=fetch_job.fetch, give_up=fetch_job.give_up),
    jobs.RECORD: Work(do=chronicle.record_steps, give_up=chronicle.leave_it),
    jobs.SETTLE: Work(do=settling.settle_job, give_up=settling.leave_it),
    jobs.WEIGH: Work(do=weighing_job.weigh, give_up=weighing_job.give_up),
}
"""Sorted by kind."""
