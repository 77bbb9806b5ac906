import json

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


@given(EVENTS)
def test_hostile_text_stays_one_line_of_json(event: Event) -> None:
    text = line(event)
    assert text.isascii()
    assert "\n" not in text
    found = json.loads(text)
    assert found.get("message", "") == event.message
    assert found.get("file", {}).get("path", "") == event.path
