import pytest

from weighbridge.model.finding import Assessment, worst


@pytest.mark.parametrize(
    ("assessments", "expected"),
    [
        ((), Assessment.NOT_A_MODEL),
        ((Assessment.CLEAN, Assessment.REVIEW), Assessment.REVIEW),
        ((Assessment.INCOMPLETE, Assessment.REVIEW), Assessment.INCOMPLETE),
        ((Assessment.HOSTILE, Assessment.INCOMPLETE), Assessment.HOSTILE),
        ((Assessment.HOSTILE, Assessment.MALICIOUS, Assessment.CLEAN), Assessment.MALICIOUS),
    ],
)
def test_the_worst_wins(assessments: tuple[Assessment, ...], expected: Assessment) -> None:
    assert worst(assessments) is expected
