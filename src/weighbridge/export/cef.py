r"""Events in the Common Event Format, one a line.

Source: ArcSight Common Event Format, implementation standard (header fields escape `\` and `|`; extension values
escape `\`, `=` and line ends; dictionary with the length and type of each key). The keys are those of its version 0,
which every collector reads.
"""

from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address

from weighbridge.bom.text import clean
from weighbridge.export.event import Address, Event
from weighbridge.export.export import EventExport
from weighbridge.export.reported import base_name

_SEVERITY = {"info": 0, "low": 3, "medium": 5, "high": 8, "critical": 10}
_LONGEST = 1023
"""Characters of a value, which is what the format allows for most fields."""
_SHORTER = {"act": 63, "dvchost": 100, "externalId": 40, "fileHash": 255, "cs": 4000}
_LONGEST_NAME = 512


def line(event: Event) -> str:
    """Return one event: seven header fields and the extension."""
    head = (
        "CEF:0",
        "Weighbridge",
        "weighbridge",
        event.tool_version,
        f"{event.kind}:{event.check or event.record_kind or event.decision or 'seen'}",
        event.message,
        str(_SEVERITY.get(event.severity, 0)),
    )
    extension = " ".join(f"{key}={_value(key, value)}" for key, value in _extension(event) if value)
    return "|".join(_header(field) for field in head) + "|" + extension


def _extension(event: Event) -> Iterator[tuple[str, str]]:
    yield "rt", _milliseconds(event.at)
    yield "externalId", event.id
    yield "dvchost", event.machine
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
        yield from _listener(listening)
    yield "msg", event.original or _more(event)
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


def _more(event: Event) -> str:
    """Return what has no key of its own."""
    parts = (
        ("listens on", [one.spelled for one in event.listeners[1:]]),
        ("license", [event.license] if event.license else []),
        ("network", [event.network] if event.network else []),
        ("not visible", event.not_visible),
    )
    return "; ".join(f"{what}: {', '.join(values)}" for what, values in parts if values)


def _listener(listening: Address) -> Iterator[tuple[str, str]]:
    """Yield where a process accepts connections: `src` takes IPv4 only, a path of a socket neither."""
    try:
        version: int = ip_address(listening.address).version
    except ValueError:
        version = 0
    if version == 4:
        yield "src", listening.address
    elif version == 6:
        yield "c6a2Label", "Source IPv6 Address"
        yield "c6a2", listening.address
    yield "spt", "" if listening.port is None else str(listening.port)


def _header(value: str) -> str:
    return _cut(value, _LONGEST_NAME).replace("\\", "\\\\").replace("|", "\\|")


def _value(key: str, value: str) -> str:
    longest = _SHORTER.get("cs" if key.startswith("cs") else key, _LONGEST)
    return _cut(value, longest).replace("\\", "\\\\").replace("=", "\\=")


def _cut(value: str, longest: int) -> str:
    """Return a value of at most so many characters, before escaping; the ellipsis of one that was cut counts too."""
    shown = clean(value, longest)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def _milliseconds(at: str) -> str:
    try:
        return str(int(datetime.fromisoformat(at).timestamp() * 1000))
    except (ValueError, OverflowError, OSError):
        return ""


EXPORT = EventExport(
    id="cef",
    title="Common Event Format, one event a line",
    line=line,
    carries="verdict, model, process, one listener; the rest in `msg`",
    validated_by="a reader of the format that gives every value back",
    next_step="Let your collector read the file, or send its lines by syslog.",
)
