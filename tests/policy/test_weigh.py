from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policy_texts import ARTIFACTS, PERMIT, artifact, forbid, policy_of, shipped

from weighbridge.model.artifact import Repository
from weighbridge.model.finding import Assessment
from weighbridge.model.verdict import Decision
from weighbridge.policy.packs import BUILT_IN
from weighbridge.policy.weigh import Circumstances, Principal, Request, decide, lowered, weigh, weigh_all

ACTIONS = ("download", "store", "load", "serve", "infer", "ship")


def test_a_forbid_denies_and_says_why():
    policy = policy_of(PERMIT, forbid('resource.assessment == "review" && resource.size > 10', notes='@clause("C.")'))
    verdict = weigh(artifact(Assessment.REVIEW), policy)
    assert verdict.decision is Decision.DENY
    assert (verdict.action, verdict.policy, verdict.mode) == ("load", "small 1", "enforce")
    (rule,) = verdict.rules
    assert (rule.id, rule.severity, rule.clause) == ("a-rule", "high", "C.")
    assert rule.facts == (("assessment", "review"), ("size", "1000"))
    assert verdict.remedy == "The remedy of a-rule."


def test_what_is_permitted_names_the_permission():
    verdict = weigh(artifact(), policy_of(PERMIT))
    assert verdict.decision is Decision.ALLOW
    assert [rule.id for rule in verdict.rules] == ["permit-all"]
    assert verdict.remedy == ""


def test_a_changed_rule_changes_the_verdict():
    before = policy_of(PERMIT, forbid('resource.assessment == "review"'))
    after = policy_of(PERMIT, forbid('resource.assessment == "hostile"'))
    one = artifact(Assessment.REVIEW)
    assert weigh(one, before).decision is Decision.DENY
    assert weigh(one, after).decision is Decision.ALLOW


def test_the_strictest_rule_decides_whatever_the_order():
    rules = [
        forbid("true", rule="warns", notes='@decision("warn")'),
        forbid("true", rule="waits", notes='@decision("pending")'),
        forbid("true", rule="denies", notes='@decision("deny")'),
    ]
    for kept, expected in ((1, Decision.WARN), (2, Decision.PENDING), (3, Decision.DENY)):
        for texts in (rules[:kept], rules[:kept][::-1]):
            verdict = weigh(artifact(), policy_of(PERMIT, *texts))
            assert verdict.decision is expected
            assert verdict.rules[0].decision is expected
            assert len(verdict.rules) == kept


def test_the_most_severe_of_equals_gives_the_remedy():
    rules = forbid("true", rule="b-low").replace('"high"', '"low"') + forbid("true", rule="c-high")
    assert weigh(artifact(), policy_of(PERMIT, rules)).remedy == "The remedy of c-high."


@pytest.mark.parametrize("notes", ["", '@decision("warn")', '@decision("pending")'])
def test_what_nothing_permits_is_denied_even_if_a_rule_only_warns(notes):
    permit_ship = PERMIT.replace("action, resource", 'action == Action::"ship", resource')
    policy = policy_of(permit_ship, forbid("true", notes=notes))
    verdict = weigh(artifact(), policy, "load")
    assert verdict.decision is Decision.DENY
    if notes:
        assert verdict.rules[0].id == "not-permitted"
    assert weigh(artifact(), policy_of(permit_ship), "load").rules[0].id == "not-permitted"


def test_without_any_permission_everything_is_denied():
    verdict = weigh(artifact(), policy_of(forbid('resource.assessment == "hostile"')))
    assert (verdict.decision, verdict.rules[0].id) == (Decision.DENY, "not-permitted")


def test_modes_only_ever_lower():
    rule = forbid("true", notes='@decision("pending")')
    for mode, expected in (("enforce", Decision.PENDING), ("warn", Decision.WARN), ("observe", Decision.WARN)):
        verdict = weigh(artifact(), policy_of(PERMIT, rule, mode=mode))
        assert verdict.decision is expected
        assert verdict.by_rules is Decision.PENDING
        assert verdict.remedy == "The remedy of a-rule."
    for decision in Decision:
        assert lowered(decision, "enforce") is decision
        assert lowered(decision, "observe") in (Decision.ALLOW, Decision.WARN)


def test_a_rule_that_fails_does_not_fail_open():
    policy = policy_of(PERMIT, forbid("resource.size * 9223372036854775807 > 3"))
    verdict = weigh(artifact(), policy)
    assert verdict.decision is Decision.PENDING
    assert verdict.rules[0].id == "rule-failed"
    assert "overflow" in verdict.rules[0].reason
    assert "`a-rule`" in verdict.rules[0].reason


