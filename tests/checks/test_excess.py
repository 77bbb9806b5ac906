from weighbridge.checks.check import Subject
from weighbridge.checks.excess import CHECK
from weighbridge.model.finding import Assessment
from weighbridge.model.observation import Excess


def test_a_spent_budget_is_hostile():
    [finding] = CHECK.judge(Excess(what="expanded bytes", limit=7), Subject(format="gzip", name="a.gz"))
    assert finding.implies is Assessment.HOSTILE
    assert "limit of 7" in finding.message
