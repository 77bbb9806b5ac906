import json
from dataclasses import replace

from hypothesis import given
from jsonschema import Draft202012Validator
from tests.export.event_samples import EVENTS, all_events

from weighbridge.export.ecs import document, line
from weighbridge.export.event import Event

KEYWORD = {"type": "string"}
LONG = {"type": "integer"}
KEYWORDS = {"type": "array", "items": KEYWORD}


def fields(**properties: object) -> dict[str, object]:
    return {"type": "object", "additionalProperties": False, "properties": properties}


SCHEMA = fields(
    **{"@timestamp": KEYWORD},
    ecs=fields(version=KEYWORD),
    message=KEYWORD,
    event=fields(
        id=KEYWORD,
        kind={"enum": ["alert", "asset", "enrichment", "event", "metric", "state", "pipeline_error", "signal"]},
        category={"items": {"enum": ["file", "process", "configuration", "host", "network", "threat"]}},
        type={"items": {"enum": ["access", "change", "creation", "deletion", "end", "info", "start"]}},
        action=KEYWORD,
        dataset=KEYWORD,
        module=KEYWORD,
        outcome={"enum": ["failure", "success", "unknown"]},
        severity=LONG,
        reason=KEYWORD,
        sequence=LONG,
        original=KEYWORD,
    ),
    host=fields(hostname=KEYWORD, name=KEYWORD),
    observer=fields(vendor=KEYWORD, product=KEYWORD, version=KEYWORD),
    rule=fields(id=KEYWORD, ruleset=KEYWORD, description=KEYWORD),
    user=fields(name=KEYWORD),
    file=fields(path=KEYWORD, name=KEYWORD, size=LONG, hash=fields(sha256=KEYWORD)),
    process=fields(pid=LONG, name=KEYWORD, executable=KEYWORD, args=KEYWORDS, args_count=LONG, parent=fields(pid=LONG)),
    server=fields(address=KEYWORD, port=LONG),
    threat=fields(technique=fields(id=KEYWORDS)),
    weighbridge={"type": "object"},
) | {"required": ["@timestamp", "ecs", "message", "event"]}
"""The ECS fields that are used, with their types and allowed values (ECS 9.1 field reference)."""
VALID = Draft202012Validator(SCHEMA)


def test_events_fit_the_schema() -> None:
    for event in all_events():
        assert [error.message for error in VALID.iter_errors(document(event))] == []


def test_the_decision_is_the_outcome() -> None:
    (denied,) = [document(event) for event in all_events() if event.kind == "process" and event.pid == 4711]
    assert denied["event"]["outcome"] == "failure"
    assert denied["weighbridge"]["decision"] == "deny"
    assert denied["file"]["hash"]["sha256"] == "3f9a" + "0" * 60


def test_a_mode_that_reports_has_stopped_nothing() -> None:
    (server,) = [event for event in all_events() if event.kind == "process" and event.pid == 4711]
    assert document(replace(server, observed_only=True))["event"]["outcome"] == "unknown"


def test_a_finding_is_named_by_its_check() -> None:
    findings = [event for event in all_events() if event.kind == "finding"]
    assert {document(event)["rule"]["id"] for event in findings} == {event.check for event in findings}


def test_an_end_is_an_end_and_a_time_that_is_none_is_left_out() -> None:
    event = Event(kind="record", id="1", at="now", machine="m", tool_version="1", message="x", record_kind="start")
    started = document(event)
    assert "@timestamp" not in started
    assert (started["event"]["category"], started["event"]["type"]) == (["host"], ["info"])
    ended = document(replace(event, record_kind="process-end", pid=1))
    assert (ended["event"]["category"], ended["event"]["type"]) == (["process"], ["end"])


@given(EVENTS)
def test_hostile_text_stays_one_line_of_json(event: Event) -> None:
    text = line(event)
    assert text.isascii()
    assert "\n" not in text
    found = json.loads(text)
    assert found.get("message", "") == event.message
    assert found.get("file", {}).get("path", "") == event.path
