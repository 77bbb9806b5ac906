"""What a policy asks for, in the few questions that other products can act on.

In: a policy, digests that are known, the catalog of products. Out: an `Intent`. The answers come from the rules
themselves: each question is weighed like any other request, so an export cannot say what the policy does not.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from weighbridge.export.product import Product
from weighbridge.model.artifact import Artifact
from weighbridge.model.record import record
from weighbridge.model.verdict import DecidingRule, Decision, Verdict
from weighbridge.policy.policy import Policy
from weighbridge.policy.vocabulary import ENTITY_BY_NAME, Value, ordinary
from weighbridge.policy.weigh import Principal, Request, decide

Topic = Literal["digests", "products", "listeners", "code", "agents", "secrets", "hosts"]
TOPICS: dict[Topic, str] = {
    "digests": "models that the policy denies, by digest",
    "products": "products that the policy denies",
    "listeners": "model servers that other machines reach",
    "code": "models in formats that can carry code",
    "agents": "agents that act without asking",
    "secrets": "agents that read credentials",
    "hosts": "connections to services outside of the organization",
}
"""What a policy can ask for."""
_HERE = Principal()
_OPEN: Mapping[str, Value] = {"loopback": False, "authenticated": False, "address": "0.0.0.0"}  # noqa: S104  (the question, not a listener)
_CODE: Mapping[str, Value] = {"format": "torch-zip", "code_capable": True}
_SECRETS: Mapping[str, Value] = {"data_class": "restricted", "data_kinds": ("secrets",)}
_OUTSIDE: Mapping[str, Value] = {"internal": False}
_UNSUPERVISED = Principal(kind="Agent", id="any", attributes={"supervised": False})


@record
class Answer:
    """What the policy says to one question."""

    decision: Decision = Decision.ALLOW
    """By the rules alone, before the mode lowers it."""
    rule: DecidingRule | None = None
    """The rule that weighs most; None if nothing speaks against it."""

    @property
    def wanted(self) -> bool:
        """Whether a person should hear of it."""
        return self.decision is not Decision.ALLOW

    @property
    def denied(self) -> bool:
        """Whether a rule forbids it."""
        return self.decision is Decision.DENY and self.rule is not None


@record
class Blocked:
    """One digest that the policy denies."""

    sha256: str
    name: str
    format: str
    size: int
    rule: str
    reason: str


@record
class Intent:
    """A policy as other products can enforce or watch for it."""

    policy: str
    """Id, lower case."""
    version: str
    organization: str
    contact: str
    enforced: bool
    """Whether to stop, and not only to report: the policy's mode is `enforce`."""
    products: tuple[Product, ...]
    denied_products: frozenset[str]
    """Ids of products that the policy does not let run."""
    blocked: tuple[Blocked, ...]
    """By digest."""
    open_listener: Answer
    """A model server that others reach without a key."""
    code_in_weights: Answer
    """Loading a format that can carry code."""
    unsupervised_agent: Answer
    """An agent that calls tools without a person confirming."""
    secrets_for_agents: Answer
    """An agent that reads secrets without a person confirming."""
    outside_host: Answer
    """A connection to a service outside of the organization."""

    def stops(self, answer: Answer) -> bool:
        """Return whether an export may stop what `answer` is about, and not only report it."""
        return self.enforced and answer.denied

    @property
    def topics(self) -> list[Topic]:
        """Return what the policy asks for, in the order of `TOPICS`."""
        asked: dict[Topic, bool] = {
            "digests": bool(self.blocked),
            "products": bool(self.denied_products),
            "listeners": self.open_listener.wanted,
            "code": self.code_in_weights.wanted,
            "agents": self.unsupervised_agent.wanted,
            "secrets": self.secrets_for_agents.wanted,
            "hosts": self.outside_host.wanted,
        }
        return [topic for topic in TOPICS if asked[topic]]

    @property
    def denied(self) -> tuple[Product, ...]:
        """Return products that the policy does not let run."""
        return tuple(product for product in self.products if product.id in self.denied_products)

    @property
    def runtimes(self) -> tuple[Product, ...]:
        """Return products that run models."""
        return tuple(product for product in self.products if product.kind == "runtime")

    @property
    def agents(self) -> tuple[Product, ...]:
        """Return agents."""
        return tuple(product for product in self.products if product.kind == "agent")


def intent_of(
    policy: Policy, products: Iterable[Product], artifacts: Iterable[Artifact] = (), blocked: Iterable[Blocked] = ()
) -> Intent:
    """Return what `policy` asks for.

    Args:
        policy: see `weighbridge.policy.pack`.
        products: the catalog.
        artifacts: weighed under this policy; those that it denies are blocked by digest.
        blocked: what else is blocked by digest.
    """
    catalog = tuple(sorted(products, key=lambda product: (product.kind, product.id)))
    questions = [
        _question("serve", "Listener", _OPEN),
        _question("load", "Artifact", _CODE),
        _question("execute", "Tool", {}, _UNSUPERVISED),
        _question("read", "Dataset", _SECRETS, _UNSUPERVISED),
        _question("connect", "Host", _OUTSIDE),
        *(_question("execute", "Runtime", {"name": product.id, "listens": True}) for product in catalog),
    ]
    listener, code, agent, secrets, outside, *runs = decide(questions, policy)
    settings = policy.settings
    return Intent(
        policy=settings.name,
        version=str(settings.version),
        organization=settings.organization,
        contact=settings.contact,
        enforced=settings.mode == "enforce",
        products=catalog,
        denied_products=frozenset(
            product.id for product, verdict in zip(catalog, runs, strict=True) if _answer(verdict).denied
        ),
        blocked=_once([*_blocked(artifacts), *blocked]),
        open_listener=_answer(listener),
        code_in_weights=_answer(code),
        unsupervised_agent=_answer(agent),
        secrets_for_agents=_answer(secrets),
        outside_host=_answer(outside),
    )


def _question(action: str, kind: str, asked: Mapping[str, Value], principal: Principal = _HERE) -> Request:
    """Return the request in which everything that is not asked is ordinary."""
    resource = ordinary(ENTITY_BY_NAME[kind].attributes) | dict(asked)
    return Request(action=action, resource_kind=kind, resource=resource, principal=principal)


def _answer(verdict: Verdict) -> Answer:
    rules = [rule for rule in verdict.rules if rule.decision is not Decision.ALLOW]
    if not rules:
        return Answer()
    return Answer(decision=verdict.by_rules or verdict.decision, rule=rules[0])


def _blocked(artifacts: Iterable[Artifact]) -> Iterator[Blocked]:
    for artifact in artifacts:
        verdict = artifact.verdict
        if verdict is None or artifact.sha256 is None:
            continue
        answer = _answer(verdict)
        if answer.denied and answer.rule is not None:
            place = artifact.places[0] if artifact.places else None
            name = place.path.replace(b"\\", b"/").rsplit(b"/", 1)[-1] if place else b""
            yield Blocked(
                sha256=artifact.sha256,
                name=name.decode("utf-8", "backslashreplace"),
                format=artifact.format,
                size=artifact.size,
                rule=answer.rule.id,
                reason=answer.rule.reason,
            )


def _once(blocked: Iterable[Blocked]) -> tuple[Blocked, ...]:
    by_digest = {one.sha256: one for one in blocked}
    return tuple(by_digest[digest] for digest in sorted(by_digest))
