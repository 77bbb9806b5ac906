from dataclasses import replace

from tests.policy_texts import PERMIT, artifact, forbid, policy_of, shipped

from weighbridge.export.intent import intent_of
from weighbridge.export.product import Product
from weighbridge.model.finding import Assessment
from weighbridge.model.verdict import Decision
from weighbridge.policy.weigh import weigh

OLLAMA = Product(id="ollama", title="Ollama", kind="runtime", confidence="source")
CLAUDE = Product(id="claude_code", title="Claude Code", kind="agent", confidence="source")


def test_the_answers_are_those_of_the_rules() -> None:
    observe, regulated = (intent_of(shipped(name), [OLLAMA]) for name in ("observe", "regulated"))
    assert (observe.enforced, observe.open_listener.decision) == (False, Decision.WARN)
    assert (regulated.enforced, regulated.open_listener.decision) == (True, Decision.DENY)
    assert regulated.open_listener.rule is not None
    assert regulated.open_listener.rule.id == "deny-open-listener"
    assert regulated.code_in_weights.decision is Decision.WARN
    assert not observe.code_in_weights.wanted


def test_a_product_that_a_rule_names_is_denied() -> None:
    rule = forbid('resource.name == "ollama"', head="principal, action, resource is Runtime")
    assert intent_of(policy_of(PERMIT, rule), [CLAUDE, OLLAMA]).denied_products == {"ollama"}
    assert intent_of(policy_of(PERMIT), [CLAUDE, OLLAMA]).denied_products == frozenset()


def test_denied_artifacts_are_blocked_by_digest_once() -> None:
    policy = policy_of(PERMIT, forbid('resource.assessment == "malicious"'))
    bad, good = replace(artifact(Assessment.MALICIOUS), sha256="a" * 64), replace(artifact(), sha256="b" * 64)
    weighed = [replace(one, verdict=weigh(one, policy)) for one in (bad, good, bad, replace(bad, sha256=None))]
    (blocked,) = intent_of(policy, [], weighed).blocked
    assert (blocked.sha256, blocked.rule, blocked.reason) == ("a" * 64, "a-rule", "The reason of a-rule.")


def test_products_stand_by_kind() -> None:
    found = intent_of(policy_of(PERMIT), [OLLAMA, CLAUDE])
    assert (found.runtimes, found.agents) == ((OLLAMA,), (CLAUDE,))
