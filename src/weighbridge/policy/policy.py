"""A policy that is ready to weigh with.

In: settings and rules that were read and checked. Out: a `Policy`.
"""

from collections.abc import Sequence
from dataclasses import field

from weighbridge.model.record import record
from weighbridge.policy.engine import cedarpy
from weighbridge.policy.rules import Rule
from weighbridge.policy.settings import Settings


@record
class Policy:
    """A policy that is ready to weigh with."""

    settings: Settings
    rules: tuple[Rule, ...]
    engine: cedarpy.PolicySet = field(repr=False, compare=False)
    """All rules, parsed; answers name them by their `@id`."""
    permits: cedarpy.PolicySet = field(repr=False, compare=False)
    """The permissions alone."""
    tests: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    """Situation files by name, unread: weighing does not need them."""

    @property
    def title(self) -> str:
        """Name and version, as verdicts quote it."""
        return f"{self.settings.name} {self.settings.version}"

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule `rule_id`, if there is one."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def assembled(settings: Settings, rules: tuple[Rule, ...], tests: tuple[tuple[str, bytes], ...] = ()) -> Policy:
    """Return the policy of `settings` and `rules`, parsed for the engine."""
    return Policy(
        settings=settings,
        rules=rules,
        engine=_engine(rules),
        permits=_engine([rule for rule in rules if rule.effect == "permit"]),
        tests=tests,
    )


def _engine(rules: Sequence[Rule]) -> cedarpy.PolicySet:
    return cedarpy.PolicySet.from_str("\n".join(rule.source for rule in rules))
