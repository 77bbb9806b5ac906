"""The audit of agents, in reading order: tools, inventory, observations, findings.

Only files are read: no process is started, no socket is opened, nothing that is found is run.
"""

from collections.abc import Iterable, Iterator

from weighbridge.checks.assess import judge
from weighbridge.checks.check import Subject
from weighbridge.discover.agent_catalog import agents
from weighbridge.discover.agent_inventory import agent_inventory
from weighbridge.discover.toolchain import tool_inventory
from weighbridge.discover.toolchain_catalog import advisories_for
from weighbridge.host.machine import Machine
from weighbridge.model.agent import AgentInventory, LeakedKey
from weighbridge.model.agent_audit import AgentAudit, Judged
from weighbridge.model.agent_observation import (
    HookSeen,
    InstructionsSeen,
    KeySeen,
    PermissionSeen,
    ToolSeen,
    ToolServerSeen,
)
from weighbridge.model.finding import Severity
from weighbridge.model.observation import Observation
from weighbridge.model.place import display
from weighbridge.model.toolchain import Ecosystem, InstalledTool, ToolInventory

_ORDER = tuple(Severity)


def audit_agents(machine: Machine, projects: Iterable[bytes] = (), *, tools: bool = True) -> AgentAudit:
    """Return the agents of a machine with everything around them, and what a person should know.

    Args:
        machine: where.
        projects: folders whose own configurations are read, beside those that agents know.
        tools: whether homes are searched for AI tools, which is the longer part.
    """
    folders = tuple(projects)
    found = tool_inventory(machine, folders) if tools else ToolInventory()
    inventory = agent_inventory(machine, folders, found.tools)
    judged = [one for one in _judged(inventory, found) if one.findings]
    return AgentAudit(
        taken_at=machine.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        inventory=inventory,
        tools=found,
        judged=tuple(sorted(judged, key=lambda one: (-_worst(one), one.kind, one.path, one.name))),
    )


def _worst(one: Judged) -> int:
    return max(_ORDER.index(finding.severity) for finding in one.findings)


def _judged(inventory: AgentInventory, tools: ToolInventory) -> Iterator[Judged]:
    titles = {agent.id: agent.title for agent in agents()}
    for permission in inventory.permissions:
        seen = PermissionSeen(permission=permission, title=titles.get(permission.agent, permission.agent))
        yield _one("permission", permission.key, permission.path, (permission.agent,), [seen])
    for server in inventory.tool_servers:
        observed: list[Observation] = [ToolServerSeen(server=server)]
        if server.package is not None and server.package.ecosystem in ("npm", "pypi"):
            tool = InstalledTool(
                ecosystem=Ecosystem(server.package.ecosystem),
                name=server.package.name,
                version=server.package.version if server.package.pinned else None,
                path=server.path,
            )
            observed += [ToolSeen(tool=tool, advisory=advisory) for advisory in advisories_for(tool)]
        yield _one("tool server", server.name, server.path, server.agents, observed)
    for hook in inventory.hooks:
        yield _one("hook", hook.event, hook.path, (hook.agent,), [HookSeen(hook=hook)])
    for skill in inventory.skills:
        yield _one("skill", skill.name, skill.path, skill.agents, [InstructionsSeen(source=skill)])
    for file in inventory.instructions:
        name = display(file.path.replace(b"\\", b"/").rpartition(b"/")[2])
        yield _one("instructions", name, file.path, file.agents, [InstructionsSeen(source=file)])
    yield from _keys(inventory.keys)
    for tool in tools.tools:
        seen_tools = [ToolSeen(tool=tool, advisory=advisory) for advisory in advisories_for(tool)]
        yield _one("tool", tool.name, tool.path, (), seen_tools)


def _keys(keys: tuple[LeakedKey, ...]) -> Iterator[Judged]:
    """Yield each key with how many other places hold the same one."""
    places: dict[str, list[LeakedKey]] = {}
    for key in keys:
        places.setdefault(key.fingerprint, []).append(key)
    for key in keys:
        same = places[key.fingerprint]
        sharers = tuple(sorted({agent for one in same for agent in one.agents}))
        seen = KeySeen(leaked=key, others=len(same) - 1, sharers=sharers)
        name = key.name or key.format
        yield _one("key", name, key.path or b"", key.agents, [seen], line=key.line)


def _one(
    kind: str,
    name: str,
    path: bytes,
    agents: tuple[str, ...],
    observations: Iterable[Observation],
    *,
    line: int | None = None,
) -> Judged:
    from weighbridge.checks.registry import CHECKS  # loads only when there is something to judge

    subject = Subject(format="agent", name=display(path.replace(b"\\", b"/").rpartition(b"/")[2]) if path else name)
    findings = judge(observations, subject, CHECKS)
    return Judged(kind=kind, name=name, path=path, agents=agents, findings=findings, line=line)
