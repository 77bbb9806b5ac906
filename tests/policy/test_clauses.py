import pytest
from tests.policy_texts import PERMIT, forbid, policy_of, shipped

from weighbridge.policy.clauses import page
from weighbridge.policy.packs import BUILT_IN


@pytest.mark.parametrize("pack", BUILT_IN)
def test_every_forbidding_rule_is_a_clause_once(pack):
    policy = shipped(pack)
    rules = [clause.rule for section in page(policy).sections for clause in section.clauses]
    assert len(rules) == len(set(rules))
    assert {rule.id for rule in policy.rules if rule.effect == "forbid"} <= set(rules)


def test_the_strictest_comes_first_and_numbers_follow():
    policy = policy_of(
        PERMIT,
        forbid("true", rule="warns", notes='@decision("warn")'),
        forbid("true", rule="denies", head='principal is Agent, action == Action::"load", resource'),
    )
    first = page(policy).sections[0]
    assert [(clause.number, clause.rule) for clause in first.clauses] == [("1.1", "denies"), ("1.2", "warns")]
    assert (first.clauses[0].whom, first.clauses[0].actions) == ("for agents", "load")
    assert (first.clauses[1].whom, first.clauses[1].actions) == ("", "every action")
    assert first.title == "Rules"
    assert first.clauses[0].text == "The reason of denies."


def test_sections_that_the_page_must_have():
    titles = [section.title for section in page(shipped("balanced")).sections]
    assert titles == [
        "Downloading and running artifacts",
        "Acceptable sources",
        "License duties",
        "Sensitive data",
        "Serving models and using tools",
        "Retention and logging",
        "Reviews and exceptions",
    ]


def test_settings_become_sentences():
    policy = policy_of(
        PERMIT,
        settings="retention: {verdicts: 730, inventory: 30, content: 1}\ncontact: ann\n"
        f"accepted: [{{sha256: {'ab' * 32}, reason: tried, by: bob, until: 2026-01-02}}]\n",
    )
    retention, exceptions = page(policy).sections[-2:]
    assert retention.paragraphs[0] == (
        "Verdicts are kept for 2 years, the inventory for 30 days. Prompts and answers are kept for 1 day."
    )
    assert exceptions.items == ("abababababababab…: tried (bob, until 2026-01-02)",)
    assert exceptions.paragraphs[-1] == "Questions, reviews and exceptions: ann."
