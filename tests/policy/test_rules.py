import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policy_texts import PERMIT, error_of, forbid

from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.verdict import Decision
from weighbridge.policy.rules import MOST_BYTES, read_rules, split


def rules_of(text: str):
    return tuple(read_rules("topic.cedar", text.encode()))


def refused(text: str | bytes) -> WeighbridgeError:
    with pytest.raises(WeighbridgeError) as caught:
        tuple(read_rules("topic.cedar", text if isinstance(text, bytes) else text.encode()))
    assert caught.value.code == "E-policy-syntax"
    assert caught.value.hint
    return caught.value


def test_a_rule_knows_its_place_and_what_it_asks():
    text = (
        "// about this file; a semicolon; here\n\n"
        + forbid(
            'resource.license.effective.commercial == "unknown" && resource has parameters'
            ' && !["a", "b"].contains(context.environment) && resource.checks.containsAny(["c"])',
            notes='@decision("pending")',
        )
        + "// in between ;\n"
        + PERMIT
    )
    rule, permit = rules_of(text)
    assert (rule.id, rule.line, rule.topic, rule.decision) == ("a-rule", 4, "topic", Decision.PENDING)
    assert rule.attributes == (
        ("resource", "license.effective.commercial"),
        ("resource", "parameters"),
        ("context", "environment"),
        ("resource", "checks"),
    )
    assert set(rule.comparisons) == {
        ("resource", "license.effective.commercial", "unknown"),
        ("context", "environment", "a"),
        ("context", "environment", "b"),
        ("resource", "checks", "c"),
    }
    assert rule.resources == ("Artifact",)
    assert rule.source.startswith('@id("a-rule")')
    assert rule.source.endswith(";")
    assert permit.line == text[: text.index('@id("permit-all")')].count("\n") + 1
    assert (permit.effect, permit.decision) == ("permit", Decision.ALLOW)


def test_actions_and_principals_of_the_head():
    (rule,) = rules_of(forbid("true", head='principal is Agent, action in [Action::"load", Action::"ship"], resource'))
    assert rule.actions == ("load", "ship")
    assert rule.principals == ("Agent",)
    assert rule.resources == ()


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("\n\nforbid (principal, action, resource)\nwhen { resource.x == };\n", 4, "unexpected token `}`"),
        ("permit (principal, action, resource)\nwen { true };\n", 2, "invalid policy condition: wen"),
        ("permit (principal, action, resource)", 1, "ends inside a rule"),
        ("\npermit (principal, action, resource) when { (true };\n", 2, "`}` that nothing opened"),
        ("permit (principal,\n action, resource ;\n", 1, "opens a `(` that is not closed"),
        ('\n@id("a)\npermit (principal, action, resource);\n', 2, "quotation mark"),
        ("permit (principal == ?principal, action, resource);", 1, "template"),
        (";", 1, "without a rule"),
        ('@id("a") @id("b")\npermit (principal, action, resource);', 1, "duplicate annotation"),
        ("permit (principal, action, resource) when { " + "(" * 60 + "true" + ")" * 60 + "};", 1, "nests brackets"),
        ("permit (principal, action, resource) when { " + "true && " * 900 + "true };", 1, "longer than"),
        (b"// \xff\n", 1, "not UTF-8"),
        ("permit (principal, action, resource)\nwhen { resource" + ".a" * 2900 + " };", 1, ""),
    ],
)
def test_what_is_not_cedar_is_refused_with_its_line(text, line, says):
    try:
        error = refused(text)
    except pytest.fail.Exception:
        assert not says
        return
    assert error.message.startswith(f"topic.cedar:{line} "), error.message
    assert says in error.message


def test_a_huge_file_is_refused_before_it_is_parsed():
    assert "larger than 256 KB" in refused(b" " * (MOST_BYTES + 1)).message


def test_many_quotation_marks_cost_nothing():
    assert "quotation mark" in refused(b'"' + b'\\"' * 120_000).message


def test_windows_line_ends():
    (rule,) = rules_of(PERMIT.replace("\n", "\r\n"))
    assert rule.id == "permit-all"


def test_splitting_keeps_every_rule():
    assert [piece.line for piece in split("x", PERMIT * 3)] == [2, 8, 14]


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    error = error_of(rules_of, text)
    assert error is None or error.code == "E-policy-syntax"


@given(st.lists(st.sampled_from(['"', "(", ")", "{", "}", ";", "\n", "//", "permit", "when", "@id", ",", " ", "\\"])))
def test_any_marks_are_read_or_refused(marks):
    error = error_of(rules_of, "".join(marks))
    assert error is None or error.code == "E-policy-syntax"


@given(st.integers(0, 400), st.text(max_size=3), st.integers(0, 5))
def test_a_damaged_rule_is_read_or_refused(position, inserted, removed):
    text = forbid('resource.assessment == "clean" && ["a"].contains(resource.format)') + PERMIT
    error = error_of(rules_of, text[:position] + inserted + text[position + removed :])
    assert error is None or error.code == "E-policy-syntax"
