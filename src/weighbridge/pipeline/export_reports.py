"""A report that was written earlier: its bytes as plain values, checked."""

import json
from typing import Any

from weighbridge.export.reported import AGENTS, PROCESSES, SCAN
from weighbridge.model.errors import WeighbridgeError

LARGEST_BYTES = 1 << 30


def report_of(content: bytes, name: str) -> dict[str, Any]:
    """Return the report in `content`.

    Args:
        content: JSON as `wb scan`, `wb ps` or `wb agent audit` writes it with `--format json`.
        name: what to call it in errors.

    Raises:
        WeighbridgeError: `E-report-unreadable`.
    """
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        raise _unreadable(name, "is no JSON") from None
    schema = value.get("schema") if isinstance(value, dict) else None
    if schema not in (SCAN, PROCESSES, AGENTS):
        raise _unreadable(name, "is no report of `wb scan`, `wb ps` or `wb agent audit`")
    found: dict[str, Any] = value
    return found


def _unreadable(name: str, why: str) -> WeighbridgeError:
    return WeighbridgeError(
        "E-report-unreadable", f"{name} {why}", "make one with `wb scan --format json --output report.json`"
    )
