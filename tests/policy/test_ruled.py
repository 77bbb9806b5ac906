"""What people decided about one model, beside the rules: it denies in every mode, it excepts until a day."""

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policy_texts import ARTIFACTS, PERMIT, artifact, forbid, policy_of

from weighbridge.host.fake import FakeMachine
from weighbridge.model.artifact import Part
from weighbridge.model.finding import Assessment, Confidence, Finding, Severity
from weighbridge.model.verdict import DEPRECATED_RULE, Decision
from weighbridge.pipeline.policies import load_policy
from weighbridge.policy.packs import BUILT_IN
from weighbridge.policy.ruled import NEVER_EXCEPTED, ruled_thing, without_excepted
from weighbridge.policy.rulings import REVOKED_RULE, Deprecation, Exemption, Revocation, Rulings
from weighbridge.policy.weigh import Circumstances, Request, decide, weigh
from weighbridge.signing.waiver import NEVER

DAY = datetime.date(2026, 11, 21)
TODAY = Circumstances(day=DAY)
ONE = "ba" * 32
REVOKED = Revocation(sha256=ONE, reason="It holds a backdoor.", by="ada", at="2026-11-20", replacement="Qwen3 8B")
STRICTNESS = {decision: position for position, decision in enumerate(Decision)}


def exemption(**values):
    usual = {"id": "e" * 16, "owner": "grace", "reason": "Needed for the audit.", "until": datetime.date(2026, 12, 31)}
    return Exemption(**(usual | {"rule": "a-rule", "sha256": ONE} | values))


def ruling(*found):
    revoked = {one.sha256: one for one in found if isinstance(one, Revocation)}
    return Rulings(revoked=revoked, exemptions=tuple(one for one in found if isinstance(one, Exemption)))


def under(policy, *found):
    return replace(policy, rulings=ruling(*found))


def model(assessment=Assessment.CLEAN, **more):
    return replace(artifact(assessment), sha256=ONE, **more)


@pytest.mark.parametrize("pack", BUILT_IN)
def test_what_is_revoked_is_denied_under_every_policy_in_the_words_of_its_mode(pack):
    policy = under(load_policy(FakeMachine(), pack), REVOKED)
    verdict = weigh(model(), policy, circumstances=TODAY)
    assert verdict.by_rules is Decision.DENY
    assert verdict.decision is (Decision.DENY if policy.settings.mode == "enforce" else Decision.WARN)
    first = verdict.rules[0]
    assert (first.id, first.severity, first.decision) == (REVOKED_RULE, "critical", Decision.DENY)
    assert first.reason == "Revoked on 2026-11-20 by ada: It holds a backdoor."
    assert verdict.remedy == "Use Qwen3 8B instead. Remove it and stop what runs it."
    other = weigh(replace(model(), sha256="cd" * 32), policy, circumstances=TODAY)
    assert REVOKED_RULE not in [rule.id for rule in other.rules]


def test_a_claim_is_enough_to_forbid_and_a_measurement_overrules_it():
    policy = under(policy_of(PERMIT), REVOKED)
    assert weigh(replace(model(), sha256=None, claimed_sha256=ONE), policy).decision is Decision.DENY
    assert weigh(replace(model(), sha256="cd" * 32, claimed_sha256=ONE), policy).decision is Decision.ALLOW
    part = Part(path=b"/m/weights.bin", size=1, sha256=ONE.upper())
    assert weigh(replace(model(), sha256="cd" * 32, parts=(part,)), policy).decision is Decision.DENY


def test_what_is_deprecated_is_a_hint_unless_it_is_revoked():
    old = Deprecation(model="acme/old", reason="it is slow", at="2026-11-20", replacement="acme/new")
    policy = load_policy(FakeMachine(), "regulated")
    plain = weigh(model(), policy, circumstances=TODAY)
    hinted = weigh(model(), replace(policy, rulings=Rulings(deprecated={ONE: old})), circumstances=TODAY)
    assert (hinted.decision, hinted.remedy) == (plain.decision, plain.remedy)
    (hint,) = [rule for rule in hinted.rules if rule.id == DEPRECATED_RULE]
    assert (hint.decision, hint.reason) == (Decision.ALLOW, "acme/old is deprecated since 2026-11-20: it is slow")
    assert hint.remedy == "Use acme/new instead."
    both = replace(policy, rulings=Rulings(revoked={ONE: REVOKED}, deprecated={ONE: old}))
    assert DEPRECATED_RULE not in [rule.id for rule in weigh(model(), both, circumstances=TODAY).rules]


