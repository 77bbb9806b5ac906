"""What an audit of agents found, and what a person should know of it."""

from weighbridge.model.agent import AgentInventory
from weighbridge.model.finding import Finding, Unexamined
from weighbridge.model.record import record
from weighbridge.model.toolchain import ToolInventory


@record
class Judged:
    """One thing that was found out about, and what a person should know of it."""

    kind: str
    """`permission`, `tool server`, `hook`, `skill`, `instructions`, `key` or `tool`."""
    name: str
    path: bytes
    agents: tuple[str, ...]
    """Catalog ids of the agents that it concerns."""
    findings: tuple[Finding, ...]
    line: int | None = None


@record
class AgentAudit:
    """What an audit found."""

    taken_at: str
    """RFC 3339, UTC."""
    inventory: AgentInventory
    tools: ToolInventory
    judged: tuple[Judged, ...]
    """Only what has findings; worst first."""

    @property
    def unexamined(self) -> tuple[Unexamined, ...]:
        """Everything that could not be read."""
        return (*self.inventory.unexamined, *self.tools.unexamined)
