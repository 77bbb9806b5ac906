import asyncio
import json
from typing import Any

import pytest
from google.protobuf import json_format
from hypothesis import given
from jsonschema import Draft202012Validator
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import SeverityNumber
from tests.export.event_samples import EVENTS
from tests.fleet.receivers import HttpReceiver, Reply, poster
from tests.fleet.test_target_webhook import events_of
from tests.fleet.told import NOW

from weighbridge.export.event import Event
from weighbridge.fleet.outbox_events import Outgoing
from weighbridge.fleet.store import Store
from weighbridge.fleet.target import Destination, UndeliveredError
from weighbridge.fleet.target_otlp import request, send


def _object(**properties: object) -> dict[str, object]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _list(items: object) -> dict[str, object]:
    return {"type": "array", "items": items}


_NANOSECONDS = {"type": "string", "pattern": "^[0-9]{1,20}$"}
_TEXT = {"type": "string"}
_VALUE: dict[str, Any] = {
    "oneOf": [
        _object(stringValue=_TEXT) | {"required": ["stringValue"]},
        _object(boolValue={"type": "boolean"}) | {"required": ["boolValue"]},
        _object(intValue={"type": "string", "pattern": "^-?[0-9]{1,19}$"}) | {"required": ["intValue"]},
        _object(arrayValue=_object(values=_list({"$ref": "#/$defs/value"}))) | {"required": ["arrayValue"]},
    ]
}
_ATTRIBUTES = _list(_object(key=_TEXT, value={"$ref": "#/$defs/value"}) | {"required": ["key", "value"]})
_RECORD = _object(
    timeUnixNano=_NANOSECONDS,
    observedTimeUnixNano=_NANOSECONDS,
    severityNumber={"type": "integer", "minimum": 0, "maximum": 24},
    severityText=_TEXT,
    body={"$ref": "#/$defs/value"},
    attributes=_ATTRIBUTES,
    eventName=_TEXT,
)
SCHEMA = _object(
    resourceLogs=_list(
        _object(
            resource=_object(attributes=_ATTRIBUTES),
            scopeLogs=_list(_object(scope=_object(name=_TEXT, version=_TEXT), logRecords=_list(_RECORD))),
        )
    )
) | {"$defs": {"value": _VALUE}, "required": ["resourceLogs"]}
"""ExportLogsServiceRequest in protobuf's JSON mapping as the protocol narrows it: 64-bit integers are strings."""
VALID = Draft202012Validator(SCHEMA)


def decoded(body: bytes) -> ExportLogsServiceRequest:
    """Read a request as a collector does: by the protocol's own schema; a field that it does not know is an error."""
    return json_format.Parse(body, ExportLogsServiceRequest(), ignore_unknown_fields=False)


def records_of(body: bytes) -> list[dict[str, Any]]:
    found = json.loads(body)
    assert [error.message for error in VALID.iter_errors(found)] == []
    again = ExportLogsServiceRequest()
    again.ParseFromString(decoded(body).SerializeToString())
    assert json_format.MessageToDict(again) == _without_zeros(found), "the schema means what was written"
    return [one for part in found["resourceLogs"] for scope in part["scopeLogs"] for one in scope["logRecords"]]


def _without_zeros(found: Any) -> Any:
    """Leave out what protobuf's mapping leaves out: plain fields at zero. Numbers of severities become their names."""
    if isinstance(found, list):
        return [_without_zeros(one) for one in found]
    if not isinstance(found, dict):
        return found
    # What is one of several kinds is there, zero or not.
    plain = {name for name, one in found.items() if one in (0, "", [], "0") and not name.endswith("Value")}
    kept = {name: _without_zeros(one) for name, one in found.items() if name not in plain}
    if "severityNumber" in kept:
        kept["severityNumber"] = SeverityNumber.Name(kept["severityNumber"])
    return kept


def test_a_collector_reads_it_by_the_protocols_own_schema(store: Store) -> None:
    events = events_of(store)
    with HttpReceiver(lambda _: Reply(200, b"{}")) as receiver:
        asyncio.run(send(Destination(address=receiver.url), events, poster(), NOW))
        (received,) = receiver.received
    said = decoded(received.body)
    (resource, *_) = said.resource_logs
    about = {one.key: one.value.string_value for one in resource.resource.attributes}
    assert about["service.name"] == "weighbridge"
    logs = [one for part in said.resource_logs for scope in part.scope_logs for one in scope.log_records]
    assert [one.body.string_value for one in logs] == [one.event.message for one in events]
    assert logs[0].time_unix_nano == NOW * 1_000_000
    assert logs[0].severity_number == SeverityNumber.SEVERITY_NUMBER_FATAL
    for wrong in (b'{"resourceLogs":[{"scope_log":[]}]}', b'{"resourceLogs":[{"resource":{"attributes":{}}}]}'):
        with pytest.raises(json_format.ParseError):
            decoded(wrong)


def test_a_collector_takes_it(store: Store) -> None:
    events = events_of(store)
    with HttpReceiver(lambda _: Reply(200, b"{}")) as receiver:
        asyncio.run(send(Destination(address=receiver.url, secret="token-of-a-collector"), events, poster(), NOW))
        asyncio.run(send(Destination(address=f"{receiver.url}/v1/logs"), events, poster(), NOW))
        first, second = receiver.received
    assert (first.path, first.headers["content-type"]) == ("/v1/logs", "application/json")
    assert first.headers["authorization"] == "Bearer token-of-a-collector"
    assert (second.path, "authorization" in second.headers) == ("/v1/logs", False)
    found = records_of(first.body)
    assert [one["body"]["stringValue"] for one in found] == [one.event.message for one in events]
    assert found[0]["severityNumber"] == 21
    assert found[0]["timeUnixNano"] == str(NOW * 1_000_000)
    attributes = {one["key"]: one["value"] for one in found[0]["attributes"]}
    assert attributes["event.id"] == {"stringValue": events[0].event.id}


def test_what_a_collector_dropped_is_not_sent_again_as_it_was(store: Store) -> None:
    said = b'{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}'
    with (
        HttpReceiver(lambda _: Reply(200, said)) as receiver,
        pytest.raises(UndeliveredError, match="too old") as caught,
    ):
        asyncio.run(send(Destination(address=receiver.url), events_of(store), poster(), NOW))
    assert caught.value.is_refused


@pytest.mark.parametrize("body", [b"", b"{}", b"\x00", b'{"partialSuccess":{}}', b'{"partialSuccess":null}', b"[]"])
def test_answers_that_say_nothing_of_the_kind(store: Store, body: bytes) -> None:
    with HttpReceiver(lambda _: Reply(200, body)) as receiver:
        asyncio.run(send(Destination(address=receiver.url), events_of(store), poster(), NOW))
        assert len(receiver.received) == 1


@given(EVENTS)
def test_whatever_an_event_holds_it_fits(event: Event) -> None:
    body = json.dumps(request([Outgoing(event, "record", "a" * 16)], NOW), ensure_ascii=False).encode("utf-8")
    (found,) = records_of(body)
    assert found["eventName"] == "weighbridge.record"
