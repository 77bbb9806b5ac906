"""What the catalog approved: a fact under every policy, accepted where the policy says so, and never what attacks."""

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policy_texts import ARTIFACTS, PERMIT, artifact, forbid, policy_of

from weighbridge.host.fake import FakeMachine
from weighbridge.model.artifact import Repository
from weighbridge.model.finding import Assessment
from weighbridge.model.verdict import APPROVED_RULE, Decision
from weighbridge.pipeline.policies import load_policy
from weighbridge.policy.approvals import NEVER_ACCEPTED, approval_of, catalog_words
from weighbridge.policy.packs import BUILT_IN
from weighbridge.policy.policy import Policy
from weighbridge.policy.rulings import Approval, Revocation, Rulings
from weighbridge.policy.weigh import Circumstances, weigh, weigh_all

DAY = datetime.date(2026, 11, 21)
TODAY = Circumstances(day=DAY)
ONE = "ba" * 32
APPROVED = Approval(until=datetime.date(2027, 1, 1), model="acme/coder", data_classes=("internal", "pii"))
UNLESS = forbid("true", notes="").replace("};", "}\nunless { resource.accepted };")


def under(policy: Policy, approval: Approval = APPROVED, *, revoked: bool = False) -> Policy:
    revocation = Revocation(sha256=ONE, reason="It holds a backdoor.", by="ada", at="2026-11-20")
    return replace(policy, rulings=Rulings(approved={ONE: approval}, revoked={ONE: revocation} if revoked else {}))


def accepting(approval: Approval = APPROVED, *, revoked: bool = False) -> Policy:
    policy = policy_of(PERMIT, UNLESS)
    return under(replace(policy, settings=replace(policy.settings, catalog="accepts")), approval, revoked=revoked)


def model(assessment: Assessment = Assessment.CLEAN, sha256: str | None = ONE):
    return replace(artifact(assessment), sha256=sha256)


def said(verdict) -> list[str]:
    return [rule.reason for rule in verdict.rules if rule.id == APPROVED_RULE]


def test_an_approval_is_accepted_where_the_policy_says_so_and_said_everywhere():
    words = "In the catalog: approved as acme/coder, for internal and pii data, until 2027-01-01."
    verdict = weigh(model(), accepting(), circumstances=TODAY)
    assert (verdict.decision, said(verdict)) == (Decision.ALLOW, [words])
    informed = weigh(model(), under(policy_of(PERMIT, UNLESS)), circumstances=TODAY)
    assert (informed.decision, said(informed)) == (Decision.DENY, [words])
    assert dict(informed.rules[-1].facts) == {
        "catalog.state": "approved",
        "catalog.model": "acme/coder",
        "catalog.data_classes": "internal, pii",
        "catalog.until": "2027-01-01",
    }
    assert said(weigh(model(sha256="cd" * 32), accepting(), circumstances=TODAY)) == []


def test_rules_ask_for_it_as_for_any_fact():
    policy = under(policy_of(PERMIT, forbid('resource.catalog.state == "approved"')))
    assert weigh(model(), policy, circumstances=TODAY).decision is Decision.DENY
    assert weigh(model(sha256="cd" * 32), policy, circumstances=TODAY).decision is Decision.ALLOW
    wanted = policy_of(PERMIT, forbid('!resource.catalog.data_classes.contains("pii")'))
    assert weigh(model(), under(wanted), circumstances=TODAY).decision is Decision.ALLOW
    assert (
        weigh(model(), under(wanted, replace(APPROVED, data_classes=())), circumstances=TODAY).decision is Decision.DENY
    )


@pytest.mark.parametrize(
    ("day", "decision"),
    [
        (datetime.date(2027, 1, 1), Decision.ALLOW),
        (datetime.date(2027, 1, 2), Decision.DENY),
        (None, Decision.DENY),
    ],
)
def test_it_ends_by_this_machines_clock(day, decision):
    verdict = weigh(model(), accepting(), circumstances=Circumstances(day=day))
    assert verdict.decision is decision
    assert bool(said(verdict)) is (decision is Decision.ALLOW)


def test_one_that_ends_later_than_anybody_may_approve_does_not_hold():
    for_ever = accepting(replace(APPROVED, until=datetime.date(2099, 1, 1)))
    assert weigh(model(), for_ever, circumstances=TODAY).decision is Decision.DENY


def test_what_is_revoked_is_not_approved():
    verdict = weigh(model(), accepting(revoked=True), circumstances=TODAY)
    assert (verdict.decision, said(verdict)) == (Decision.DENY, [])
    assert verdict.rules[0].id == "revoked-model"


