"""Answers of the fleet as text: a table for people, JSON and comma-separated values for programs."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from weighbridge.cli.fleet_hunt_ask import Answer, Pieces
from weighbridge.report.csv_text import line
from weighbridge.report.escape import middle, visible
from weighbridge.report.words import counted, size

MOST_PLACES = 1_000
_LEAST, _GAP = 6, "  "
_SHORT_DIGEST = 12


class _Column(NamedTuple):
    """A column: its name, and how it reads in a table and in a cell of CSV. The widest give way on a narrow screen."""

    name: str
    shown: Callable[[Answer], str]
    most: int = 40


def _plain(name: str, most: int = 40) -> _Column:
    return _Column(name, lambda row: str(row.get(name) or "—"), most)


def _time(name: str, label: str) -> _Column:
    return _Column(label, lambda row: moment(row.get(name)), 16)


def _digest(name: str) -> _Column:
    return _Column("sha256", lambda row: str(row.get(name) or "—").removeprefix("claimed:")[:_SHORT_DIGEST], 12)


_TABLES: dict[str, tuple[_Column, ...]] = {
    "artifacts": (
        _digest("sha256"),
        _plain("assessment", 12),
        _plain("format", 12),
        _Column("size", lambda row: "—" if row.get("size") is None else size(int(row["size"])), 10),
        _Column("on", lambda row: str(row["spread"]["endpoints"]), 7),
        _Column("gone", lambda row: str(row["spread"]["gone"] or "—"), 7),
        _Column("verdict", lambda row: row["spread"]["decision"] or "—", 8),
        _Column("path", lambda row: row["spread"]["path"] or "—", 60),
    ),
    "endpoints": (
        _plain("name"),
        _plain("owner", 24),
        _Column("group", lambda row: row.get("group_name") or "—", 24),
        _plain("state", 20),
        _plain("platform", 10),
        _time("last_seen_at", "seen"),
    ),
    "findings": (
        _plain("severity", 8),
        _plain("check_id", 26),
        _plain("endpoint_name", 24),
        _plain("state", 12),
        _digest("artifact"),
        _plain("message", 60),
    ),
    "records": (
        _time("received_at", "received"),
        _plain("endpoint_name", 24),
        _plain("owner", 16),
        _plain("kind", 13),
        _Column("who", lambda row: _who(row), 28),
        _plain("path", 60),
    ),
}
_WHEREABOUTS = ("endpoint_name", "owner", "group", "path", "places", "first_at", "last_at")


def rows(what: str, found: Pieces, format_name: str, width: int) -> str:
    """Return rows of a list in a format."""
    if format_name == "json":
        document = {"rows": found.rows, "is_more": found.is_more, "back_to": found.back_to}
        return json.dumps(document, indent=2, ensure_ascii=True) + "\n"
    if format_name == "jsonl":
        return "".join(json.dumps(row, ensure_ascii=True) + "\n" for row in found.rows)
    if format_name == "csv":
        names = list(_flat(found.rows[0])) if found.rows else [column.name for column in _TABLES[what]]
        return line(names) + "".join(line(_flat(row).get(name) for name in names) for row in found.rows)
    return _table(_TABLES[what], found.rows, width)


def said_of(what: str, found: Pieces) -> Iterator[tuple[str, str]]:
    """Yield what is said beside rows: how many, and what was not looked at."""
    if not found.rows:
        yield f"· nothing in {what} fits this query", "muted"
    else:
        more = "the first " if found.is_more else ""
        yield f"· {more}{counted(len(found.rows), what.removesuffix('s'))}", "muted"
    if found.back_to is not None:
        yield (
            f"▲ looked back to {moment(found.back_to)} (UTC) alone; narrow it by digest, endpoint, kind or time",
            "warning",
        )
    elif found.is_more:
        yield "· --limit shows more", "muted"


def caught(found: Answer, format_name: str, width: int) -> str:
    """Return what was found of digests in a format."""
    if format_name == "json":
        return json.dumps(found, indent=2, ensure_ascii=True) + "\n"
    if format_name == "jsonl":
        return "".join(json.dumps(row, ensure_ascii=True) + "\n" for row in found["rows"])
    if format_name == "csv":
        head = line(["asked", "sha256", "assessment", "verdict", *_WHEREABOUTS, "runs"])
        return head + "".join(line(cells) for row in found["rows"] for cells in _cells(row))
    return "".join(_caught(row, width) for row in found["rows"])


def said_of_catch(found: Answer) -> Iterator[tuple[str, str]]:
    """Yield what is said beside digests: how many are known, and what was not looked for."""
    asked = {row["asked"] for row in found["rows"]}
    known = {row["asked"] for row in found["rows"] if row["sha256"]}
    yield f"· {len(known):,} of {counted(len(asked), 'digest')} known to the fleet", "muted"
    for one in found["not_looked_for"]:
        yield f"▲ {one['number']:,} {one['kind']} not looked for: artifacts are known by SHA-256", "warning"
    if passed_over := found["passed_over"]:
        yield f"· {counted(passed_over, 'word')} passed over: no digest", "muted"


def fields(told: Answer) -> str:
    """Return what may be asked of a list."""
    width = max(len(one["name"]) for one in told["fields"])
    lines = [f"{one['name']:<{width}}  {one['about']}\n{'':<{width}}  {one['values']}\n" for one in told["fields"]]
    return "".join(lines) + f"\nexample: {told['example']}\n"


def moment(milliseconds: Any) -> str:  # noqa: ANN401  (a number of JSON, or none)
    """Return a time as `2026-11-21 08:42`, UTC."""
    try:
        return datetime.fromtimestamp(int(milliseconds) / 1000, UTC).strftime("%Y-%m-%d %H:%M") if milliseconds else "—"
    except (OverflowError, OSError, ValueError, TypeError):
        return "—"


def _who(row: Answer) -> str:
    name = str(row.get("process") or row.get("agent") or "")
    user = str(row.get("user") or "")
    return f"{name} ({user})" if name and user else name or "—"


def _flat(row: Answer) -> Answer:
    """Return a row without what is nested deeper than the spread of an artifact."""
    flat: Answer = {}
    for name, value in row.items():
        if isinstance(value, dict) and name == "spread":
            flat |= {f"{name}_{inner}": one for inner, one in value.items()}
        elif not isinstance(value, dict):
            flat[name] = value
    return flat


def _cells(row: Answer) -> Iterator[list[object]]:
    artifact = row["artifact"] or {}
    head = [row["asked"], row["sha256"], artifact.get("assessment", ""), row["spread"]["decision"]]
    for one in row["whereabouts"]:
        yield [*head, *(_cell(one, name) for name in _WHEREABOUTS), "; ".join(one["runs"])]
    if not row["whereabouts"]:
        yield [*head, *([""] * (len(_WHEREABOUTS) + 1))]


def _cell(one: Answer, name: str) -> object:
    return moment(one[name]).replace("—", "") if name.endswith("_at") else one[name]


def _caught(row: Answer, width: int) -> str:
    if not row["sha256"]:
        return f"·  {visible(row['asked'], 64)}  not known\n"
    artifact, spread = row["artifact"] or {}, row["spread"]
    words = [visible(str(artifact.get(name) or ""), 40) for name in ("assessment", "format")]
    words += [f"on {counted(spread['endpoints'], 'endpoint')}"]
    words += [f"{spread['gone']:,} had it"] if spread["gone"] else []
    words += [f"{spread['running']:,} running"] if spread["running"] else []
    words += [spread["decision"]] if spread["decision"] else []
    head = f"✓  {row['sha256']}\n   {' · '.join(visible(word, 60) for word in words if word)}\n"
    places = "".join(_place(one, width) for one in row["whereabouts"])
    return head + places + ("   … more; --limit shows them\n" if row["is_more"] else "")


def _place(one: Answer, width: int) -> str:
    whose = f" ({one['owner']})" if one["owner"] else ""
    here = f"{one['places']:,}×" if one["places"] else "gone"
    when = f"{moment(one['first_at'])} – {moment(one['last_at'])}" if one["first_at"] else "ran, no file seen"
    text = f"   {here:>5}  {visible(one['endpoint_name'] or one['endpoint_id'], 40)}{visible(whose, 40)}  {when}"
    text += f"  ran by {visible(', '.join(one['runs']), 80)}" if one["runs"] else ""
    path = f"          {middle(visible(one['path'], 4096), max(20, width - 12))}\n" if one["path"] else ""
    return f"{text}\n{path}"


def _table(columns: Sequence[_Column], rows_: Sequence[Answer], width: int) -> str:
    if not rows_:
        return ""
    cells = [[visible(column.shown(row), 4096) for column in columns] for row in rows_]
    widths = [
        min(column.most, max(len(column.name), *(len(row[index]) for row in cells)))
        for index, column in enumerate(columns)
    ]
    widths[-1] = max(_LEAST, min(widths[-1], width - sum(widths[:-1]) - len(_GAP) * (len(widths) - 1)))
    head = _GAP.join(f"{column.name:<{space}}" for column, space in zip(columns, widths, strict=True))
    lines = [
        _GAP.join(f"{middle(one, space):<{space}}" for one, space in zip(row, widths, strict=True)) for row in cells
    ]
    return "".join(f"{one.rstrip()}\n" for one in (head, *lines))
