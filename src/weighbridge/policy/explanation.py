"""Why a verdict is what it is, and what a rule means, in sentences.

In: a verdict, or a rule. Out: text for a person, several lines, ending in a newline.
"""

from collections.abc import Iterator

from weighbridge.model.verdict import HINTS, DecidingRule, Decision, Verdict
from weighbridge.policy.clauses import CONSEQUENCES
from weighbridge.policy.rules import Rule

_WORDS = {
    Decision.ALLOW: "is allowed",
    Decision.WARN: "is allowed with a warning",
    Decision.PENDING: "waits for a review",
    Decision.DENY: "is denied",
}


def explain_verdict(verdict: Verdict, subject: str) -> str:
    """Return why `verdict` was given on `subject` (`model.gguf`), and what to do next."""
    return "\n".join(_verdict(verdict, subject)) + "\n"


def explain_rule(rule: Rule) -> str:
    """Return what `rule` says, when it holds, and where it stands."""
    return "\n".join(_rule(rule)) + "\n"


def _verdict(verdict: Verdict, subject: str) -> Iterator[str]:
    yield f"To {verdict.action} {subject} {_WORDS[verdict.decision]} by policy {verdict.policy}."
    if verdict.by_rules is not None and verdict.by_rules is not verdict.decision:
        yield (
            f"The policy is in {verdict.mode} mode and blocks nothing; "
            f"if it were enforced, this {_conditional(verdict.by_rules)}."
        )
    forbidding = [rule for rule in verdict.rules if rule.decision is not Decision.ALLOW]
    deciding = [rule for rule in forbidding if rule.decision is verdict.by_rules]
    also = [rule for rule in forbidding if rule not in deciding]
    for heading, rules in (("Decided by:", deciding), ("Also said:", also)):
        if rules:
            yield ""
            yield heading
            for rule in rules:
                yield from _deciding(rule)
    hints = [rule for rule in verdict.rules if rule.id in HINTS]
    if not forbidding:
        permitting = [rule for rule in verdict.rules if rule not in hints]
        yield from ("", *(f"Permitted by {rule.id}: {rule.reason}" for rule in permitting))
    if hints:
        yield from ("", *(f"{rule.reason} {rule.remedy}".rstrip() for rule in hints))
    if verdict.remedy:
        yield ""
        yield f"Next: {verdict.remedy}"


def _conditional(decision: Decision) -> str:
    return "would wait for a review" if decision is Decision.PENDING else "would be denied"


def _deciding(rule: DecidingRule) -> Iterator[str]:
    yield f"  {rule.id} ({CONSEQUENCES[rule.decision].lower()}, severity {rule.severity})"
    yield f"    {rule.reason}"
    if rule.facts:
        yield "    because " + "; ".join(f"{name} = {value}" for name, value in rule.facts)
    if rule.decision is not Decision.ALLOW:
        yield f"    {rule.remedy}"


def _rule(rule: Rule) -> Iterator[str]:
    yield f"{rule.id} ({CONSEQUENCES[rule.decision].lower()}, severity {rule.severity})"
    yield f"  at {rule.file}:{rule.line}"
    if rule.clause:
        yield f"  {rule.clause}"
    yield f"  Why: {rule.reason}"
    if rule.effect == "forbid":
        yield f"  What to do: {rule.remedy}"
    if rule.control:
        yield f"  Serves: {rule.control}"
    yield "  About: " + (", ".join(rule.actions) or "every action")
    if rule.attributes:
        yield "  Asks for: " + ", ".join(f"{variable}.{path}" for variable, path in rule.attributes)
    yield ""
    yield from (f"  {line}" if line else "" for line in rule.source.split("\n"))
