"""What people want to know of policies at once: which there are, which is in force where, what would change."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet import policy_repository, policy_rings, policy_versions
from weighbridge.fleet.policy_rings import RingProgress, Rollout
from weighbridge.fleet.policy_versions import Version
from weighbridge.policy.difference import Cell
from weighbridge.policy.weigh import shown
from weighbridge.report.words import counted
from weighbridge.sync.policy_metadata import check_root

MOST_CELLS = 200
MOST_ACCEPTED = 500


class Held(Struct, frozen=True, kw_only=True):
    """How many endpoints say the same of their policy."""

    said: str
    """`7`: policy 7 is in force; `7 expired`: still, because nothing newer could be believed; empty: none."""
    endpoints: int


class Accepted(Struct, frozen=True, kw_only=True):
    """A model that the policy in force accepts by its digest."""

    sha256: str
    reason: str
    by: str
    until: str
    """The last day; empty for ever."""


class PolicyStatus(Struct, kw_only=True):
    """Policies of the fleet. Times are milliseconds since 1970, UTC."""

    signers: str
    """Whose signatures count, in words; empty if nobody was named yet."""
    in_force: int
    """The newest published policy; 0 if there is none."""
    versions: list[Version]
    rollout: Rollout | None
    how_far: str
    """How far the roll-out is, why, and how many endpoints say that they have it, in words; empty without one."""
    rings: list[RingProgress]
    held: list[Held]
    accepted: list[Accepted]
    """What the policy in force accepts by digest, those that run out first on top; at most so many."""
    accepted_count: int
    when_stale: str
    """What it does where nobody can know whether it is still the newest: `keep` or `tighten`; empty without one."""


class Scenario(Struct, frozen=True, kw_only=True):
    """One scenario whose verdict changes."""

    action: str
    principal: str
    resource: str
    setting: dict[str, str]
    """What is not ordinary in it."""
    before: str
    after: str
    rules: list[str]
    """That decide then."""


class PolicyChanges(Struct, kw_only=True):
    """What differs between two policies, on a grid of scenarios; at most so many of each kind are listed."""

    before: str
    after: str
    weighed: int
    complete: bool
    allowed: int
    """Scenarios that could not go ahead before and now can."""
    denied: int
    """Scenarios that could go ahead before and now cannot."""
    newly_allowed: list[Scenario]
    newly_denied: list[Scenario]
    rules_added: list[str]
    rules_removed: list[str]
    rules_changed: list[str]


def status(connection: Connection) -> PolicyStatus:
    """Return how policies stand."""
    root = policy_repository.root(connection)
    rollout = policy_rings.current(connection)
    held = policy_rings.held(connection)
    newest = policy_versions.in_force(connection)
    settings = policy_versions.settings(connection, newest) if newest else None
    rings = [] if rollout is None else policy_rings.progress(connection, rollout)
    accepted = (
        [] if settings is None else sorted(settings.accepted, key=lambda one: (str(one.until or "9"), one.sha256))
    )
    return PolicyStatus(
        signers="" if root is None else check_root(root),
        in_force=newest,
        versions=policy_versions.versions(connection, limit=50),
        rollout=rollout,
        how_far="" if rollout is None else how_far(rollout, rings),
        rings=rings,
        held=[Held(said=said, endpoints=held[said]) for said in sorted(held, key=lambda one: (-held[one], one))],
        accepted=[
            Accepted(sha256=one.sha256.lower(), reason=one.reason, by=one.by, until=str(one.until or ""))
            for one in accepted[:MOST_ACCEPTED]
        ],
        accepted_count=len(accepted),
        when_stale="" if settings is None else settings.when_stale,
    )


def how_far(rollout: Rollout, rings: Sequence[RingProgress]) -> str:
    """Return how far a roll-out is: that its last ring has begun says nothing of who has it."""
    state = "open to everybody" if rollout.state == policy_rings.DONE else rollout.state
    have, endpoints = sum(one.have for one in rings), sum(one.endpoints for one in rings)
    why = f": {rollout.reason.rstrip('.')}" if rollout.reason else ""
    return f"{state}{why}; {have:,} of {counted(endpoints, 'endpoint')} {'has' if have == 1 else 'have'} it"


def changes_of(connection: Connection, number: int, against: int = 0) -> PolicyChanges:
    """Return what differs from a policy, the one in force if 0. Raises WeighbridgeError `E-policy-number`."""
    before = against or policy_versions.in_force(connection) or number
    found = policy_versions.changes(connection, number, before)
    return PolicyChanges(
        before=policy_versions.version(connection, before).title,
        after=policy_versions.version(connection, number).title,
        weighed=found.weighed,
        complete=not found.cut,
        allowed=len(found.newly_allowed),
        denied=len(found.newly_denied),
        newly_allowed=[_scenario(cell) for cell in found.newly_allowed[:MOST_CELLS]],
        newly_denied=[_scenario(cell) for cell in found.newly_denied[:MOST_CELLS]],
        rules_added=[*found.rules_added],
        rules_removed=[*found.rules_removed],
        rules_changed=[*found.rules_changed],
    )


def _scenario(cell: Cell) -> Scenario:
    return Scenario(
        action=cell.action,
        principal=cell.principal,
        resource=cell.resource,
        setting={path: shown(value) for path, value in cell.setting},
        before=cell.before.decision.value,
        after=cell.after.decision.value,
        rules=[rule.id for rule in cell.after.rules],
    )
