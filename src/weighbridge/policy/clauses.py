"""The content of the acceptable-use page, taken from the rules themselves.

In: a policy. Out: sections with clauses, ready for any format. What people read and what is enforced are the same
objects, so they cannot drift apart.
"""

from collections.abc import Iterator

from weighbridge.model.finding import Severity
from weighbridge.model.record import record
from weighbridge.model.verdict import Decision
from weighbridge.policy.policy import Policy
from weighbridge.policy.rules import Rule

_TOPICS = {
    "artifacts": ("Downloading and running artifacts", "What may be done with a model file depends on what it holds."),
    "sources": ("Acceptable sources", "Where models may come from, and how to know that they are what they claim."),
    "licenses": ("License duties", "What a model's license asks of those who use it or pass it on."),
    "data": ("Sensitive data", "Which data may be shown to which model."),
    "services": ("Serving models and using tools", "What others can reach, and what agents may call."),
    "permissions": ("What is permitted", "What is not permitted here is denied."),
}
"""Known topics by file name, in the order of the page; others follow in order of their names."""

CONSEQUENCES = {
    Decision.ALLOW: "Permitted",
    Decision.WARN: "Warning",
    Decision.PENDING: "Needs a review",
    Decision.DENY: "Not allowed",
}

MODES = {
    "observe": "This policy observes. Nothing is blocked: what it says is recorded and shown, no more.",
    "warn": "This policy warns. Nothing is blocked: people are told when they act against it.",
    "enforce": "This policy is enforced. What it does not allow is stopped; what needs a review waits for one.",
}

_SEVERITY = {str(severity): position for position, severity in enumerate(Severity)}
_STRICTNESS = {decision: position for position, decision in enumerate(Decision)}


@record
class Clause:
    """One rule as a person reads it."""

    number: str
    """`2.3`."""
    text: str
    consequence: str
    severity: str
    reason: str
    remedy: str
    whom: str
    """`for agents`; empty if it is about everybody."""
    actions: str
    """`load and serve`."""
    control: str
    rule: str


@record
class Section:
    """One topic."""

    number: int
    title: str
    introduction: str
    clauses: tuple[Clause, ...] = ()
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


@record
class Page:
    """The whole acceptable-use page."""

    title: str
    organization: str
    policy: str
    mode: str
    summary: str
    contact: str
    sections: tuple[Section, ...]


def page(policy: Policy) -> Page:
    """Return the acceptable-use page of `policy`."""
    settings = policy.settings
    return Page(
        title=settings.title,
        organization=settings.organization,
        policy=policy.title,
        mode=MODES[settings.mode],
        summary=" ".join(settings.summary.split()),
        contact=settings.contact,
        sections=tuple(_sections(policy)),
    )


def _sections(policy: Policy) -> Iterator[Section]:
    topics = sorted({rule.topic for rule in policy.rules})
    order = list(_TOPICS)
    topics.sort(key=lambda topic: order.index(topic) if topic in order else len(order))
    number = 0
    for topic in topics:
        rules = [rule for rule in policy.rules if rule.topic == topic and (rule.clause or rule.effect == "forbid")]
        if not rules:
            continue
        number += 1
        title, introduction = _TOPICS.get(topic, (topic.replace("-", " ").replace("_", " ").capitalize(), ""))
        yield Section(
            number=number,
            title=title,
            introduction=introduction,
            clauses=tuple(_clause(rule, f"{number}.{position}") for position, rule in enumerate(_sorted(rules), 1)),
            items=_facts(policy, topic),
        )
    yield _retention(policy, number + 1)
    yield _exceptions(policy, number + 2)


def _sorted(rules: list[Rule]) -> list[Rule]:
    """Strictest first, so that a hurried reader meets what matters."""
    return sorted(rules, key=lambda rule: (-_STRICTNESS[rule.decision], -_SEVERITY[rule.severity]))


def _clause(rule: Rule, number: str) -> Clause:
    return Clause(
        number=number,
        text=rule.clause or rule.reason,
        consequence=CONSEQUENCES[rule.decision],
        severity=rule.severity,
        reason=rule.reason,
        remedy=rule.remedy,
        whom="for " + _listed(tuple(f"{kind.lower()}s" for kind in rule.principals)) if rule.principals else "",
        actions=_listed(rule.actions) if rule.actions else "every action",
        control=rule.control,
        rule=rule.id,
    )


def _listed(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _facts(policy: Policy, topic: str) -> tuple[str, ...]:
    settings = policy.settings
    if topic == "sources":
        return tuple(_source(source.store, source.publishers, source.path, source.note) for source in settings.sources)
    if topic == "data":
        return tuple(f"{item.id.capitalize()}: {item.meaning}" for item in settings.data_classes)
    if topic == "artifacts" and settings.production_paths:
        return ("Folders that count as production: " + ", ".join(settings.production_paths),)
    return ()


def _source(store: str | None, publishers: tuple[str, ...], path: str | None, note: str) -> str:
    parts = [f"store {store}"] if store else []
    if publishers and "*" not in publishers:
        parts.append("publishers " + _listed(publishers))
    if path:
        parts.append(f"folder {path}")
    return ", ".join(parts).capitalize() + (f" ({note})" if note else "")


def _retention(policy: Policy, number: int) -> Section:
    settings = policy.settings
    kept = settings.retention
    content = (
        "Prompts and answers are not kept."
        if kept.content == 0
        else f"Prompts and answers are kept for {_days(kept.content)}."
    )
    items = [f"Recorded: {text}" for text in settings.logging.recorded]
    items += [f"Not recorded: {text}" for text in settings.logging.not_recorded]
    return Section(
        number=number,
        title="Retention and logging",
        introduction="What is written down about the use of models, and for how long.",
        paragraphs=(
            f"Verdicts are kept for {_days(kept.verdicts)}, the inventory for {_days(kept.inventory)}. {content}",
            "You can see everything that is recorded about your own machine at any time.",
        ),
        items=tuple(items),
    )


def _days(days: int) -> str:
    if days == 0:
        return "no time"
    if days >= 365 and days % 365 == 0:
        years = days // 365
        return f"{years} year" if years == 1 else f"{years} years"
    return f"{days} day" if days == 1 else f"{days} days"


def _exceptions(policy: Policy, number: int) -> Section:
    settings = policy.settings
    paragraphs = [
        "A single artifact can be accepted by its digest: somebody looks at it, answers for it, and says until when. "
        "Some clauses allow no exception.",
    ]
    if settings.catalog == "accepts":
        paragraphs.append(
            "What the catalog of models approved counts as accepted, for the data and until the day that the approval "
            "says. Nothing that attacks, could not be examined in full, or was revoked is accepted that way."
        )
    if settings.contact:
        paragraphs.append(f"Questions, reviews and exceptions: {settings.contact}.")
    items = tuple(
        f"{item.sha256[:16].lower()}…: {item.reason} ({item.by}"
        + (f", until {item.until.isoformat()})" if item.until else ")")
        for item in settings.accepted
    )
    return Section(
        number=number,
        title="Reviews and exceptions",
        introduction="",
        paragraphs=tuple(paragraphs),
        items=items,
    )
