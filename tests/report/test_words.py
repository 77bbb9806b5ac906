import pytest
from tests.samples.scan import artifacts, finding, scan

from weighbridge.model.fact import Grade
from weighbridge.model.finding import Assessment, Persona
from weighbridge.model.verdict import Decision
from weighbridge.report.words import (
    ASSESSMENTS,
    DECISIONS,
    best_fact,
    counted,
    evidence_words,
    findings_for,
    license_word,
    quantity,
    short_title,
    size,
    title,
    where,
    worst_first,
)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.00 kB"),
        (999_499, "999 kB"),
        (4_683_073_248, "4.68 GB"),
        (10**19, "10.0 EB"),
    ],
)
def test_sizes_have_three_digits(count: int, text: str) -> None:
    assert size(count) == text


def test_quantities_are_written_as_model_people_write_them() -> None:
    assert quantity(8_190_735_360) == "8.19 B"
    assert quantity(134_515_008) == "135 M"


def test_counted_words_agree_with_their_number() -> None:
    assert counted(1, "file") == "1 file"
    assert counted(12_000, "file") == "12,000 files"
    assert counted(2, "entry", "entries") == "2 entries"


def test_every_word_has_a_look_and_no_two_of_a_kind_share_a_symbol() -> None:
    assert set(ASSESSMENTS) == set(Assessment)
    assert set(DECISIONS) == set(Decision)
    for looks in (ASSESSMENTS.values(), DECISIONS.values()):
        symbols = [look.symbol for look in looks]
        assert len(set(symbols)) == len(symbols)


def test_reports_begin_with_the_worst() -> None:
    order = [artifact.assessment.value for artifact in worst_first(scan())]
    assert order == ["malicious", "hostile", "incomplete", "review", "clean"]


def test_a_title_is_the_stores_name_or_the_path() -> None:
    clean, malicious, *_ = artifacts()
    assert title(clean, "/home/ada") == "library/qwen3:8b"
    assert title(malicious, "/home/ada").startswith("~/Downloads/</script>")


def test_a_short_title_is_the_file_name() -> None:
    clean, malicious, hostile, *_ = artifacts()
    assert short_title(clean) == "library/qwen3:8b"
    assert short_title(malicious) == "\\x9b31m.pt"
    assert short_title(hostile) == "caf\\xe9.safetensors"


def test_where_shortens_home_only_at_the_beginning() -> None:
    assert where(b"/home/ada/x", "m", "/home/ada") == "~/x!/m"
    assert where(b"/home/adam/x", None, "/home/ada") == "/home/adam/x"


def test_auditors_hear_more() -> None:
    findings = (finding(), finding(persona=Persona.AUDITOR))
    assert len(findings_for(findings, "regular")) == 1
    assert len(findings_for(findings, "auditor")) == 2


def test_the_best_grade_of_a_fact_wins() -> None:
    found = best_fact(artifacts()[0], "parameters")
    assert found is not None
    assert found.grade is Grade.MEASURED
    assert best_fact(artifacts()[0], "absent") is None


def test_a_license_in_short_says_what_it_allows_and_whose_decides() -> None:
    clean, _, hostile, review, _ = artifacts()
    assert license_word(clean) == "✓ Apache-2.0"
    assert license_word(review) == "! apache-2.0 → llama3.1"
    assert license_word(hostile) == "—"


def test_evidence_is_one_line() -> None:
    assert evidence_words(finding()) == "archive/data.pkl · byte 38 · STACK_GLOBAL"
