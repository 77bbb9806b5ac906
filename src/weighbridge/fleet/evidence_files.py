"""The files of a pack: each row as CSV and JSON, all of them as one list, and how to check the pack.

What an endpoint called things can begin with what a spreadsheet would take for a formula: such cells get an apostrophe
before them, and control characters show as escapes. Source: OWASP, "CSV Injection".
"""

import csv
import io
import re
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from weighbridge.fleet.evidence import SHARE, TIME, Answer, Cell, Report, ReportRow
from weighbridge.report.escape import visible

_LONGEST = 4_000
_FORMULA = ("=", "+", "-", "@")
_PLAIN = re.compile(r"[^a-z0-9]+")
_LIST = (
    *("number", "control", "section", "asks", "evidence for", "answer", "says", "rows here", "rows in all"),
    *("confidence", "not sure of", "withheld", "query", "file"),
)
HOW_TO_CHECK = """\
This is an evidence pack of Weighbridge. It says what a fleet server knew, of which endpoints, at which time. It is
evidence for the controls that it names; whether they are met is for you to judge.

report.html    everything, to be read and printed; it loads nothing and runs no script
report.json    the same for programs, but the rows of each answer
controls.csv   one line for each control
rows/          the rows of each answer, as CSV and as JSON with the statements that were asked
ledgers.json   the heads of the endpoints' ledgers, as each endpoint signed and the server cosigned them
manifest.note  the SHA-256 of every file, what the pack covers, and the signature under that

Nothing was changed since it was signed if this says so. Get the key from the people who run the server, over another
way than this pack:

    wb ledger verify PACK.zip --key KEY

Without Weighbridge: the text of manifest.note up to its empty line is signed with Ed25519 (C2SP signed-note); the
how-to page "Prove it to an auditor" of Weighbridge has a page of Python that checks it with openssl.
"""


def name_of(row: ReportRow) -> str:
    """Return the name of a row's files, without ending: `rows/03-art-26-6`."""
    words = _PLAIN.sub("-", row.control.lower()).strip("-")[:40].strip("-")
    return f"rows/{row.number:02}-{words}"


def files(report: Report) -> dict[str, bytes]:
    """Return the files that say what a report says, by name, in order."""
    made = {"report.json": as_json(_without_rows(report)), "controls.csv": _list(report)}
    for row in report.rows:
        made[f"{name_of(row)}.json"] = as_json(row)
        if row.answer is not None:
            made[f"{name_of(row)}.csv"] = answer_csv(row.answer)
    return made | {"how-to-check.txt": HOW_TO_CHECK.encode()}


def answer_csv(answer: Answer) -> bytes:
    """Return the rows of an answer as CSV: times in ISO 8601, shares from 0 to 1."""
    kinds = [column.kind for column in answer.columns]
    rows = ([_cell(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in answer.rows)
    return _csv([column.name for column in answer.columns], rows)


def iso(moment: int) -> str:
    """Return milliseconds since 1970 as ISO 8601; of what no calendar has, the number."""
    try:
        return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return str(moment)


def _without_rows(report: Report) -> Report:
    rows = [
        msgspec.structs.replace(row, answer=msgspec.structs.replace(row.answer, rows=[]) if row.answer else None)
        for row in report.rows
    ]
    return msgspec.structs.replace(report, rows=rows)


def as_json(value: object) -> bytes:
    """Return a value as JSON that people can read."""
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def _list(report: Report) -> bytes:
    rows = []
    for row in report.rows:
        answer = row.answer
        found = ("", "", "", "") if answer is None else (answer.headline, answer.says, len(answer.rows), answer.total)
        file = "" if answer is None else f"{name_of(row)}.csv"
        said = (row.number, row.control, row.section, row.asks, row.evidence_for, *found)
        rows.append([_cell(one) for one in (*said, row.confidence, row.unsure, row.withheld, row.query, file)])
    return _csv(_LIST, rows)


def _csv(head: Iterable[str], rows: Iterable[list[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode()


def _cell(value: Cell, kind: str = "") -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        shown = visible(value, _LONGEST)
        return f"'{shown}" if shown.startswith(_FORMULA) else shown
    if kind == TIME:
        return iso(int(value))
    return f"{value:.4f}" if kind == SHARE else str(value)
