"""Who is behind running processes, and the keys and permissions that they were started with."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from weighbridge.discover.actor import Actors
from weighbridge.discover.process_view import ProcessView
from weighbridge.model.agent import LeakedKey, PermissionMode, Scope
from weighbridge.model.agent_observation import KeySeen, PermissionSeen
from weighbridge.model.observation import Observation
from weighbridge.model.running import RunningProcess
from weighbridge.pipeline.running_servers import judged


def topmost(agents: Mapping[int, str], views: Mapping[int, ProcessView]) -> frozenset[int]:
    """Return the processes of agents without those that another process of the same agent started."""
    return frozenset(pid for pid, agent in agents.items() if agents.get(views[pid].entry.parent) != agent)


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
        seen.append(PermissionSeen(permission=permission, title=actors.title(process.pid)))
    findings = (*process.findings, *judged(seen, process))
    return replace(process, actor=actors.actor(process.pid), findings=findings)
