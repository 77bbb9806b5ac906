"""A report as one file: it loads nothing, runs nothing, and reads well on paper, in light and in dark."""

from datetime import UTC, datetime

from markupsafe import Markup

from weighbridge.console.render import render
from weighbridge.console.report_style import FILE_STYLE
from weighbridge.fleet.evidence import Report

MOST = 200
"""Rows of one answer; the pack's CSV has more."""


def report_file(report: Report) -> str:
    """Return a report as a page that needs nothing else."""
    style = Markup(FILE_STYLE)  # noqa: S704  (our own text)
    return render(
        "report_file.html", datetime.fromtimestamp(report.made_at / 1000, UTC), r=report, most=MOST, style=style
    )
