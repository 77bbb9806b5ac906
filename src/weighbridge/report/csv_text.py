"""Cells of comma-separated values that a spreadsheet shows and never runs.

Source: OWASP "CSV Injection"; RFC 4180.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from weighbridge.report.escape import visible

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 4_000


def line(cells: Iterable[object]) -> str:
    """Return one line with its end. Text is made visible, and what a spreadsheet would run gets an apostrophe."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([cell(one) for one in cells])
    return out.getvalue()


def cell(value: object) -> str:
    """Return a value as it stands in a cell, before quoting."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    shown = visible(
        " ".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value),
        _LONGEST,
    )
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
