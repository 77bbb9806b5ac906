from weighbridge.model.finding import Assessment
from weighbridge.model.observation import Damage, Malformed
from weighbridge.model.source import BytesSource
from weighbridge.pipeline.inspect import Inspected
from weighbridge.pipeline.judge import judged


def inspected(**changes: object) -> Inspected:
    values = {"source": BytesSource(b"x", b"x"), "member": None, "format": "gguf", "holds_model": True}
    return Inspected(**(values | changes))


def test_a_model_without_observations_is_clean() -> None:
    assert judged(inspected()) == ((), Assessment.CLEAN)


def test_an_archive_without_observations_is_no_model() -> None:
    assert judged(inspected(format="zip", holds_model=False)) == ((), Assessment.NOT_A_MODEL)


def test_an_observation_becomes_a_finding_with_its_assessment() -> None:
    damage = Malformed(damage=Damage.CONTRADICTION, reason="two tensors overlap", offset=7)
    findings, assessment = judged(inspected(observations=[damage]))
    assert [(finding.check, finding.evidence.offset) for finding in findings] == [("malformed", 7)]
    assert assessment is Assessment.HOSTILE
