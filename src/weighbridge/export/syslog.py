r"""Events as syslog messages, one a line, with structured data.

Source: RFC 5424, sections 6 (grammar), 6.3.3 (`"`, `\` and `]` in a PARAM-VALUE are escaped by `\`) and 6.4 (UTF-8
after a byte order mark). The enterprise number in the id of the structured data is the one for documentation
(RFC 5612: 32473). A sender that uses TCP frames each line (RFC 6587, octet counting).
"""

import re
from collections.abc import Iterator
from datetime import datetime

from weighbridge.bom.text import clean
from weighbridge.export.event import Event
from weighbridge.export.export import EventExport

_FACILITY = 13
"""Log audit."""
_SEVERITY = {"info": 6, "low": 5, "medium": 4, "high": 3, "critical": 2}
_ID = "weighbridge@32473"
_LONGEST = 2048
_NIL = "-"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)


def line(event: Event) -> str:
    """Return one message."""
    return f"{header(event)} {_structured(event)} \ufeff{clean(event.message, _LONGEST)}"


def header(event: Event) -> str:
    """Return what stands before the structured data."""
    priority = 8 * _FACILITY + _SEVERITY.get(event.severity, 6)
    head = (
        f"<{priority}>1",
        _timestamp(event.at),
        _name(event.machine, 255),
        "weighbridge",
        _NIL,
        _name(event.check or event.record_kind or event.kind, 32),
    )
    return " ".join(head)


def _structured(event: Event) -> str:
    values = "".join(f' {key}="{_escaped(value)}"' for key, value in _parameters(event) if value)
    return f"[{_ID}{values}]" if values else _NIL


def _parameters(event: Event) -> Iterator[tuple[str, str]]:
    yield "id", event.id
    yield "kind", event.kind
    yield "decision", event.decision
    yield "rule", event.rule
    yield "policy", event.policy
    yield "reason", event.reason
    yield "remedy", event.remedy
    yield "sha256", event.sha256
    yield "path", event.path
    yield "format", event.format
    yield "size", "" if event.size is None else str(event.size)
    yield "pid", "" if event.pid is None else str(event.pid)
    yield "executable", event.executable
    yield "runtime", event.runtime
    yield "actor", event.actor
    yield "agent", event.agent
    yield "network", event.network
    yield "listeners", ", ".join(one.spelled for one in event.listeners)
    yield "check", event.check
    yield "confidence", event.confidence
    yield "assessment", event.assessment
    yield "license", event.license
    yield "notVisible", ", ".join(event.not_visible)
    yield "index", "" if event.index is None else str(event.index)
    yield "record", event.original


def _escaped(value: str) -> str:
    return clean(value, _LONGEST).replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]")


def _name(text: str, longest: int) -> str:
    """Return a header field: printable ASCII without spaces, or `-`."""
    return "".join(one if "!" <= one <= "~" else "_" for one in text[:longest]) or _NIL


def _timestamp(at: str) -> str:
    if not _TIME.fullmatch(at):
        return _NIL
    try:
        datetime.fromisoformat(at)
    except ValueError:
        return _NIL
    return at


EXPORT = EventExport(
    id="syslog",
    title="Syslog messages (RFC 5424) with structured data",
    line=line,
    carries="verdict, model, process, actor as structured data; the record itself",
    validated_by="a reader of the grammar of RFC 5424",
    next_step="Hand the lines to your syslog sender; over TCP it frames each message.",
)
