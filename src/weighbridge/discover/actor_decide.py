"""Who is behind a process: a pure decision over what was seen of it.

Lineage decides before anything that a process can say of itself. A marker in the environment can be set and removed by
anybody: it is evidence where lineage was cut, and told as such. Behavior decides only where nothing else does.
"""

from dataclasses import field

from weighbridge.discover.behavior import agent_signs, is_telling, looks_like_agent
from weighbridge.model.actor import Actor, ActorKind
from weighbridge.model.record import record
from weighbridge.model.trace import Behavior

_MOST_REASONS = 6


@record
class AncestorProcess:
    """One process on the way up, the process itself first."""

    pid: int
    started: int
    name: str
    agent: str | None = None
    """Id of the agent that it is."""
    agent_title: str = ""
    host: bool = False
    """Whether people work in it too."""
    said_by: str = ""
    """On what it stands that it is one: `program claude`."""
    autonomy: tuple[str, ...] = ()
    """Its arguments that switch asking off."""
    role: str = ""
    """`login`, `terminal`, `scheduler` or `first`, by its name; empty for anything else."""


@record
class ActorEvidence:
    """What was seen of a process."""

    chain: tuple[AncestorProcess, ...]
    terminal: bool = False
    """Whether it has a controlling terminal."""
    markers: tuple[tuple[str, str | None], ...] = ()
    """Variables of agents in its environment, with the agent that sets them, if that is known."""
    unit: str | None = None
    """Units that it runs in, outermost first."""
    container: bool = False
    behavior: Behavior | None = None
    autonomous: frozenset[str] = field(default_factory=frozenset)
    """Agents that their settings let act without asking."""
    hidden: tuple[str, ...] = ()
    """What was not visible: `environment`, `command line of parents`."""


def decide(evidence: ActorEvidence) -> Actor:
    """Return who is behind the process, with reasons, the strongest first."""
    actor = _by_lineage(evidence) or _by_marker(evidence) or _by_surroundings(evidence) or _by_behavior(evidence)
    reasons = actor.reasons
    if actor.kind is not ActorKind.AGENT and evidence.behavior is not None and looks_like_agent(evidence.behavior):
        reasons = (*reasons, f"but {agent_signs(evidence.behavior)[0]}, as agents do")
    if actor.kind is not ActorKind.AGENT and evidence.hidden:
        reasons = (*reasons, f"not visible: {', '.join(evidence.hidden)}")
    return Actor(
        kind=actor.kind,
        reasons=reasons[:_MOST_REASONS],
        agent=actor.agent,
        session=actor.session,
        autonomous=actor.autonomous,
    )


def _by_lineage(evidence: ActorEvidence) -> Actor | None:
    marked = {agent for _, agent in evidence.markers}
    for place, one in enumerate(evidence.chain):
        if one.agent is None:
            continue
        if one.host and one.agent not in marked:
            # An editor with an agent in it: what runs in its terminal may be the person's own.
            continue
        same = [other for other in evidence.chain[place:] if other.agent == one.agent]
        top = same[-1]
        if place == 0:
            reason = f"it is {one.agent_title} ({one.said_by})"
        else:
            reason = f"started by {one.agent_title} (pid {one.pid}, {one.said_by})"
        flags = tuple(dict.fromkeys(flag for other in same for flag in other.autonomy))
        reasons = [reason, *(f"told to act without asking: {flag}" for flag in flags)]
        if one.agent in evidence.autonomous:
            reasons.append("its settings let it act without asking")
        if place and one.agent in marked:
            variables = [name for name, agent in evidence.markers if agent == one.agent]
            reasons.append(f"its environment says so too: {', '.join(variables)}")
        return Actor(
            kind=ActorKind.AGENT,
            reasons=tuple(reasons),
            agent=one.agent,
            session=f"{top.pid}:{top.started}",
            autonomous=bool(flags) or one.agent in evidence.autonomous,
        )
    return None


def _by_marker(evidence: ActorEvidence) -> Actor | None:
    if not evidence.markers:
        return None
    known = [marker for marker in evidence.markers if marker[1] is not None]
    name, agent = known[0] if known else evidence.markers[0]
    top = evidence.chain[-1] if evidence.chain else None
    below = next((one for one in reversed(evidence.chain) if not one.role), top)
    return Actor(
        kind=ActorKind.AGENT,
        reasons=(
            f"its environment holds {name}, which agents set for what they start",
            "no agent is among its parents; anybody can set such a variable",
        ),
        agent=agent,
        session=f"{below.pid}:{below.started}" if below is not None else None,
        autonomous=agent in evidence.autonomous if agent else False,
    )


def _by_surroundings(evidence: ActorEvidence) -> Actor | None:
    chain = evidence.chain
    inner = (evidence.unit or "").rpartition("/")[2]
    scheduler = next((one for one in chain[1:] if one.role == "scheduler"), None)
    login = next((one for one in chain[1:] if one.role == "login"), None)
    screen = next((one for one in chain[1:] if one.role == "terminal" or one.host), None)
    if scheduler is not None and not evidence.terminal:
        return _actor(ActorKind.SERVICE, f"started by {scheduler.name} (pid {scheduler.pid})")
    if inner.endswith(".service") and not inner.startswith("user@") and not evidence.terminal and login is None:
        return _actor(ActorKind.SERVICE, f"runs as {inner}")
    if evidence.terminal:
        shown = screen or login
        how = f"at a terminal, below {shown.name} (pid {shown.pid})" if shown else "at a terminal"
        return _actor(ActorKind.HUMAN, how)
    if evidence.container:
        return _actor(ActorKind.SERVICE, "runs in a container without a terminal")
    if screen is not None or login is not None:
        shown = screen or login
        assert shown is not None  # noqa: S101  (one of the two is there)
        return _actor(ActorKind.HUMAN, f"started in the session of {shown.name} (pid {shown.pid})")
    if inner.startswith(("app-", "session-")) and inner.endswith(".scope"):
        return _actor(ActorKind.HUMAN, f"runs in a person's session ({inner})")
    if len(chain) > 1 and chain[1].role == "first" and chain[0].pid != chain[1].pid:
        detached = evidence.behavior is not None and looks_like_agent(evidence.behavior)
        return (
            None if detached else _actor(ActorKind.SERVICE, f"hangs on {chain[1].name}, without a terminal or a login")
        )
    return None


def _by_behavior(evidence: ActorEvidence) -> Actor:
    numbers = evidence.behavior
    if numbers is not None and looks_like_agent(numbers):
        return Actor(kind=ActorKind.AGENT, reasons=("nothing but its behavior says so", *agent_signs(numbers)))
    if numbers is not None and is_telling(numbers):
        return _actor(ActorKind.UNKNOWN, "neither parents nor terminal nor behavior tell")
    return _actor(ActorKind.UNKNOWN, "neither its parents nor a terminal tell")


def _actor(kind: ActorKind, reason: str) -> Actor:
    return Actor(kind=kind, reasons=(reason,))
