from tests.policy_texts import PERMIT, forbid, policy_of, shipped

from weighbridge.model.verdict import Decision
from weighbridge.policy.difference import difference

REVIEW = forbid('resource.assessment == "review"', head='principal, action == Action::"load", resource is Artifact')


def test_nothing_changes_between_a_policy_and_itself():
    found = difference(shipped("balanced"), shipped("balanced"))
    assert (found.cells, found.settings, found.cut) == ((), (), False)
    assert (found.rules_added, found.rules_removed, found.rules_changed) == ((), (), ())
    assert found.weighed > 50


def test_a_removed_rule_is_newly_allowed():
    found = difference(policy_of(PERMIT, REVIEW), policy_of(PERMIT))
    assert found.rules_removed == ("a-rule",)
    assert {(cell.action, cell.resource, cell.setting) for cell in found.newly_allowed} == {
        ("load", "Artifact", (("assessment", "review"),))
    }
    assert found.newly_denied == ()
    assert all(cell.loosened for cell in found.cells)


def test_an_added_rule_is_newly_denied():
    found = difference(policy_of(PERMIT), policy_of(PERMIT, REVIEW))
    assert found.rules_added == ("a-rule",)
    assert {cell.after.rules[0].id for cell in found.newly_denied} == {"a-rule"}
    assert not any(cell.loosened for cell in found.cells)


def test_a_changed_condition_shows_both_sides():
    after = policy_of(PERMIT, REVIEW.replace('"review"', '"incomplete"'))
    found = difference(policy_of(PERMIT, REVIEW), after)
    assert found.rules_changed == ("a-rule",)
    assert {cell.setting for cell in found.newly_allowed} == {(("assessment", "review"),)}
    assert {cell.setting for cell in found.newly_denied} == {(("assessment", "incomplete"),)}


def test_borders_of_numbers_sets_and_texts_are_in_the_grid():
    before = policy_of(PERMIT, forbid("resource has parameters && resource.parameters > 7000"))
    after = policy_of(PERMIT, forbid("resource has parameters && resource.parameters >= 7000"))
    assert {dict(cell.setting)["parameters"] for cell in difference(before, after).cells} == {7000}
    one = policy_of(PERMIT, forbid('resource.stores.contains("a")'))
    two = policy_of(PERMIT, forbid('resource.stores.contains("a") && resource.format == "b"'))
    assert difference(one, two).newly_allowed


def test_three_conditions_at_once_are_found():
    rule = 'resource.assessment == "review" && resource.production && context.environment == "test"'
    found = difference(policy_of(PERMIT), policy_of(PERMIT, forbid(rule)))
    assert found.newly_denied


def test_a_narrower_permission_is_found():
    narrow = PERMIT.replace("resource);", "resource) unless { principal is Agent };")
    found = difference(policy_of(PERMIT), policy_of(narrow))
    assert {cell.principal for cell in found.newly_denied} == {"Agent"}
    assert {cell.after.rules[0].id for cell in found.cells} == {"not-permitted"}


def test_settings_and_mode():
    found = difference(policy_of(PERMIT, REVIEW, mode="observe"), policy_of(PERMIT, REVIEW))
    assert found.settings == (("mode", "observe", "enforce"),)
    assert {(cell.before.decision, cell.after.decision) for cell in found.cells} == {(Decision.WARN, Decision.DENY)}


def test_a_grid_that_is_too_large_says_so():
    flags = ["accepted", "code_capable", "in_archive", "production", "runs_code", "source.accepted", "source.known"]
    rule = " && ".join(f"resource.{flag}" for flag in flags) + ' && resource.assessment == "review"'
    rule += ' && resource.severity == "low" && context.environment == "test"'
    assert difference(policy_of(PERMIT), policy_of(PERMIT, forbid(rule))).cut


def test_from_balanced_to_regulated_mostly_tightens():
    found = difference(shipped("balanced"), shipped("regulated"))
    assert found.newly_allowed == ()
    assert {"deny-incomplete", "hold-unaccepted-source"} <= {cell.after.rules[0].id for cell in found.cells}
