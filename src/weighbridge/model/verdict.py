"""What the organization's policy says about an artifact."""

from enum import StrEnum

from weighbridge.model.record import record


class Decision(StrEnum):
    """The verdict's one word; strictest last."""

    ALLOW = "allow"
    WARN = "warn"
    PENDING = "pending"
    DENY = "deny"


APPROVED_RULE, DEPRECATED_RULE = "catalog-approved", "deprecated-model"
HINTS = (APPROVED_RULE, DEPRECATED_RULE)
"""Ids of what a verdict says beside its decision: what the catalog, or the hub of this person, says of the model."""


@record
class DecidingRule:
    """One policy rule that took part in the verdict."""

    id: str
    severity: str
    reason: str
    remedy: str
    clause: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
    """The attributes that the rule looked at, with their values."""
    decision: Decision = Decision.DENY
    """What this rule asks for by itself; `allow` for a permission."""


@record
class Verdict:
    """Decision, the rules that decided, and the next step for the developer."""

    decision: Decision
    action: str
    """The weighed action: `load`, `ship`, ..."""
    policy: str
    """Name and version of the policy: `balanced 1`."""
    mode: str
    """`observe`, `warn` or `enforce`."""
    rules: tuple[DecidingRule, ...] = ()
    remedy: str = ""
    by_rules: Decision | None = None
    """What the rules decide before the mode lowers it: the decision that `enforce` would bring."""
