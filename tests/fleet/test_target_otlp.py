import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator
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
"""ExportLogsServiceRequest of opentelemetry-proto 1.5 in protobuf's JSON mapping: the fields that are used."""
VALID = Draft202012Validator(SCHEMA)


def records_of(body: bytes) -> list[dict[str, Any]]:
    found = json.loads(body)
    assert [error.message for error in VALID.iter_errors(found)] == []
    return [one for part in found["resourceLogs"] for scope in part["scopeLogs"] for one in scope["logRecords"]]


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
