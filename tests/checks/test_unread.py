from weighbridge.checks.check import Subject
from weighbridge.checks.unread import CHECK
from weighbridge.model.finding import Assessment
from weighbridge.model.observation import Unread


def test_gaps_are_incomplete_never_hostile():
    observation = Unread(what="m.pkl", reason="the member is encrypted", member="m.pkl")
    [finding] = CHECK.judge(observation, Subject(format="zip", name="a.zip"))
    assert finding.implies is Assessment.INCOMPLETE
    assert "encrypted" in finding.message
