"""Agents on a machine: what is installed, what they are connected to, told and allowed.

No value of a secret ever stands in one of these records: commands and addresses are masked, of an environment only the
names are kept, of a key its format, place and keyed fingerprint.
"""

from enum import StrEnum
from typing import Literal

from weighbridge.model.finding import Unexamined
from weighbridge.model.record import record


class Scope(StrEnum):
    """For whom a configuration holds."""

    USER = "user"
    """Everything that this user does with the agent."""
    PROJECT = "project"
    """Whoever opens the folder; it comes with the folder."""
    PLUGIN = "plugin"
    """Brought by a plugin or extension of the agent."""
    MANAGED = "managed"
    """Set by the administrator for everybody on this machine."""


@record
class AgentEvidence:
    """One reason to believe that an agent is on this machine."""

    kind: Literal["program", "package", "configuration"]
    """A configuration alone shows that it was here once, not that it still is."""
    detail: str
    """For a person: `npm @anthropic-ai/claude-code 2.1.329`."""
    path: bytes


@record
class InstalledAgent:
    """An agent of the catalog on this machine."""

    id: str
    title: str
    evidence: tuple[AgentEvidence, ...]
    """Strongest first."""
    version: str | None = None

    @property
    def installed(self) -> bool:
        """Whether a program or package was found, not only its configuration."""
        return any(one.kind != "configuration" for one in self.evidence)


@record
class PackageReference:
    """What a launcher (`npx`, `uvx`, `docker run`, ...) is asked to run."""

    ecosystem: Literal["npm", "pypi", "oci", "git", "jsr"]
    name: str
    version: str | None = None
    """As it is written; None if nothing is."""
    pinned: bool = False
    """Whether the reference means the same bytes, or at least the same release, tomorrow."""


@record
class ToolServer:
    """An MCP server that an agent is configured to use. It was not started and not asked."""

    name: str
    agents: tuple[str, ...]
    """Catalog ids of the agents that read this configuration."""
    scope: Scope
    path: bytes
    """The configuration file."""
    key: str
    """Where in it: `mcpServers/github`."""
    transport: Literal["stdio", "http", "sse", "websocket", "unix", "built-in", "unknown"]
    command: tuple[str, ...] = ()
    """Program and arguments, what looks secret masked."""
    url: str | None = None
    """Masked in the same way."""
    loopback: bool = False
    """Whether the URL leads to this machine."""
    environment: tuple[str, ...] = ()
    """Names of the variables that it is given."""
    headers: tuple[str, ...] = ()
    """Names of the headers that it is sent."""
    package: PackageReference | None = None
    fetched_code: bool = False
    """Whether the command downloads what it runs (`curl ... | sh`)."""
    enabled: bool = True
    approved_tools: tuple[str, ...] = ()
    """Tools that run without asking; `*` for all."""


@record
class HiddenText:
    """Characters that a model reads and a person does not see."""

    file: str
    """Path inside the skill, or the instruction file's name."""
    line: int
    kind: Literal["tag characters", "zero-width characters", "bidirectional controls", "variation selectors", "comment"]
    count: int


@record
class RunText:
    """A command that stands in a skill and is run when the agent loads it, or that downloads what it runs."""

    file: str
    line: int
    kind: Literal["run on load", "fetched code"]
    text: str
    """Masked, shortened."""


@record
class Skill:
    """A bundle of instructions, and perhaps programs, that agents load."""

    name: str
    path: bytes
    """Its folder."""
    scope: Scope
    agents: tuple[str, ...]
    """Catalog ids of the agents on this machine that read the folder."""
    readers: tuple[str, ...] = ()
    """Catalog ids of all agents that would read it."""
    description: str = ""
    files: int = 0
    bytes: int = 0
    sha256: str | None = None
    """Over the sorted paths and digests of its files; None if it could not be read whole."""
    programs: tuple[str, ...] = ()
    """Files in it that can be run, by name."""
    hidden: tuple[HiddenText, ...] = ()
    runs: tuple[RunText, ...] = ()


@record
class Hook:
    """A command that an agent runs on its own at some event."""

    agent: str
    event: str
    """`PreToolUse`, `notify`, `statusLine`, ..."""
    scope: Scope
    path: bytes
    """The configuration file."""
    key: str
    command: str
    """Masked, shortened."""
    matcher: str = ""
    program: bytes | None = None
    """The file that is run, where the command names one by its path."""
    writable_by_all: bytes | None = None
    """The file or folder on the way to it that every user of this machine may write to."""
    fetched_code: bool = False


@record
class PermissionMode:
    """A setting that says what an agent may do without asking."""

    agent: str
    scope: Scope
    path: bytes
    key: str
    value: str
    autonomous: bool
    """Whether it then acts without asking."""
    meaning: str = ""
    """In a few words."""
    hearsay: bool = False
    """Whether it is said to act without asking then, which nobody could confirm; `autonomous` is False."""


@record
class InstructionFile:
    """A file that agents read as instructions (`CLAUDE.md`, `AGENTS.md`, rules)."""

    path: bytes
    scope: Scope
    agents: tuple[str, ...]
    readers: tuple[str, ...] = ()
    size: int = 0
    sha256: str | None = None
    hidden: tuple[HiddenText, ...] = ()
    runs: tuple[RunText, ...] = ()


@record
class LeakedKey:
    """A key in a file or in an environment, without its value."""

    format: str
    """Id of the key format (`anthropic_api`); `by-name` if only its name says that it is a secret."""
    provider: str
    fingerprint: str
    """HMAC-SHA256 under a key that stays on this machine, 32 hex digits: equal fingerprints are equal keys."""
    path: bytes | None = None
    line: int | None = None
    name: str | None = None
    """Variable or configuration key in which it stands."""
    pid: int | None = None
    """Process in whose environment it stands."""
    agents: tuple[str, ...] = ()
    """Catalog ids of the agents that read the file, or that run as the process."""
    place: Literal["configuration", "project file", "shell profile", "credential store", "environment"] = (
        "configuration"
    )
    readable_by: Literal["user", "group", "everybody"] = "user"


@record
class AgentInventory:
    """Everything that was found out about agents by reading files."""

    agents: tuple[InstalledAgent, ...] = ()
    tool_servers: tuple[ToolServer, ...] = ()
    skills: tuple[Skill, ...] = ()
    hooks: tuple[Hook, ...] = ()
    permissions: tuple[PermissionMode, ...] = ()
    instructions: tuple[InstructionFile, ...] = ()
    keys: tuple[LeakedKey, ...] = ()
    unexamined: tuple[Unexamined, ...] = ()
    projects: tuple[bytes, ...] = ()
    """Folders whose own configurations were read."""
