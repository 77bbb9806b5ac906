"""What people decided about single models beside the rules of the policy: revocations and exceptions.

In: what the fleet signed for this machine. Out: values; `ruled.py` applies them to verdicts.
"""

import datetime
from collections.abc import Mapping
from dataclasses import field

from weighbridge.model.record import record

REVOKED_RULE = "revoked-model"
"""Id of the rule that a revoked digest meets, under every policy."""


@record
class Revocation:
    """A digest that nobody may use."""

    sha256: str
    reason: str
    by: str
    at: str
    """Day."""
    replacement: str = ""
    """What to use instead: a digest, or words."""


@record
class Exemption:
    """A rule or a check that does not count for one thing."""

    id: str
    owner: str
    """Who answers for it."""
    reason: str
    until: datetime.date
    """The last day on which it holds."""
    rule: str = ""
    check: str = ""
    sha256: str = ""
    thing: str = ""
    """A runtime or what listens, by the name that rules know it by."""


@record
class Rulings:
    """What is in force on one machine."""

    revoked: Mapping[str, Revocation] = field(default_factory=dict)
    """By digest."""
    exemptions: tuple[Exemption, ...] = ()
    """Those that are for this machine."""

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self.revoked or self.exemptions)
