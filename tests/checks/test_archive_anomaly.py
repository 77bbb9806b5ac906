import pytest

from weighbridge.checks.archive_anomaly import CHECK
from weighbridge.checks.check import Subject
from weighbridge.model.finding import Assessment, Persona
from weighbridge.model.observation import ArchiveAnomaly


def judged(kind: str, format: str = "torch-zip"):
    [finding] = CHECK.judge(ArchiveAnomaly(kind=kind, detail="d", member="m"), Subject(format=format, name="x.pt"))
    return finding


@pytest.mark.parametrize(
    "kind", ["duplicate-member", "name-mismatch", "flag-mismatch", "hidden-member", "overlap", "new-kind"]
)
def test_readers_that_disagree_are_hostile(kind):
    finding = judged(kind)
    assert finding.implies is Assessment.HOSTILE
    assert (finding.evidence.member, finding.evidence.value) == ("m", kind)


@pytest.mark.parametrize("kind", ["case-duplicate", "members-after-end", "repeated-member"])
def test_what_honest_tools_also_do_is_for_review(kind):
    assert judged(kind).implies is Assessment.REVIEW


def test_bytes_around_a_plain_archive_are_only_information():
    finding = judged("prefix-data", "zip")
    assert (finding.implies, finding.persona) == (Assessment.CLEAN, Persona.AUDITOR)
    assert judged("prefix-data").implies is Assessment.REVIEW
