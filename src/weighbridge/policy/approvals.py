"""What an approval of the catalog means to a policy: a fact of the artifact, and how far it counts as accepted.

A policy whose file says `catalog: accepts` lets an approval count like a digest that it lists under `accepted`, for
data that the release was approved for, until the approval ends by this machine's own clock. It never counts for what
attacks or could not be read in full, nor for what is revoked: those need people who sign the policy.
"""

import datetime
from collections.abc import Mapping

from weighbridge.model.artifact import Artifact
from weighbridge.model.finding import Assessment, Severity
from weighbridge.model.verdict import APPROVED_RULE, DecidingRule, Decision
from weighbridge.policy.policy import Policy
from weighbridge.policy.rulings import Approval
from weighbridge.policy.vocabulary import DATA_CLASSES, UNKNOWN, Value

NEVER_ACCEPTED = frozenset(map(str, (Assessment.MALICIOUS, Assessment.HOSTILE, Assessment.INCOMPLETE)))
"""Assessments that no approval makes acceptable."""
_LONGEST = datetime.timedelta(days=3 * 366)
"""No approval is longer; one that says it is holds only near its end."""


def approval_of(artifact: Artifact, policy: Policy, day: datetime.date | None) -> Approval | None:
    """Return what the catalog says of an artifact today; None if it says nothing, or the digest is revoked.

    By the measured digest only, as everything that is accepted: a claim is not the bytes that somebody looked at.
    """
    if policy.rulings is None or artifact.sha256 is None or day is None:
        return None
    digest = artifact.sha256.lower()
    found = policy.rulings.approved.get(digest)
    if found is None or digest in policy.rulings.revoked or not day <= found.until <= day + _LONGEST:
        return None
    return found


def catalog_attributes(
    approval: Approval | None,
    attributes: Mapping[str, Value],
    policy: Policy,
    data_class: str = UNKNOWN,
    data_kinds: tuple[str, ...] = (),
) -> dict[str, Value]:
    """Return the attributes of an artifact that an approval changes; none without one.

    Args:
        approval: see `approval_of`.
        attributes: of the artifact, as they are without an approval.
        policy: which may let approvals count as accepted.
        data_class: of the data at hand.
        data_kinds: the same.
    """
    if approval is None:
        return {}
    found: dict[str, Value] = {
        "catalog.state": "deprecated" if approval.deprecated else "approved",
        "catalog.data_classes": tuple(sorted(approval.data_classes)),
    }
    # The files around it are not what was approved: they lie on this machine, and may be others.
    counts = NEVER_ACCEPTED.isdisjoint((attributes["assessment"], attributes["repository.assessment"]))
    if policy.settings.catalog == "accepts" and counts and _fits(approval, data_class, data_kinds):
        found["accepted"] = True
    return found


def catalog_words(approval: Approval) -> str:
    """Return what the catalog says, for people: `In the catalog: approved as acme/coder, ..., until 2027-01-01.`."""
    return f"In the catalog: {approved_words(approval)}."


def approved_words(approval: Approval) -> str:
    """Return the same without its beginning and end: `approved as acme/coder, ..., until 2027-01-01`."""
    known = f" as {approval.model}" if approval.model else ""
    known += f" {approval.version}" if approval.model and approval.version else ""
    data = f", for {_listed(approval.data_classes)} data" if approval.data_classes else ""
    instead = f", use {approval.replacement} instead" if approval.replacement else ""
    old = f"; deprecated{instead}" if approval.deprecated else ""
    return f"approved{known}{data}, until {approval.until}{old}"


def approved_rule(approval: Approval) -> DecidingRule:
    """Return what says in a verdict that the catalog knows a model: a note, which decides nothing by itself."""
    values = {
        "catalog.state": "deprecated" if approval.deprecated else "approved",
        "catalog.model": approval.model,
        "catalog.version": approval.version,
        "catalog.commit": approval.commit,
        "catalog.data_classes": ", ".join(approval.data_classes),
        "catalog.until": str(approval.until),
        "catalog.replacement": approval.replacement,
    }
    return DecidingRule(
        id=APPROVED_RULE,
        severity=str(Severity.INFO),
        reason=catalog_words(approval),
        remedy="",
        facts=tuple((name, value) for name, value in values.items() if value),
        decision=Decision.ALLOW,
    )


def _fits(approval: Approval, data_class: str, data_kinds: tuple[str, ...]) -> bool:
    """Tell whether a release was approved for the data at hand; public data is for every release."""
    if not set(data_kinds) <= set(approval.data_classes):
        return False
    if data_class == UNKNOWN:
        return True
    highest = max((DATA_CLASSES.index(one) for one in approval.data_classes if one in DATA_CLASSES), default=0)
    return data_class in DATA_CLASSES and DATA_CLASSES.index(data_class) <= highest


def _listed(names: tuple[str, ...]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
