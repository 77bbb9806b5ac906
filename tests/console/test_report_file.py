"""A report as one file: nothing in it is loaded, run or obeyed."""

import re

from tests.fleet.small_fleet import AT

from weighbridge.console.report_file import MOST, report_file
from weighbridge.fleet.evidence import Answer, Bar, Column, Coverage, Report, ReportRow, Statement

HOSTILE = "<script>x</script>\"'><img src=x onerror=x>\u202e\x1b[31m{{7*7}}"


def coverage(**words) -> Coverage:
    numbers = {name: 0 for name in Coverage.__struct_fields__ if name not in ("unknown", "says", "silent_since")}
    return Coverage(**numbers, silent_since=None, unknown=[], says=words.get("says", "Covers 1 of 1."))


def row(answer: Answer | None, cut_at: int | None = None, **words) -> ReportRow:
    given = dict.fromkeys(("control", "section", "asks", "evidence_for", "confidence", "query"), "w")
    given |= {"unsure": "", "withheld": ""} | words
    asked = [Statement(sql="SELECT 1", parameters={"a": HOSTILE}, rows=1)]
    return ReportRow(number=1, answer=answer, statements=asked, cut_at=cut_at, **given)


def report(*rows: ReportRow, **words) -> Report:
    given = dict.fromkeys(("pack", "title", "framework", "version", "source", "about", "made_by", "scope"), "w")
    times = {"made_at": AT, "since": AT - 1, "until": AT, "days": 1}
    return Report(**given | times | words, groups=None, server="0", epoch="", coverage=coverage(), rows=[*rows])


def answer(lines: int = 1, **words) -> Answer:
    columns = [Column(name=HOSTILE), Column(name="When", kind="time"), Column(name="Share", kind="share")]
    rows = [[HOSTILE, AT, 0.5] for _ in range(lines)]
    return Answer(headline="1", says="one", columns=columns, rows=rows, total=lines, **words)


def test_nothing_is_loaded_and_nothing_runs():
    bars = [Bar(label=HOSTILE, number=3), Bar(label="b", number=0)]
    page = report_file(report(row(answer(chart="How many?", bars=bars)), title=HOSTILE, made_by=HOSTILE))
    assert "default-src 'none'" in page
    assert not re.search(r"<script|<img|<iframe|<object|<link|<base|src=[\"']|url\(|@import| on[a-z]+=[\"']", page)
    assert not {"\u202e", "\x1b"} & set(page)
    assert "&lt;script&gt;" in page
    assert "{{7*7}}" in page


def test_it_says_what_is_left_out():
    page = report_file(report(row(answer(MOST + 5)), row(None, withheld="not shown: why"), row(answer(3), cut_at=3)))
    assert f"The first {MOST} of {MOST + 5}; the pack's CSV has all" in page
    assert "not shown: why" in page
    assert "it was cut at that" in page


def test_charts_of_many_and_of_few_and_of_nothing():
    many = [Bar(label=str(number), number=number) for number in range(20)]
    nothing = [Bar(label="a", number=0)]
    page = report_file(report(*(row(answer(chart="q", bars=bars)) for bars in (many, nothing))))
    assert page.count("<svg viewBox") == 2
    assert "nan" not in page.lower()


def test_the_board_page_begins_with_its_measures():
    page = report_file(report(row(answer()), pack="board"))
    assert "measures" in page[page.index("<body>") :]
    assert "What is there evidence for?" not in page
    assert "What is there evidence for?" in report_file(report(row(answer()), pack="dora"))
