"""Who is behind running processes, and the keys and permissions that they were started with."""

from collections.abc import Iterable
from dataclasses import replace

from weighbridge.discover.actor import Actors
from weighbridge.model.agent import LeakedKey, PermissionMode, Scope
from weighbridge.model.agent_observation import KeySeen, PermissionSeen
from weighbridge.model.observation import Observation
from weighbridge.model.running import RunningProcess
from weighbridge.pipeline.running_servers import judged


def with_actor(process: RunningProcess, actors: Actors, keys: Iterable[LeakedKey] = ()) -> RunningProcess:
    """Return a process with who is behind it, and what a person should know of that.

    Args:
        process: without an actor yet.
        actors: who is behind what.
        keys: in its environment.
    """
    seen: list[Observation] = [KeySeen(leaked=key) for key in keys]
    for flag in actors.autonomy(process.pid):
        permission = PermissionMode(
            agent=actors.agent(process.pid) or "",
            scope=Scope.USER,
            path=process.executable or b"",
            key="command line",
            value=flag,
            autonomous=True,
        )
        seen.append(PermissionSeen(permission=permission, title=process.name))
    findings = (*process.findings, *judged(seen, process))
    return replace(process, actor=actors.actor(process.pid), findings=findings)
