"""From the verdict of the rules to the verdict with what people decided about this very model.

A revocation denies under every policy; the mode lowers it as it lowers every other rule. An exception lets one rule, or
the findings of one check, not count for one thing until a day: the rule stays in the verdict and says who answers for
it. Nobody is excepted from a revocation, nor from rules against what attacks.
"""

import datetime
from collections.abc import Sequence
from dataclasses import replace

from weighbridge.model.artifact import Artifact
from weighbridge.model.finding import Assessment, Severity, worst
from weighbridge.model.verdict import DEPRECATED_RULE, DecidingRule, Decision, Verdict
from weighbridge.policy.approvals import approval_of, approved_rule
from weighbridge.policy.policy import Policy
from weighbridge.policy.rulings import REVOKED_RULE, Deprecation, Exemption, Revocation, Rulings
from weighbridge.policy.weigh import lowered

NEVER_EXCEPTED = frozenset(
    {REVOKED_RULE, "deny-malicious", "deny-hostile", "deny-hostile-repository", "not-permitted", "rule-failed"}
)
"""Rules that no exception is from."""
ATTACKS = frozenset({Assessment.MALICIOUS, Assessment.HOSTILE})
_LONGEST = datetime.timedelta(days=366)
_STRICTNESS = {decision: position for position, decision in enumerate(Decision)}


def without_excepted(artifact: Artifact, rulings: Rulings, day: datetime.date | None) -> Artifact:
    """Return an artifact as it is weighed: without findings of checks that it is excepted from.

    A finding that implies an attack stays, whatever anybody granted.
    """
    checks = {one.check for one in _of_artifact(artifact, rulings, day) if one.check}
    if not checks:
        return artifact
    kept = tuple(one for one in artifact.findings if one.check not in checks or one.implies in ATTACKS)
    if len(kept) == len(artifact.findings):
        return artifact
    floor = Assessment.CLEAN if artifact.assessment is not Assessment.NOT_A_MODEL else artifact.assessment
    if artifact.assessment is not worst((floor, *(one.implies for one in artifact.findings))):
        return replace(artifact, findings=kept)  # what it is does not follow from its findings alone
    return replace(artifact, findings=kept, assessment=worst((floor, *(one.implies for one in kept))))


def ruled(verdict: Verdict, artifact: Artifact, policy: Policy, day: datetime.date | None) -> Verdict:
    """Return the verdict on an artifact with what people decided about it.

    Args:
        verdict: by the rules alone, on what `without_excepted` left.
        artifact: as it was found.
        policy: with the rulings in force.
        day: today; without one no exception holds.
    """
    rulings = policy.rulings
    if rulings is None:
        return verdict
    if (approval := approval_of(artifact, policy, day)) is not None:
        verdict = replace(verdict, rules=(*verdict.rules, approved_rule(approval)))
    exemptions = _of_artifact(artifact, rulings, day)
    revocation = next(filter(None, map(rulings.revoked.get, _digests(artifact))), None)
    if revocation is not None:  # permissions say nothing any more
        verdict = replace(verdict, rules=tuple(one for one in verdict.rules if one.decision is not Decision.ALLOW))
    elif (old := next(filter(None, map(rulings.deprecated.get, _digests(artifact))), None)) is not None:
        verdict = replace(verdict, rules=(*verdict.rules, _deprecated(old)))
    rules = [_excepted(rule, exemptions) for rule in verdict.rules]
    rules += [_noted(one, artifact) for one in exemptions if one.check]
    if revocation is not None:
        rules.insert(0, _revoked(revocation))
    return _decided(verdict, rules, policy) if revocation is not None or exemptions else verdict


def ruled_thing(verdict: Verdict, thing: str, policy: Policy, day: datetime.date | None) -> Verdict:
    """Return the verdict on a runtime or what listens, with exceptions that people granted for it by name."""
    rulings = policy.rulings
    if rulings is None:
        return verdict
    exemptions = [one for one in rulings.exemptions if one.thing and one.thing == thing and _holds(one, day)]
    if not exemptions:
        return verdict
    return _decided(verdict, [_excepted(rule, exemptions) for rule in verdict.rules], policy)


def _decided(verdict: Verdict, rules: list[DecidingRule], policy: Policy) -> Verdict:
    rules.sort(key=lambda rule: -_STRICTNESS[rule.decision])  # stable: what spoke first stays first
    by_rules = rules[0].decision if rules else verdict.by_rules or verdict.decision
    return replace(
        verdict,
        decision=lowered(by_rules, policy.settings.mode),
        rules=tuple(rules),
        remedy="" if by_rules is Decision.ALLOW or not rules else rules[0].remedy,
        by_rules=by_rules,
    )


def _digests(artifact: Artifact) -> list[str]:
    """Return what an artifact is by content: measured, else claimed; and the files that belong to it."""
    own = artifact.sha256 or artifact.claimed_sha256
    return [digest.lower() for digest in (own, *(part.sha256 for part in artifact.parts)) if digest]


def _of_artifact(artifact: Artifact, rulings: Rulings, day: datetime.date | None) -> list[Exemption]:
    """Return the exceptions for an artifact. They count for measured digests only: a claim is not the bytes."""
    if artifact.sha256 is None or artifact.assessment in ATTACKS:
        return []
    digest = artifact.sha256.lower()
    return [one for one in rulings.exemptions if one.sha256 == digest and _holds(one, day)]


def _holds(exemption: Exemption, day: datetime.date | None) -> bool:
    """Tell whether it holds today. One that ends later than anybody may grant holds only near its end."""
    return day is not None and day <= exemption.until <= day + _LONGEST


def _excepted(rule: DecidingRule, exemptions: Sequence[Exemption]) -> DecidingRule:
    found = next((one for one in exemptions if one.rule == rule.id), None)
    if found is None or rule.decision is Decision.ALLOW or rule.id in NEVER_EXCEPTED:
        return rule
    return replace(rule, decision=Decision.ALLOW, reason=f"{_words(found)} ({rule.reason})", remedy="")


def _noted(exemption: Exemption, artifact: Artifact) -> DecidingRule:
    """Return what says in a verdict that findings of a check did not count."""
    found = [one for one in artifact.findings if one.check == exemption.check]
    severity = max((one.severity for one in found), key=tuple(Severity).index, default=Severity.INFO)
    return DecidingRule(
        id=exemption.check, severity=str(severity), reason=_words(exemption), remedy="", decision=Decision.ALLOW
    )


def _words(exemption: Exemption) -> str:
    reason = exemption.reason.rstrip(". ")
    return f"Excepted until {exemption.until}, {exemption.owner} answers for it: {reason}."


def _deprecated(old: Deprecation) -> DecidingRule:
    """Return what says in a verdict that something else should be used: a hint, which decides nothing."""
    return DecidingRule(
        id=DEPRECATED_RULE,
        severity=str(Severity.INFO),
        reason=f"{old.model} is deprecated since {old.at}: {old.reason}",
        remedy=f"Use {old.replacement} instead." if old.replacement else "Ask for what is to be used instead.",
        decision=Decision.ALLOW,
    )


def _revoked(revocation: Revocation) -> DecidingRule:
    remedy = "Remove it and stop what runs it."
    if revocation.replacement:
        remedy = f"Use {revocation.replacement} instead. {remedy}"
    return DecidingRule(
        id=REVOKED_RULE,
        severity=str(Severity.CRITICAL),
        reason=f"Revoked on {revocation.at} by {revocation.by}: {revocation.reason}",
        remedy=remedy,
        facts=(("digest.sha256", revocation.sha256),),
        decision=Decision.DENY,
    )
