"""Records as lines for a person."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from weighbridge.ledger.entry import Record, moment
from weighbridge.report.escape import middle, visible

_DIGEST = 12
_KEYS = (
    "name", "store_name", "path", "artifact", "sha256", "decision", "assessment", "format", "runtime", "agent",
    "address", "connectivity", "before", "reason", "why", "seconds", "minimum", "policy",
)  # fmt: skip
"""What is shown of a record's data, in this order."""
_UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}


def line(record: Record, home: str) -> str:
    """Return one record in one line: index, time, kind, what happened."""
    shown = record.at.replace("T", " ").partition(".")[0]
    head = f"{record.sequence:>7}  {visible(shown, 19):<19}  {visible(record.kind, 14):<14}"
    return f"{head}  {summary(record.data, home)}".rstrip()


def summary(data: Mapping[str, object], home: str) -> str:
    """Return what a record's data says, shortened."""
    words = []
    for key in _KEYS:
        value = data.get(key)
        if value in (None, "", False) or isinstance(value, (dict, list)):
            continue
        text = visible(str(value))
        if key in ("artifact", "sha256") and re.fullmatch(r"[0-9a-f]{64}", text):
            text = text[:_DIGEST]
        elif key == "path" and home and text.startswith(home + "/"):
            text = "~" + text[len(home) :]
        words.append(middle(f"{text} s" if key == "seconds" else text, 72))
    weights = data.get("weights")
    if isinstance(weights, list):
        words += [visible(str(one.get("path") or one.get("name")), 72) for one in weights[:2] if isinstance(one, dict)]
    return "  ".join(words)


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


def fits(record: Record, entry: bytes, kinds: frozenset[str], after: datetime | None, digest: bytes) -> bool:
    """Tell whether a record passes the filters of `wb ledger show`."""
    if kinds and record.kind not in kinds:
        return False
    if digest and digest not in entry:
        return False
    if after is None:
        return True
    at = moment(record.at)
    return at is not None and at >= after