def test_who_and_where_matter():
    policy = policy_of(
        PERMIT,
        forbid(
            'context.environment == "production" && principal.name == "robot"',
            head="principal is Agent, action, resource is Artifact",
        ),
        forbid("true", rule="ann", head='principal == User::"ann", action, resource'),
    )
    robot = Principal(kind="Agent", id="r", attributes={"name": "robot"})
    production = Circumstances(environment="production")
    assert weigh(artifact(), policy, principal=robot, circumstances=production).decision is Decision.DENY
    assert weigh(artifact(), policy, principal=robot).decision is Decision.ALLOW
    assert weigh(artifact(), policy, circumstances=production).decision is Decision.ALLOW
    assert weigh(artifact(), policy, principal=Principal(kind="User", id="ann")).decision is Decision.DENY
    assert weigh(artifact(), policy, principal=Principal(kind="User", id="bob")).decision is Decision.ALLOW


def test_facts_of_principal_and_context_are_named():
    policy = policy_of(
        PERMIT,
        forbid(
            'resource has parameters && context.environment == "unknown"',
            head="principal, action, resource is Artifact",
            rule="never",
        ),
        forbid('context.environment == "unknown" && !(resource has parameters)'),
    )
    (rule,) = weigh(artifact(), policy).rules
    assert rule.facts == (("context.environment", "unknown"), ("parameters", "not known"))


def test_order_is_kept_and_equal_questions_are_put_once():
    policy = policy_of(PERMIT, forbid('resource.assessment == "review"'))
    many = [artifact(Assessment.REVIEW if at % 3 == 0 else Assessment.CLEAN, size=at) for at in range(300)]
    verdicts = weigh_all(many, policy)
    assert [verdict.decision is Decision.DENY for verdict in verdicts] == [at % 3 == 0 for at in range(300)]
    assert weigh_all([], policy) == []


def test_more_questions_than_are_put_at_once():
    policy = policy_of(PERMIT, forbid("resource.size > 1500"))
    verdicts = weigh_all([artifact(size=at) for at in range(2500)], policy)
    assert [verdict.decision for verdict in verdicts] == [Decision.ALLOW] * 1501 + [Decision.DENY] * 999


def test_many_rules_keep_their_names():
    rules = [forbid(f"resource.size == {number}", rule=f"rule-{number}") for number in range(150)]
    policy = policy_of(PERMIT, *rules)
    for number in (0, 2, 11, 99, 149):
        assert [rule.id for rule in weigh(artifact(size=number), policy).rules] == [f"rule-{number}"]


def test_principals_of_one_name_are_not_mixed_up():
    policy = policy_of(PERMIT, forbid("!principal.supervised", head="principal is Agent, action, resource"))
    requests = [
        Request(
            action="execute",
            resource_kind="Tool",
            resource={},
            principal=Principal(kind="Agent", id="one", attributes={"supervised": supervised}),
        )
        for supervised in (True, False, True)
    ]
    assert [verdict.decision for verdict in decide(requests, policy)] == [Decision.ALLOW, Decision.DENY, Decision.ALLOW]


def test_the_repository_around_counts():
    policy = policy_of(PERMIT, forbid('resource.repository.assessment == "malicious"'))
    around = Repository(path=b"/home/ann", assessment=Assessment.MALICIOUS, artifacts=(b"/home/ann/model.gguf",))
    assert weigh_all([artifact()], policy, repositories=[around])[0].decision is Decision.DENY
    assert weigh_all([artifact()], policy)[0].decision is Decision.ALLOW


PACKS = {pack: shipped(pack) for pack in BUILT_IN}


@given(ARTIFACTS, st.sampled_from(BUILT_IN), st.sampled_from(ACTIONS), st.sampled_from(["Agent", "Build", "User"]))
def test_any_artifact_gets_a_verdict_with_rules(one, pack, action, kind):
    verdict = weigh(one, PACKS[pack], action, principal=Principal(kind=kind))
    assert verdict.rules
    assert verdict.by_rules is verdict.rules[0].decision
    assert verdict.decision is lowered(verdict.by_rules, PACKS[pack].settings.mode)
    assert bool(verdict.remedy) is (verdict.by_rules is not Decision.ALLOW)
    if pack == "observe":
        assert verdict.decision in (Decision.ALLOW, Decision.WARN)


@given(ARTIFACTS, st.sampled_from(["balanced", "regulated"]), st.sampled_from(ACTIONS))
def test_what_attacks_is_denied_whatever_else_is_said_of_it(one, pack, action):
    attacks = replace(one, assessment=Assessment.MALICIOUS)
    assert weigh(attacks, PACKS[pack], action).decision is Decision.DENY


@given(ARTIFACTS, st.sampled_from(ACTIONS))
def test_one_more_forbid_never_loosens(one, action):
    order = list(Decision)
    more = policy_of(
        PERMIT, forbid('resource.assessment == "clean"'), forbid("true", notes='@decision("warn")', rule="w")
    )
    less = policy_of(PERMIT, forbid('resource.assessment == "clean"'))
    assert order.index(weigh(one, more, action).decision) >= order.index(weigh(one, less, action).decision)
