import re
from dataclasses import replace

import pytest
from rich.cells import cell_len
from tests.samples.scan import context, scan

from weighbridge.model.artifact import Scan
from weighbridge.model.verdict import APPROVED_RULE, DecidingRule, Decision, Verdict
from weighbridge.report.table import RENDERER


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    text = RENDERER.render(scan(), context(width=width))
    assert max(cell_len(line) for line in text.splitlines()) <= width


def test_groups_stand_worst_first_with_symbol_and_count() -> None:
    text = RENDERER.render(scan(), context())
    heads = re.findall(r"^(\S) ([A-Z ]+) (\d+)  ", text, re.MULTILINE)
    assert [name for _, name, _ in heads] == [
        "MALICIOUS",
        "HOSTILE",
        "INCOMPLETE",
        "REVIEW",
        "CLEAN",
        "REPOSITORIES",
        "NOT EXAMINED",
    ]


def test_hostile_names_do_nothing_to_the_terminal() -> None:
    text = RENDERER.render(scan(), context())
    assert all(line.isprintable() for line in text.splitlines())


def test_color_is_only_there_when_asked_for() -> None:
    assert "\x1b[" not in RENDERER.render(scan(), context())
    assert "\x1b[" in RENDERER.render(scan(), context(color=True))


def test_every_finding_says_what_to_do() -> None:
    text = RENDERER.render(scan(), context(width=140))
    assert "→ Do not load it; delete the file" in text
    assert "policy Artifacts that run code on load are not used here.  deny-code" in text


def test_an_empty_and_an_interrupted_scan_say_so() -> None:
    empty = Scan(artifacts=(), repositories=(), unexamined=(), files_seen=3, bytes_seen=0, interrupted=True)
    text = RENDERER.render(empty, context())
    assert "0 model artifacts" in text
    assert "interrupted" in text


def test_a_repository_does_not_repeat_what_stands_under_its_artifacts() -> None:
    known = scan().artifacts[1].findings[0]
    repository = replace(scan().repositories[0], findings=(known,))
    text = RENDERER.render(scan(repositories=(repository,)), context())
    assert "! review  ~/repo  see above: unsafe-import" in text


@pytest.mark.parametrize("decision", [Decision.ALLOW, Decision.DENY])
def test_what_the_catalog_says_stands_beside_every_decision(decision: Decision) -> None:
    known, other = "In the catalog: approved as acme/coder, until 2027-01-01.", "It is denied."
    rules = [DecidingRule(id="a-rule", severity="high", reason=other, remedy="Stop.", decision=decision)]
    rules.append(DecidingRule(id=APPROVED_RULE, severity="info", reason=known, remedy="", decision=Decision.ALLOW))
    verdict = Verdict(decision=decision, action="load", policy="p 1", mode="enforce", rules=tuple(rules))
    found = scan()
    text = RENDERER.render(
        replace(found, artifacts=(replace(found.artifacts[0], verdict=verdict),)), context(width=140)
    )
    assert text.count(f"hint {known}  catalog-approved") == 1
    assert text.count(f"policy {other}") == (decision is Decision.DENY)
