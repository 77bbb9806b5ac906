"""A policy that is ready to weigh with.

In: settings and rules that were read and checked. Out: a `Policy`.
"""

from collections.abc import Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from weighbridge.model.record import record
from weighbridge.policy.engine import cedarpy
from weighbridge.policy.rules import Rule
from weighbridge.policy.settings import Settings

if TYPE_CHECKING:
    from weighbridge.policy.rulings import Rulings


@record
class Origin:
    """Whose a policy is that did not come from this machine."""

    whose: str
    """`fleet`."""
    number: int = 0
    """That it has there."""
    stale: str = ""
    """The day since which nobody can know whether it is still the newest; empty if it is."""


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

    origin: Origin | None = None
    """None: a pack, or a folder of this machine."""

    rulings: "Rulings | None" = None
    """What people decided about single models beside the rules, on a machine of a fleet."""

    @property
    def title(self) -> str:
        """Name and version, as verdicts quote it."""
        return f"{self.settings.name} {self.settings.version}"

    @property
    def words(self) -> str:
        """Title, whose it is and in which mode, for people: `observe 1 (observe)`, `acme 7 (fleet, enforce)`."""
        about: list[str] = [self.settings.mode]
        if self.origin is not None:
            about.insert(0, self.origin.whose)
            if self.origin.stale:
                about.append(f"stale since {self.origin.stale}")
        return f"{self.title} ({', '.join(about)})"

    @property
    def stale_words(self) -> str:
        """What to know where nobody here can know what was decided meanwhile, a line for each; empty if all is well."""
        of_hub = "" if self.rulings is None else self.rulings.stale
        return "\n".join(filter(None, (self._stale_policy, of_hub)))

    @property
    def _stale_policy(self) -> str:
        if self.origin is None or not self.origin.stale:
            return ""
        does = "what it would only warn about waits" if self.is_tightened else "it is kept in force"
        return (
            f"the policy {self.title} of the {self.origin.whose} is stale since {self.origin.stale}: a newer one may "
            f"be withheld; {does}"
        )

    @property
    def is_tightened(self) -> bool:
        """Whether what it would only warn about waits, because nobody can know whether it is still the newest."""
        return self.origin is not None and bool(self.origin.stale) and self.settings.when_stale == "tighten"

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
