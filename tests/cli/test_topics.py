from weighbridge.checks.registry import CHECKS
from weighbridge.cli.topics import ASSESSMENTS, DECISIONS, text_of, topics
from weighbridge.model.finding import Assessment
from weighbridge.model.verdict import Decision


def test_every_word_is_explained() -> None:
    assert set(ASSESSMENTS) == set(Assessment)
    assert set(DECISIONS) == set(Decision)


def test_every_topic_has_a_text() -> None:
    for topic in topics():
        assert text_of(topic)


def test_a_check_is_explained_by_its_own_page() -> None:
    for check in CHECKS:
        assert "What to do" in text_of(check.id)


def test_what_only_a_fleet_finds_is_explained() -> None:
    assert "wb fleet settle" in text_of("ledger-forked")
    assert "What to do" in text_of("policy-stale")
