"""What probes notice about agents and tools, for checks to judge."""

from weighbridge.model.agent import (
    Hook,
    InstructionFile,
    LeakedKey,
    PermissionMode,
    Skill,
    ToolServer,
)
from weighbridge.model.observation import Observation
from weighbridge.model.record import record
from weighbridge.model.toolchain import Advisory, InstalledTool


@record
class ToolServerSeen(Observation):
    """An agent is connected to a tool server."""

    server: ToolServer


@record
class HookSeen(Observation):
    """An agent runs a command on its own."""

    hook: Hook


@record
class PermissionSeen(Observation):
    """A setting says what an agent may do without asking."""

    permission: PermissionMode
    title: str
    """Of the agent."""


@record
class InstructionsSeen(Observation):
    """Agents load a skill or an instruction file."""

    source: Skill | InstructionFile


@record
class KeySeen(Observation):
    """A key stands in a file or an environment."""

    leaked: LeakedKey
    others: int = 0
    """How many other places hold the same key."""
    sharers: tuple[str, ...] = ()
    """Catalog ids of all agents that can read one of these places."""


@record
class ToolSeen(Observation):
    """A tool of which a version is known to be bad."""

    tool: InstalledTool
    advisory: Advisory
