"""What people decided about single models beside the rules of the policy: revocations, exceptions, approvals.

In: what the fleet signed for this machine. Out: values; `ruled.py` applies the first two to verdicts, `approvals.py`
the third to what the rules are asked about.
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
class Approval:
    """What the catalog says of a release that may be used."""

    until: datetime.date
    """The last day on which that holds."""
    model: str = ""
    """`namespace/name`; empty where not everybody may know it."""
    commit: str = ""
    version: str = ""
    """What people call it."""
    data_classes: tuple[str, ...] = ()
    """Data that it may be given."""
    deprecated: bool = False
    replacement: str = ""
    """What to use instead."""


@record
class Deprecation:
    """What a hub would like something else to be used for. It forbids nothing."""

    model: str
    reason: str
    at: str
    """Day."""
    replacement: str = ""
    """What to use instead."""


@record
class Rulings:
    """What is in force on one machine."""

    revoked: Mapping[str, Revocation] = field(default_factory=dict)
    """By digest."""
    exemptions: tuple[Exemption, ...] = ()
    """Those that are for this machine."""
    approved: Mapping[str, Approval] = field(default_factory=dict)
    """By digest."""
    deprecated: Mapping[str, Deprecation] = field(default_factory=dict)
    """By digest; from the hub that this person set up."""
    stale: str = ""
    """What to know where nobody here can know what was revoked meanwhile; empty if all is well."""

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self.revoked or self.exemptions or self.approved or self.deprecated)
