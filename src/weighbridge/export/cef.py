r"""Events in the Common Event Format, one a line.

Source: ArcSight Common Event Format, implementation standard, version 1.2 (header fields escape `\` and `|`; extension
values escape `\`, `=` and line ends).
"""

from collections.abc import Iterator
from datetime import datetime

from weighbridge.bom.text import clean
from weighbridge.export.event import Event
from weighbridge.export.export import EventExport
from weighbridge.export.reported import base_name

_SEVERITY = {"info": 0, "low": 3, "medium": 5, "high": 8, "critical": 10}
_LONGEST = 1023
"""Characters of a value, which is what the format allows for most fields."""


def line(event: Event) -> str:
    """Return one event: seven header fields and the extension."""
    head = (
        "CEF:1",
        "Weighbridge",
        "weighbridge",
        event.tool_version,
        f"{event.kind}:{event.check or event.record_kind or event.decision or 'seen'}",
        event.message,
        str(_SEVERITY.get(event.severity, 0)),
    )
    extension = " ".join(f"{key}={_value(value)}" for key, value in _extension(event) if value)
    return "|".join(_header(field) for field in head) + "|" + extension


def _extension(event: Event) -> Iterator[tuple[str, str]]:
    yield "rt", _milliseconds(event.at)
    yield "externalId", event.id[:40]
    yield "dvchost", event.machine[:100]
    yield "act", event.decision
    yield "reason", event.reason
    yield "fname", base_name(event.path)
    yield "filePath", event.path
    yield "fsize", "" if event.size is None else str(event.size)
    yield "fileHash", event.sha256
    yield "fileType", event.format
    yield "spid", "" if event.pid is None else str(event.pid)
    yield "sproc", event.executable or event.process
    yield "suser", event.user
    listening = next(iter(event.listeners), None)
    if listening is not None:
        yield "src", listening.address if listening.port is not None else ""
        yield "spt", "" if listening.port is None else str(listening.port)
    for number, (label, value) in enumerate(
        (
            ("policyRule", event.rule),
            ("policy", event.policy),
            ("check", event.check),
            ("actor", event.agent or event.actor),
            ("runtime", event.runtime),
            ("remedy", event.remedy),
        ),
        1,
    ):
        if value:
            yield f"cs{number}Label", label
            yield f"cs{number}", value


def _header(value: str) -> str:
    return clean(value, _LONGEST).replace("\\", "\\\\").replace("|", "\\|")


def _value(value: str) -> str:
    return clean(value, _LONGEST).replace("\\", "\\\\").replace("=", "\\=")


def _milliseconds(at: str) -> str:
    try:
        return str(int(datetime.fromisoformat(at).timestamp() * 1000))
    except (ValueError, OverflowError, OSError):
        return ""


EXPORT = EventExport(
    id="cef",
    title="Common Event Format, one event a line",
    line=line,
    validated_by="a reader of the format that gives every value back",
    next_step="Let your collector read the file, or send its lines by syslog.",
)
