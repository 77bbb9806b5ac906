"""Events: what was seen, in the fields that every event format can carry. Values only."""

from typing import Literal

from weighbridge.model.record import record

Kind = Literal["artifact", "finding", "process", "record"]
What = Literal["agent", "tool server", "skill", "instructions"]
"""What of an agent something is."""


@record
class Event:
    """One thing that was seen: a model, a finding, a running process, a record of the ledger."""

    kind: Kind
    id: str
    """The same for the same thing seen at the same time."""
    at: str
    """RFC 3339, UTC."""
    machine: str
    tool_version: str
    message: str
    """One sentence."""
    policy: str = ""
    severity: str = "info"
    """`info`, `low`, `medium`, `high` or `critical`."""
    decision: str = ""
    """`allow`, `warn`, `pending` or `deny`; empty where nothing was weighed."""
    observed_only: bool = True
    """Whether the policy's mode only reports."""
    rule: str = ""
    reason: str = ""
    remedy: str = ""
    check: str = ""
    atlas: str = ""
    """MITRE ATLAS technique."""
    confidence: str = ""
    assessment: str = ""
    name: str = ""
    """What the model calls itself."""
    sha256: str = ""
    path: str = ""
    size: int | None = None
    format: str = ""
    license: str = ""
    pid: int | None = None
    parent: int | None = None
    process: str = ""
    executable: str = ""
    command_line: tuple[str, ...] = ()
    user: str = ""
    runtime: str = ""
    agent: str = ""
    actor: str = ""
    autonomous: bool | None = None
    listeners: tuple["Address", ...] = ()
    evidence: tuple[str, ...] = ()
    network: str = ""
    not_visible: tuple[str, ...] = ()
    index: int | None = None
    """Of a record in the ledger."""
    record_kind: str = ""
    what: What | None = None
    """Of what belongs to agents: what it is."""
    version: str = ""
    endpoint: str = ""
    """Web address of a tool server."""
    remote: bool = False
    """Whether that is another machine."""
    risks: tuple[str, ...] = ()
    original: str = ""
    """The record as JSON: whatever the other fields have no place for."""


@record
class Address:
    """Where a process accepts connections."""

    address: str
    port: int | None = None
    exposed: bool = False
    authenticated: bool | None = None

    @property
    def spelled(self) -> str:
        """The address with its port."""
        if self.port is None:
            return self.address
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"
