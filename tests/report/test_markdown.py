import re

from tests.samples.scan import context, scan

from weighbridge.report.markdown import RENDERER, _plain


def test_hostile_names_make_no_markup() -> None:
    text = RENDERER.render(scan(), context())
    outside_of_code = re.sub(r"`[^`\n]*`", "", text)
    assert "<" not in outside_of_code
    assert "](" not in outside_of_code
    assert all(line.isprintable() for line in text.splitlines())


def test_prose_from_a_file_is_escaped() -> None:
    assert _plain("[x](y) <b> @all #1 www.e.example") == r"\[x\]\(y\) \<b\> \@all \#1 www\.e.example"


def test_every_row_of_the_table_has_the_same_cells() -> None:
    rows = [line for line in RENDERER.render(scan(), context()).splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {9}