def test_without_a_replacement_the_remedy_says_what_to_do():
    verdict = weigh(model(), under(policy_of(PERMIT), replace(REVOKED, replacement="")))
    assert verdict.remedy == "Remove it and stop what runs it."


@pytest.mark.parametrize("decision", ["deny", "pending", "warn"])
def test_an_exception_is_said_with_who_answers_and_until_when(decision):
    rule = forbid("true", notes=f'@decision("{decision}")')
    verdict = weigh(model(), under(policy_of(PERMIT, rule), exemption()), circumstances=TODAY)
    assert (verdict.decision, verdict.by_rules, verdict.remedy) == (Decision.ALLOW, Decision.ALLOW, "")
    said = next(rule.reason for rule in verdict.rules if rule.id == "a-rule")
    assert said.startswith("Excepted until 2026-12-31, grace answers for it: Needed for the audit. (")


@pytest.mark.parametrize(
    "changed",
    [
        {"until": DAY - datetime.timedelta(days=1)},
        {"until": DAY + datetime.timedelta(days=367)},
        {"sha256": "cd" * 32},
        {"rule": "another-rule"},
        {"sha256": "", "thing": "ollama"},
    ],
)
def test_what_it_is_not_for_stays_denied(changed):
    policy = policy_of(PERMIT, forbid("true"))
    assert weigh(model(), under(policy, exemption(**changed)), circumstances=TODAY).decision is Decision.DENY


def test_it_ends_by_itself_and_needs_a_day():
    policy = under(policy_of(PERMIT, forbid("true")), exemption())
    for day, expected in ((31, Decision.ALLOW), (32, Decision.DENY)):
        today = Circumstances(day=datetime.date(2026, 11, 30) + datetime.timedelta(days=day))
        assert weigh(model(), policy, circumstances=today).decision is expected
    assert weigh(model(), policy).decision is Decision.DENY
    assert (
        weigh(replace(model(), sha256=None, claimed_sha256=ONE), policy, circumstances=TODAY).decision is Decision.DENY
    )


def test_other_rules_still_hold():
    rules = forbid("true"), forbid("true", rule="other", notes='@decision("warn")')
    verdict = weigh(model(), under(policy_of(PERMIT, *rules), exemption()), circumstances=TODAY)
    assert (verdict.decision, verdict.rules[0].id, verdict.remedy) == (Decision.WARN, "other", "The remedy of other.")


@pytest.mark.parametrize("rule", sorted(NEVER_EXCEPTED - {"not-permitted", "rule-failed"}))
def test_some_rules_have_no_exception(rule):
    assert rule in NEVER
    policy = policy_of(PERMIT, forbid("true", rule=rule))
    assert weigh(model(), under(policy, exemption(rule=rule)), circumstances=TODAY).decision is Decision.DENY


def test_nobody_is_excepted_from_a_revocation_or_from_what_nothing_permits():
    found = under(policy_of(PERMIT), REVOKED, exemption(rule=REVOKED_RULE))
    assert weigh(model(), found, circumstances=TODAY).decision is Decision.DENY
    nothing = under(policy_of(forbid("false")), exemption(rule="not-permitted"))
    assert weigh(model(), nothing, circumstances=TODAY).decision is Decision.DENY


@pytest.mark.parametrize("assessment", [Assessment.MALICIOUS, Assessment.HOSTILE])
def test_what_attacks_has_no_exception(assessment):
    policy = under(policy_of(PERMIT, forbid("true")), exemption())
    assert weigh(model(assessment), policy, circumstances=TODAY).decision is Decision.DENY


def finding(check, implies):
    return Finding(
        check=check, severity=Severity.MEDIUM, confidence=Confidence.HIGH, message="m", implies=implies, remedy="r"
    )


