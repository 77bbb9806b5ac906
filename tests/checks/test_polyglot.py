from weighbridge.checks.check import Subject
from weighbridge.checks.polyglot import CHECK
from weighbridge.model.finding import Assessment
from weighbridge.model.observation import Polyglot


def test_two_formats_at_once_are_hostile():
    [finding] = CHECK.judge(Polyglot(formats=("pickle", "torch-zip")), Subject(format="pickle", name="m.pt"))
    assert finding.implies is Assessment.HOSTILE
    assert "pickle and torch-zip" in finding.message
