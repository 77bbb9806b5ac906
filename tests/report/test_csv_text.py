import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.report.csv_text import cell, line


@pytest.mark.parametrize("hostile", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_run_is_text(hostile: str) -> None:
    assert not cell(hostile).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_values_of_other_kinds() -> None:
    assert [cell(one) for one in (None, True, False, -5, 1.5, ["a", "b"], "")] == [
        "",
        "yes",
        "no",
        "-5",
        "1.5",
        "a b",
        "",
    ]


@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_a_line_is_one_row_whatever_is_in_it(cells: list[str]) -> None:
    text = line(cells)
    (row,) = csv.reader(io.StringIO(text))
    assert row == [cell(one) for one in cells]
    assert text.count("\n") == 1
    assert all(one.isprintable() for one in row)