def test_findings_of_a_check_do_not_count_where_somebody_answers_for_them():
    checked = model(Assessment.REVIEW, findings=(finding("custom-code", Assessment.REVIEW),))
    rule = forbid('resource.assessment == "review"')
    excepted = exemption(rule="", check="custom-code")
    assert weigh(checked, policy_of(PERMIT, rule), circumstances=TODAY).decision is Decision.DENY
    verdict = weigh(checked, under(policy_of(PERMIT, rule), excepted), circumstances=TODAY)
    assert verdict.decision is Decision.ALLOW
    noted = next(one for one in verdict.rules if one.id == "custom-code")
    assert (noted.severity, noted.decision) == ("medium", Decision.ALLOW)
    assert noted.reason == "Excepted until 2026-12-31, grace answers for it: Needed for the audit."
    two = replace(checked, findings=(*checked.findings, finding("other-check", Assessment.REVIEW)))
    assert weigh(two, under(policy_of(PERMIT, rule), excepted), circumstances=TODAY).decision is Decision.DENY


def test_findings_that_mean_an_attack_count_whatever_anybody_granted():
    found = ruling(exemption(rule="", check="pickle-code"))
    bad = model(Assessment.MALICIOUS, findings=(finding("pickle-code", Assessment.MALICIOUS),))
    assert without_excepted(bad, found, DAY) is bad
    worse = model(Assessment.REVIEW, findings=(finding("pickle-code", Assessment.MALICIOUS),))
    assert without_excepted(worse, found, DAY) is worse


def test_what_a_model_is_beside_its_findings_stays():
    found = ruling(exemption(rule="", check="custom-code"))
    unread = model(Assessment.INCOMPLETE, findings=(finding("custom-code", Assessment.REVIEW),))
    left = without_excepted(unread, found, DAY)
    assert (left.assessment, left.findings) == (Assessment.INCOMPLETE, ())


def test_a_runtime_is_excepted_by_its_name():
    rule = forbid('resource.name == "ollama"').replace("resource is Artifact", "resource is Runtime")
    policy = policy_of(PERMIT, rule)
    (verdict,) = decide([Request(action="infer", resource_kind="Runtime", resource={"name": "ollama"})], policy)
    assert verdict.decision is Decision.DENY
    for_ollama = under(policy, exemption(sha256="", thing="ollama"))
    assert ruled_thing(verdict, "ollama", for_ollama, DAY).decision is Decision.ALLOW
    assert ruled_thing(verdict, "vllm", for_ollama, DAY) is verdict
    assert ruled_thing(verdict, "", under(policy, exemption()), DAY) is verdict
    assert ruled_thing(verdict, "ollama", policy, DAY) is verdict


RULES = st.lists(st.sampled_from(["deny", "pending", "warn"]), max_size=4)


@given(ARTIFACTS, RULES, st.booleans(), st.integers(0, 3), st.sampled_from(["observe", "enforce"]))
def test_revocations_only_tighten_and_exceptions_touch_their_rule_alone(one, decisions, revoked, excepted, mode):
    rules = [
        forbid("true", rule=f"rule-{at}", notes=f'@decision("{decision}")') for at, decision in enumerate(decisions)
    ]
    policy = policy_of(PERMIT, *rules, mode=mode)
    one = replace(one, sha256=ONE)
    plain = weigh(one, policy, circumstances=TODAY)
    if revoked:
        strict = weigh(one, under(policy, REVOKED), circumstances=TODAY)
        assert strict.by_rules is Decision.DENY
        assert STRICTNESS[strict.decision] >= STRICTNESS[plain.decision]
        against = {rule.id for rule in plain.rules if rule.decision is not Decision.ALLOW}
        assert {rule.id for rule in strict.rules} == against | {REVOKED_RULE}
    loose = weigh(one, under(policy, exemption(rule=f"rule-{excepted}")), circumstances=TODAY)
    changed = {rule.id for rule, other in zip(sort(plain), sort(loose), strict=True) if rule != other}
    assert changed <= {f"rule-{excepted}"}
    assert STRICTNESS[loose.decision] <= STRICTNESS[plain.decision]


def sort(verdict):
    return sorted(verdict.rules, key=lambda rule: rule.id)
