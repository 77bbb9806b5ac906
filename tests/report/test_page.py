import pytest
from tests.samples.scan import SHA, context, scan

from weighbridge.model.artifact import Scan
from weighbridge.report.page import RENDERER


@pytest.mark.parametrize("width", [60, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    text = RENDERER.render(scan(), context(width=width))
    assert max(map(len, text.splitlines())) <= max(width, 82)
    assert all(line.isprintable() for line in text.splitlines())


def test_everything_known_stands_there() -> None:
    text = RENDERER.render(scan(), context(persona="auditor"))
    for words in (SHA, "✓ as claimed by the store", "● measured", "○ declared", "Apache-2.0 allows", "name-mismatch"):
        assert words in text


def test_nothing_found_is_said() -> None:
    empty = Scan(artifacts=(), repositories=(), unexamined=(), files_seen=1, bytes_seen=0)
    assert "no model here" in RENDERER.render(empty, context())
