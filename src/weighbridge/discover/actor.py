"""Who is behind processes: gathers what `actor_decide.py` decides on.

Parents, programs and command lines come from what was seen of all processes; of the process itself its units, its
container and its environment are asked. Of the environment only variables that agents set for their children matter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache

from weighbridge.discover.actor_decide import ActorEvidence, AncestorProcess, decide
from weighbridge.discover.agent_catalog import CatalogAgent, agents
from weighbridge.discover.agent_process import agent_process
from weighbridge.discover.behavior import actor_names, behavior
from weighbridge.discover.process_view import ProcessView
from weighbridge.host.live import Live
from weighbridge.model.actor import Actor
from weighbridge.model.trace import FileTrace

_DEEPEST = 64


class Actors:
    """Tells who is behind processes; parents that several share are looked at once.

    Args:
        live: which machine.
        views: its processes, as `process_view.look` saw them.
        autonomous: ids of agents that their settings let act without asking.
    """

    def __init__(self, live: Live, views: Mapping[int, ProcessView], autonomous: Iterable[str] = ()) -> None:
        self._live = live
        self._views: Mapping[int, ProcessView] = {}
        self._autonomous = frozenset(autonomous)
        self._ancestors: dict[int, tuple[ProcessView, AncestorProcess]] = {}
        self._unread: set[int] = set()
        self.follow(views)

    def follow(self, views: Mapping[int, ProcessView]) -> None:
        """Go on with a later look at the processes; what was learned of those that did nothing since is kept."""
        kept = self._ancestors.items()
        self._ancestors = {pid: known for pid, known in kept if views.get(pid) is known[0]}
        self._unread &= self._ancestors.keys()
        self._views = views

    def actor(self, pid: int, trace: FileTrace | None = None) -> Actor:
        """Return who is behind a process; unknown if it is gone.

        Args:
            pid: of the process.
            trace: what it and its children did, if that was followed.
        """
        seen = self._views.get(pid)
        if seen is None:
            return Actor(reasons=("the process ended",))
        chain = self._chain(seen)
        hidden = []
        if self._unread & {one.pid for one in chain}:
            hidden.append("programs of some parents")
        unit = self._unit(pid)
        if (served := agent_of_unit(unit or "")) is not None and not any(one.agent for one in chain):
            said_by = f"unit {(unit or '').rpartition('/')[2]}"
            chain = (replace(chain[0], agent=served.id, agent_title=served.title, said_by=said_by), *chain[1:])
        markers = self._markers(pid)
        if markers is None:
            hidden.append("environment")
        return decide(
            ActorEvidence(
                chain=chain,
                terminal=seen.entry.terminal != 0,
                markers=markers or (),
                unit=unit,
                container=self._container(pid),
                behavior=behavior(trace) if trace is not None else None,
                autonomous=self._autonomous,
                hidden=tuple(hidden),
            )
        )

    def agents(self) -> dict[int, str]:
        """Return the processes that are agents, with the ids of these."""
        found = ((pid, self._ancestor(seen).agent) for pid, seen in self._views.items())
        return {pid: agent for pid, agent in found if agent is not None}

    def agent(self, pid: int) -> str | None:
        """Return the id of the agent that a process itself is; None for all others."""
        seen = self._views.get(pid)
        return None if seen is None else self._ancestor(seen).agent

    def title(self, pid: int) -> str:
        """Return what the agent that a process is calls itself; empty for all others."""
        seen = self._views.get(pid)
        return "" if seen is None else self._ancestor(seen).agent_title

    def autonomy(self, pid: int) -> tuple[str, ...]:
        """Return the arguments with which a process, if it is an agent, was told to act without asking."""
        seen = self._views.get(pid)
        return () if seen is None else self._ancestor(seen).autonomy

    def _chain(self, seen: ProcessView) -> tuple[AncestorProcess, ...]:
        """Return a process and its parents; a parent that started later has the pid of one that is gone."""
        chain = [self._ancestor(seen)]
        while len(chain) < _DEEPEST:
            parent = self._views.get(seen.entry.parent)
            if parent is None or parent is seen or parent.entry.started > seen.entry.started:
                break
            chain.append(self._ancestor(parent))
            seen = parent
        return tuple(chain)

    def _ancestor(self, seen: ProcessView) -> AncestorProcess:
        entry = seen.entry
        if entry.pid in self._ancestors:
            return self._ancestors[entry.pid][1]
        name = entry.name.decode("utf-8", "replace")
        executable = (seen.executable or b"").decode("utf-8", "replace")
        arguments = tuple(word.decode("utf-8", "replace") for word in seen.command_line)
        if not executable and not arguments:
            self._unread.add(entry.pid)
        found = agent_process(name, executable, arguments)
        made = AncestorProcess(
            pid=entry.pid,
            started=entry.started,
            name=name,
            agent=found.agent.id if found else None,
            agent_title=found.agent.title if found else "",
            host=found.agent.program.host if found else False,
            said_by=found.said_by if found else "",
            autonomy=found.autonomy if found else (),
            role="first" if entry.pid == 1 else _role(name, executable),
        )
        self._ancestors[entry.pid] = (seen, made)
        return made

    def _markers(self, pid: int) -> tuple[tuple[str, str | None], ...] | None:
        try:
            environment = self._live.environment_of(pid)
        except (OSError, ValueError, NotImplementedError):
            return None
        return markers_in(environment)

    def _unit(self, pid: int) -> str | None:
        try:
            return self._live.service_unit(pid)
        except (OSError, ValueError, NotImplementedError):
            return None

    def _container(self, pid: int) -> bool:
        try:
            return self._live.container(pid) is not None
        except (OSError, ValueError, NotImplementedError):
            return False


@cache
def _markers() -> tuple[tuple[str, str | None, CatalogAgent | None], ...]:
    """Return variable, the value that it must have if any, and the agent."""
    found: list[tuple[str, str | None, CatalogAgent | None]] = []
    for agent in agents():
        for marker in agent.program.markers:
            name, equals, value = marker.partition("=")
            found.append((name, value if equals else None, agent))
    return tuple(found)


def markers_in(environment: Mapping[str, str]) -> tuple[tuple[str, str | None], ...]:
    """Return the variables of agents that an environment holds, with the agent that sets them."""
    found: dict[str, str | None] = {}
    for name, value, agent in _markers():
        held = environment.get(name)
        if held and (value is None or held == value) and agent is not None:
            found[name] = agent.id
    ids = {agent.id: agent.id for agent in agents()} | {agent.id.replace("_", "-"): agent.id for agent in agents()}
    for name in actor_names()["markers"]:
        if name not in found and (held := environment.get(name)):
            found[name] = ids.get(held.lower())
    return tuple(sorted(found.items(), key=lambda item: (item[1] is None, item[0])))


@cache
def _roles() -> dict[str, str]:
    names = actor_names()
    return {name: role for role in ("first", "scheduler", "terminal", "login") for name in names[role]}


def _role(name: str, executable: str) -> str:
    base = executable.replace("\\", "/").rpartition("/")[2]
    if base == "systemd" or name == "systemd":
        return "first"
    return _roles().get(base) or _roles().get(name, "")


def agent_of_unit(unit: str) -> CatalogAgent | None:
    """Return the agent whose service a unit is; None for all others."""
    inner = unit.rpartition("/")[2]
    return next((one for one in agents() if any(fnmatchcase(inner, wanted) for wanted in one.program.units)), None)
