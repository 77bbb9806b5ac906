from weighbridge.checks.check import Subject
from weighbridge.checks.executable_beside import CHECK
from weighbridge.model.finding import Assessment
from weighbridge.model.observation import ExecutableBeside


def test_a_program_is_for_review():
    [finding] = CHECK.judge(ExecutableBeside(path="models/x/run", kind="elf"), Subject(format="executable", name="run"))

    assert finding.implies is Assessment.REVIEW
    assert "elf" in finding.message
    assert finding.evidence.value == "models/x/run"


def test_only_programs_are_wanted():
    assert CHECK.wants == (ExecutableBeside,)
