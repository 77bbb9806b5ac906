"""Who acts on a machine: a person, an agent, a service, or nobody can say."""

from enum import StrEnum

from weighbridge.model.record import record


class ActorKind(StrEnum):
    """Who is behind a process."""

    AGENT = "agent"
    HUMAN = "human"
    SERVICE = "service"
    UNKNOWN = "unknown"


@record
class Actor:
    """Who is behind a process, and why that is believed."""

    kind: ActorKind = ActorKind.UNKNOWN
    reasons: tuple[str, ...] = ()
    """Each a clause for a person: `started by claude (pid 4711)`; the strongest first."""
    agent: str | None = None
    """Id of the agent in the catalog (`claude_code`), if it is one."""
    session: str | None = None
    """What groups the processes of one run of an agent: `pid:started` of its topmost process."""
    autonomous: bool = False
    """Whether the agent was told to act without asking."""
