"""What one endpoint's records say of its agents: who acts alone, holds credentials, reaches out, works on code. Pure.

Records came from an endpoint, so nothing in them is believed: every value is bounded, and of a hostile inventory the
first `MOST_AGENTS` agents and `MOST_NAMES` names count.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from weighbridge.discover.tool_servers import is_loopback
from weighbridge.fleet.untrusted import text, texts, word

AGENT_LENGTH = 64
NAME_LENGTH = 128
VERSION_LENGTH = 64
MOST_AGENTS = 100
MOST_NAMES = 500
"""Names of all agents of one endpoint."""
TOOL_SERVER, SKILL, PROVIDER, SETTING = "tool server", "skill", "provider", "setting"
REACHES = (TOOL_SERVER, SKILL, PROVIDER, SETTING)
"""What agents are connected to: tool servers, skills, whose credentials, and settings by which nobody is asked."""
_MOST_TOOLS = 200
_COUNTED = {TOOL_SERVER: "tool_servers", SKILL: "skills", "hook": "hooks"}


class AgentRecord(NamedTuple):
    """A record of an agent, of what belongs to one, or of a key; times are milliseconds since 1970."""

    kind: str
    """`agent` or `secret`."""
    name: str
    data: Mapping[str, object]
    first_at: int
    last_at: int


class Agent:
    """One agent on one endpoint. Numbers count things; `alone`, `installed`, `repositories` are 0 or 1."""

    def __init__(self, first_at: int) -> None:
        self.version = ""
        self.installed = self.alone = self.outside = self.repositories = 0
        self.credentials = self.tool_servers = self.skills = self.hooks = 0
        self.first_at, self.last_at = first_at, 0
        self.names: set[tuple[str, str]] = set()
        """What it reaches, each with its kind of `REACHES`."""


def acts_alone(data: Mapping[str, object]) -> bool:
    """Tell whether a setting switches asking off, or a tool server has tools that run without asking."""
    return data.get("autonomous") is True or bool(texts(data.get("approved_tools"), 1))


def agents_of(records: Iterable[AgentRecord]) -> dict[str, Agent]:
    """Return the agents that records name, by their ids."""
    found: dict[str, Agent] = {}
    names = 0
    for record in records:
        data = record.data
        is_agent = record.kind == "agent" and data.get("what") == "agent"
        named = [record.name[:AGENT_LENGTH]] if is_agent else texts(data.get("agents"), MOST_AGENTS, AGENT_LENGTH)
        for agent_id in dict.fromkeys(named):
            if not agent_id or (agent_id not in found and len(found) >= MOST_AGENTS):
                continue
            agent = found.setdefault(agent_id, Agent(record.first_at))
            agent.first_at = min(agent.first_at, record.first_at)
            agent.last_at = max(agent.last_at, record.last_at)
            before = len(agent.names)
            if is_agent:
                agent.version = word(data, "version", VERSION_LENGTH) or ""
                agent.installed = int(data.get("installed") is True)
            elif record.kind == "secret":
                agent.credentials += 1
                _reach(agent, PROVIDER, record.name, names)
            else:
                _belongs(agent, record, names)
            names += len(agent.names) - before
    return found


def _belongs(agent: Agent, record: AgentRecord, names: int) -> None:
    data = record.data
    agent.repositories |= data.get("scope") == "project"
    if data.get("enabled") is False:
        return
    what = data.get("what")
    counted = _COUNTED.get(what) if isinstance(what, str) else None
    if counted is not None:
        setattr(agent, counted, getattr(agent, counted) + 1)
    if what in (TOOL_SERVER, SKILL):
        _reach(agent, str(what), record.name, names)
    url = word(data, "url", 2000)
    if what == TOOL_SERVER and url and "://" in url and not is_loopback(url):
        agent.outside += 1
    if acts_alone(data):
        agent.alone = 1
        if what == TOOL_SERVER:
            approved = texts(data.get("approved_tools"), _MOST_TOOLS)
            said = "every tool" if "*" in approved else f"{len(approved)} tools"
            _reach(agent, SETTING, f"{record.name}: {said} unasked", names)
        else:
            _reach(agent, SETTING, f"{word(data, 'key') or 'setting'} = {word(data, 'value') or 'on'}", names)


def _reach(agent: Agent, kind: str, name: str, names: int) -> None:
    named = text(name, NAME_LENGTH)
    if named and names < MOST_NAMES:
        agent.names.add((kind, named))
