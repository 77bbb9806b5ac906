"""Policies of a small fleet, as their page shows them: one rolled out, one that waits for signatures, one replay."""

from sqlalchemy import Connection
from tests.fleet import test_policy_replay

from weighbridge.fleet import policy_rings, replay_jobs
from weighbridge.fleet.permissions import EVERYTHING
from weighbridge.fleet.policy_replay import replay

AT = test_policy_replay.AT


def policies(connection: Connection, *, prepared: bool = False) -> str:
    """Fill in policies, and return the path of a replay that is done.

    Args:
        connection: within a write.
        prepared: whether the fleet itself is there already.
    """
    test_policy_replay.policies(connection) if prepared else test_policy_replay.prepare(connection)
    policy_rings.halt(connection, AT, "ada", "the lab cannot load its models")
    job = replay_jobs.ask(connection, AT, "ada", 2, scope=EVERYTHING)
    replay_jobs.take(connection, AT)
    replay_jobs.finish(connection, AT, job.replay_id, replay(connection, 2, AT))
    return f"/policy/replays/{job.replay_id}"