def test_a_claim_is_not_the_bytes_that_were_approved():
    claimed = replace(model(sha256=None), claimed_sha256=ONE)
    assert approval_of(claimed, accepting(), DAY) is None
    assert weigh(claimed, accepting(), circumstances=TODAY).decision is Decision.DENY


@pytest.mark.parametrize("assessment", sorted(NEVER_ACCEPTED))
@pytest.mark.parametrize("around", [False, True])
def test_what_attacks_or_was_not_read_in_full_is_never_accepted(assessment, around):
    found = model(Assessment.CLEAN if around else Assessment(assessment))
    lies_in = Repository(
        path=b"/m", assessment=Assessment(assessment), artifacts=tuple(place.path for place in found.places)
    )
    verdicts = weigh_all([found], accepting(), circumstances=TODAY, repositories=[lies_in] if around else [])
    assert verdicts[0].decision is Decision.DENY
    assert len(said(verdicts[0])) == 1, "but everybody sees that the catalog knows it"


@pytest.mark.parametrize("pack", BUILT_IN)
@pytest.mark.parametrize("assessment", [Assessment.MALICIOUS, Assessment.HOSTILE, Assessment.INCOMPLETE])
def test_no_pack_lets_an_approval_change_the_verdict_on_those(pack, assessment):
    policy = load_policy(FakeMachine(), pack)
    for action in ("load", "serve", "ship"):
        with_it = weigh(model(assessment), under(policy), action, circumstances=TODAY)
        assert with_it.by_rules is weigh(model(assessment), policy, action, circumstances=TODAY).by_rules


@pytest.mark.parametrize("pack", BUILT_IN)
def test_every_pack_lets_it_count_for_a_review(pack):
    policy = load_policy(FakeMachine(), pack)
    assert weigh(model(Assessment.REVIEW), policy, circumstances=TODAY).by_rules is not Decision.ALLOW
    assert weigh(model(Assessment.REVIEW), under(policy), circumstances=TODAY).by_rules is Decision.ALLOW
    gone = replace(APPROVED, deprecated=True, replacement="acme/new")
    verdict = weigh(model(Assessment.REVIEW), under(policy, gone), circumstances=TODAY)
    assert (verdict.by_rules, verdict.rules[0].id) == (Decision.WARN, "warn-deprecated")
    assert "deprecated, use acme/new instead." in said(verdict)[0]


@pytest.mark.parametrize(
    ("data_class", "kinds", "classes", "counts"),
    [
        ("unknown", (), (), True),
        ("public", (), (), True),
        ("internal", (), (), False),
        ("public", (), ("internal",), True),
        ("internal", (), ("internal",), True),
        ("confidential", (), ("internal",), False),
        ("internal", ("pii",), ("internal",), False),
        ("internal", ("pii",), ("internal", "pii"), True),
        ("unknown", ("source",), ("restricted",), False),
    ],
)
def test_it_counts_for_the_data_that_it_was_given_for(data_class, kinds, classes, counts):
    around = Circumstances(day=DAY, data_class=data_class, data_kinds=kinds)
    verdict = weigh(model(), accepting(replace(APPROVED, data_classes=classes)), circumstances=around)
    assert verdict.decision is (Decision.ALLOW if counts else Decision.DENY)


@pytest.mark.parametrize(
    ("approval", "words"),
    [
        ({"version": "1.2"}, "approved as acme/coder 1.2, for internal and pii data, until 2027-01-01."),
        ({"model": "", "version": ""}, "approved, for internal and pii data, until 2027-01-01."),
        ({"data_classes": ()}, "approved as acme/coder, until 2027-01-01."),
        (
            {"data_classes": ("internal",), "deprecated": True, "replacement": "acme/new"},
            "approved as acme/coder, for internal data, until 2027-01-01; deprecated, use acme/new instead.",
        ),
    ],
)
def test_it_is_said_in_a_sentence(approval, words):
    assert catalog_words(replace(APPROVED, **approval)).startswith(f"In the catalog: {words}")


@given(ARTIFACTS, st.booleans(), st.booleans())
def test_an_approval_never_makes_a_verdict_stricter_and_needs_no_luck(found, deprecated, accepts):
    """Under rules that do not ask for the catalog: whatever the artifact is, nothing is lost by an approval."""
    order = list(Decision)
    policy = policy_of(PERMIT, UNLESS)
    settings = replace(policy.settings, catalog="accepts" if accepts else "informs")
    approval = replace(APPROVED, deprecated=deprecated)
    with_it = replace(policy, settings=settings, rulings=Rulings(approved={(found.sha256 or ONE).lower(): approval}))
    after, before = (weigh(found, one, circumstances=TODAY) for one in (with_it, policy))
    assert order.index(after.by_rules) <= order.index(before.by_rules)
    assert accepts or after.by_rules is before.by_rules
