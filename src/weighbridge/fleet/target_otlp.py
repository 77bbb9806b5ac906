"""OpenTelemetry logs over HTTP, as JSON.

Source: OpenTelemetry protocol 1.5 ("OTLP/HTTP Request", "Partial Success", "Retryable response codes"), data model of
logs 1.x (severity numbers), protobuf's JSON mapping (64-bit integers are strings, field names in lowerCamelCase).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec

from weighbridge import __version__
from weighbridge.export import ecs
from weighbridge.fleet.outbox_events import Outgoing
from weighbridge.fleet.target import Destination, Target, UndeliveredError, accepted
from weighbridge.host.outgoing_http import Answer, Poster

PATH = "/v1/logs"
_SEVERITY = {"info": 9, "low": 10, "medium": 13, "high": 17, "critical": 21}
_AT_ONCE = 200
_LEFT_OUT = ("@timestamp", "message", "ecs")
"""What a log record has fields of its own for."""


async def send(destination: Destination, events: Sequence[Outgoing], poster: Poster, now: int) -> None:
    """Send events; returns once all are taken. Raises UndeliveredError, OutgoingError."""
    url = destination.address.rstrip("/")
    url = url if url.endswith(PATH) else url + PATH
    headers = {"Content-Type": "application/json"}
    if destination.secret:
        headers["Authorization"] = f"Bearer {destination.secret}"
    for start in range(0, len(events), _AT_ONCE):
        body = msgspec.json.encode(request(events[start : start + _AT_ONCE], now))
        _all_taken(accepted(await poster.post(url, body, headers, destination.authorities)))


def request(events: Sequence[Outgoing], now: int) -> dict[str, Any]:
    """Return events as an ExportLogsServiceRequest: a resource for each endpoint.

    Args:
        events: in their order.
        now: milliseconds since 1970.
    """
    resources = []
    for (endpoint_id, machine), group in groupby(events, key=lambda one: (one.endpoint_id, one.event.machine)):
        about = {"service.name": "weighbridge", "host.name": machine, "host.id": endpoint_id}
        scope = {"name": "weighbridge", "version": __version__}
        logs = [_record(one, now) for one in group]
        resources.append(
            {
                "resource": {"attributes": _attributes(about)},
                "scopeLogs": [{"scope": scope, "logRecords": logs}],
            }
        )
    return {"resourceLogs": resources}


def _record(one: Outgoing, now: int) -> dict[str, Any]:
    document = ecs.document(one.event)
    fields = {key: value for key, value in document.items() if key not in _LEFT_OUT}
    return {
        "timeUnixNano": str(_nanoseconds(one.event.at, now)),
        "observedTimeUnixNano": str(now * 1_000_000),
        "severityNumber": _SEVERITY.get(one.event.severity, 0),
        "severityText": _text(one.event.severity.upper()),
        "eventName": f"weighbridge.{one.topic}",
        "body": {"stringValue": _text(one.event.message)},
        "attributes": _attributes(dict(_flat(fields, ""))),
    }


def _flat(values: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    """Yield nested fields under dotted names. They are as deep as `ecs.document` makes them."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _attributes(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": _value(value)} for key, value in values.items() if value not in (None, "", [])]


def _value(value: object) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, list | tuple):
        return {"arrayValue": {"values": [_value(one) for one in value]}}
    return {"stringValue": _text(str(value))}


def _text(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _nanoseconds(at: str, now: int) -> int:
    try:
        return max(0, int(datetime.fromisoformat(at).timestamp() * 1000)) * 1_000_000
    except (ValueError, OverflowError, OSError):
        return now * 1_000_000


class _Partial(msgspec.Struct, rename="camel"):
    rejected_log_records: int | str = 0
    error_message: str = ""


class _Response(msgspec.Struct, rename="camel"):
    partial_success: _Partial | None = None


def _all_taken(answer: Answer) -> None:
    """Raise UndeliveredError if a collector says that it dropped some: the protocol forbids to send them again."""
    try:
        said = msgspec.json.decode(answer.body, type=_Response).partial_success
    except (msgspec.DecodeError, msgspec.ValidationError):
        return
    if said is not None and str(said.rejected_log_records) not in ("0", ""):
        reason = f"it dropped {said.rejected_log_records} of them: {said.error_message[:200]}"
        raise UndeliveredError(reason, is_refused=True)


TARGET = Target(
    id="otlp",
    title="OpenTelemetry logs over HTTP",
    send=send,
    address="https://collector.example.com:4318",
)
