"""Records as lines for a person."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from weighbridge.ledger.entry import Record, moment
from weighbridge.report.escape import middle, visible

_DIGEST = 12
_WIDEST = 72
_KIND = 16
_GAP = "  "
_SHORTEST = 12
"""Characters of a word that say something."""
_FIELDS: dict[str, tuple[str, ...]] = {
    "accelerator": ("title", "pid", "accelerator"),
    "agent": ("what", "name", "version", "path"),
    "artifact": ("artifact", "format", "assessment", "license"),
    "capability": ("not_visible",),
    "finding": ("severity", "message"),
    "gap": ("reason", "what", "why", "from"),
    "heartbeat": ("processes", "resident_bytes", "cpu_seconds"),
    "key-change": ("why",),
    "listener": ("address", "port", "product", "pid"),
    "network": ("connectivity", "reasons"),
    "outcome": ("what", "name", "commit"),
    "overload": ("what", "lost", "reason"),
    "process": ("pid", "name", "runtime", "weights", "verdict"),
    "prune": ("minimum", "why"),
    "secret": ("format", "name", "path"),
    "sighting": ("path", "member", "store_name", "artifact"),
    "toolchain": ("ecosystem", "name", "version", "path"),
    "verdict": ("decision", "artifact", "policy", "revoked"),
}
"""What is shown of each kind, in this order; of an end what is shown of its beginning."""
_OTHERS = ("name", "path", "pid", "artifact", "reason", "why")
_BEGINNINGS = {
    "new": "a new ledger",
    "stopped": "recording began",
    "killed": "recording began; the one before did not end in good order",
}
_UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}


def line(record: Record, home: str) -> str:
    """Return one record in one line: index, time, kind, what happened."""
    shown = record.at.replace("T", " ").partition(".")[0]
    head = f"{record.sequence:>7}  {visible(shown, 19):<19}  {visible(record.kind, 14):<14}"
    return f"{head}  {summary(record, home)}".rstrip()


def table(records: Sequence[Record], home: str, width: int) -> Iterator[str]:
    """Yield records as lines of at most `width` characters, below the day (UTC) on which they were made."""
    number = max((len(str(record.sequence)) for record in records), default=1)
    kind = max((len(visible(record.kind, _KIND)) for record in records), default=1)
    day = ""
    for record in records:
        at = visible(record.at, 24)
        if at[:10] != day:
            day = at[:10]
            yield f"{day} UTC"
        head = f"  {record.sequence:>{number}}  {at[11:19]:<8}  {visible(record.kind, _KIND):<{kind}}"
        yield f"{head}  {_fitted(record, home, max(12, width - len(head) - 2))}".rstrip()


def _fitted(record: Record, home: str, room: int) -> str:
    """Return what a record says in `room` characters; the longest of its words gives way first."""
    words = _words(record, home)
    while len(_GAP.join(words)) > room:
        longest = max(words, key=len)
        shorter = len(longest) - (len(_GAP.join(words)) - room)
        if shorter < _SHORTEST:
            return middle(_GAP.join(words), room)
        words[words.index(longest)] = middle(longest, shorter)
    return _GAP.join(words)


def summary(record: Record, home: str) -> str:
    """Return what a record says, shortened."""
    return _GAP.join(_words(record, home))


def _words(record: Record, home: str) -> list[str]:
    data = record.data
    if record.kind == "start":
        return [_BEGINNINGS.get(str(data.get("before")), "recording began")]
    if record.kind == "stop":
        return ["recording ended"]
    if record.kind == "clock-step":
        seconds = data.get("seconds")
        return [f"by {seconds:+.0f} s"] if isinstance(seconds, (int, float)) else []
    if record.kind == "release":
        return _of_release(data, home)
    fields = _FIELDS.get(record.kind.removesuffix("-end"), _OTHERS)
    return [word for field in fields if (word := _word(field, data.get(field), home))]


def _of_release(data: Mapping[str, object], home: str) -> list[str]:
    """Say what was done with which model of the hub, by whom and why."""
    detail = data.get("detail")
    known = detail if isinstance(detail, dict) else {}
    model, commit = known.get("model") or data.get("release"), known.get("commit")
    named = f"{model}@{str(commit)[:_DIGEST]}" if model and commit else model
    by = data.get("by")
    said = (data.get("step"), named, f"by {by}" if isinstance(by, str) and by else "", data.get("why"))
    return [word for value in said if (word := _word("", value, home))]


def _word(field: str, value: object, home: str) -> str:
    if isinstance(value, list):
        shown = [_word(field, one, home) for one in value[:2]]
        more = [f"and {len(value) - 2} more"] if len(value) > 2 else []
        return ", ".join([word for word in shown if word] + more)
    if isinstance(value, dict):
        parts = (value.get(key) for key in ("decision", "path", "name", "server_name"))
        return next((_word(field, part, home) for part in parts if part), "")
    if value is None or value == "" or isinstance(value, bool):
        return ""
    text = visible(str(value))
    if field == "artifact" and re.fullmatch(r"[0-9a-f]{64}", text):
        return text[:_DIGEST]
    if home and text.startswith(home + "/"):
        text = "~" + text[len(home) :]
    return middle(f"pid {text}" if field == "pid" else text, _WIDEST)


def since(text: str, now: datetime) -> datetime:
    """Return the moment that `--since` means: `2h`, `7d`, a day or a time.

    Raises:
        ValueError: it is none.
    """
    match = re.fullmatch(r"([0-9]{1,6})([mhdw])", text)
    if match is not None:
        return now - timedelta(seconds=int(match[1]) * _UNITS[match[2]])
    stated = datetime.fromisoformat(text)
    return stated if stated.tzinfo is not None else stated.replace(tzinfo=UTC)


def fits(
    record: Record,
    entry: bytes,
    kinds: frozenset[str],
    after: datetime | None,
    digest: bytes,
    before: datetime | None = None,
) -> bool:
    """Tell whether a record passes the filters of `wb ledger show`."""
    if kinds and record.kind not in kinds:
        return False
    if digest and digest not in entry:
        return False
    if after is None and before is None:
        return True
    at = moment(record.at)
    return at is not None and (after is None or at >= after) and (before is None or at < before)
