from weighbridge.checks.assess import assess, judge
from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Finding, Severity
from weighbridge.model.observation import Damage, Excess, Malformed, Observation, Unread
from weighbridge.model.record import record

SUBJECT = Subject(format="x", name="n")


def finding(implies: Assessment, check: str = "c") -> Finding:
    return Finding(
        check=check,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        message="m",
        remedy="r",
        implies=implies,
    )


def check(name: str, implies: Assessment, *wants: type[Observation]) -> Check:
    return Check(id=name, title="t", wants=wants, judge=lambda _observation, _subject: [finding(implies, name)])


def test_a_check_sees_only_what_it_wants() -> None:
    checks = (check("a", Assessment.HOSTILE, Malformed), check("b", Assessment.INCOMPLETE, Unread))
    found = judge([Unread(what="w", reason="r")], SUBJECT, checks)
    assert [item.check for item in found] == ["b"]


def test_the_worst_comes_first_and_equal_findings_once() -> None:
    checks = (check("late", Assessment.MALICIOUS, Excess), check("early", Assessment.REVIEW, Unread))
    seen = [Unread(what="w", reason="r"), Unread(what="w", reason="r"), Excess(what="w", limit=1)]
    assert [item.check for item in judge(seen, SUBJECT, checks)] == ["late", "early"]


def test_a_type_nobody_wants_is_no_finding() -> None:
    @record
    class Strange(Observation):
        pass

    damage = Malformed(damage=Damage.INVALID, reason="r")
    assert judge([Strange(), damage], SUBJECT, (check("a", Assessment.REVIEW, Unread),)) == ()


def test_information_does_not_spoil_a_clean_model() -> None:
    assert assess([finding(Assessment.CLEAN)], holds_model=True) is Assessment.CLEAN
    assert assess([], holds_model=False) is Assessment.NOT_A_MODEL
    assert assess([finding(Assessment.CLEAN)], holds_model=False) is Assessment.NOT_A_MODEL


def test_the_worst_finding_decides() -> None:
    answers = [finding(Assessment.REVIEW), finding(Assessment.MALICIOUS), finding(Assessment.INCOMPLETE)]
    assert assess(answers, holds_model=True) is Assessment.MALICIOUS
