import pytest

from weighbridge.checks.check import Subject
from weighbridge.checks.hidden_instructions import judge
from weighbridge.model.agent import HiddenText, InstructionFile, RunText, Scope
from weighbridge.model.agent_observation import InstructionsSeen
from weighbridge.model.finding import Severity

SUBJECT = Subject(format="agent", name="pdf")


def seen(*hidden: tuple[str, int], runs: str | None = None) -> InstructionsSeen:
    found = tuple(HiddenText(file="SKILL.md", line=7, kind=kind, count=count) for kind, count in hidden)
    run = (RunText(file="SKILL.md", line=9, kind=runs, text="id"),) if runs else ()
    return InstructionsSeen(source=InstructionFile(path=b"/x", scope=Scope.USER, agents=(), hidden=found, runs=run))


@pytest.mark.parametrize(
    ("observed", "severity", "message"),
    [
        (seen(("tag characters", 9)), Severity.HIGH, "pdf holds text that a person cannot see: tag characters."),
        (
            seen(("bidirectional controls", 1)),
            Severity.HIGH,
            "pdf holds text that a person cannot see: bidirectional controls.",
        ),
        (seen(("zero-width characters", 40)), Severity.MEDIUM, "pdf holds 40 zero-width characters."),
        (seen(("comment", 40)), Severity.MEDIUM, "pdf holds orders in a comment, which a page does not show."),
        (seen(runs="run on load"), Severity.MEDIUM, "pdf runs a command while it is loaded."),
    ],
)
def test_what_a_person_does_not_see(observed: InstructionsSeen, severity: Severity, message: str) -> None:
    (finding,) = judge(observed, SUBJECT)
    assert (finding.severity, finding.message) == (severity, message)


@pytest.mark.parametrize("near_miss", [seen(), seen(("zero-width characters", 1)), seen(runs="fetched code")])
def test_near_misses(near_miss: InstructionsSeen) -> None:
    assert list(judge(near_miss, SUBJECT)) == []
