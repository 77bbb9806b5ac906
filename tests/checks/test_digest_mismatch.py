from weighbridge.checks.check import Subject
from weighbridge.checks.digest_mismatch import CHECK
from weighbridge.model.finding import Assessment, Severity
from weighbridge.model.observation import DigestMismatch


def test_other_bytes_than_claimed_need_a_review():
    observation = DigestMismatch(claimed="a" * 64, measured="b" * 64)
    [finding] = CHECK.judge(observation, Subject(format="gguf", name="sha256-aaaa"))
    assert (finding.implies, finding.severity) == (Assessment.REVIEW, Severity.HIGH)
    assert finding.evidence.value == "b" * 64
