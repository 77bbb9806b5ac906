import json
from typing import Any

from hypothesis import given
from jsonschema import Draft202012Validator
from tests.export.event_samples import EVENTS, all_events
from tests.export.ocsf_schema import ACTIVITIES, CATEGORIES, CLASSES

from weighbridge.export.event import Event
from weighbridge.export.ocsf import document, line

VALID = {uid: Draft202012Validator(schema) for uid, schema in CLASSES.items()}


def faults(found: dict[str, Any]) -> list[str]:
    """Return what the schema has against an object."""
    uid = found["class_uid"]
    said = [f"{error.json_path}: {error.message}" for error in VALID[uid].iter_errors(found)]
    if found["category_uid"] != CATEGORIES[uid]:
        said.append("category")
    if found["activity_id"] not in ACTIVITIES[uid] or found["type_uid"] != uid * 100 + found["activity_id"]:
        said.append("type")
    if ("ai_model" in found) != ("ai_operation" in found["metadata"]["profiles"]):
        said.append("profile")
    return said


def test_events_fit_the_schema() -> None:
    classes = set()
    for event in all_events():
        found = document(event)
        assert faults(found) == []
        classes.add(found["class_uid"])
    assert classes == {1007, 2004, 5020}


def test_the_schema_refuses_what_is_wrong() -> None:
    found = document(next(event for event in all_events() if event.kind == "finding"))
    assert faults(found | {"finding_info": {"title": "x"}})
    assert faults(found | {"invented": 1})
    assert faults(found | {"type_uid": 1})


def test_a_mode_that_reports_has_denied_nothing() -> None:
    from dataclasses import replace

    (server,) = [event for event in all_events() if event.kind == "process" and event.pid == 4711]
    assert document(replace(server, observed_only=True))["action"] == "Observed"
    assert document(replace(server, observed_only=False))["action"] == "Denied"
    assert document(replace(server, decision="warn", observed_only=False))["action"] == "Observed"


def test_an_end_is_a_termination() -> None:
    from dataclasses import replace

    (server,) = [event for event in all_events() if event.kind == "process" and event.pid == 4711]
    ended = document(replace(server, kind="record", decision="", record_kind="process-end"))
    assert (ended["type_uid"], ended["activity_name"]) == (100702, "Terminate")
    assert faults(ended) == []


def test_a_running_model_is_an_operation_with_the_digest_that_is_mapped() -> None:
    from dataclasses import replace

    (server,) = [event for event in all_events() if event.kind == "process" and event.pid == 4711]
    found = document(replace(server, decision="allow"))
    assert found["ai_model"]["version"] == "3f9a" + "0" * 60
    assert found["process"]["pid"] == 4711


@given(EVENTS)
def test_hostile_text_fits_too(event: Event) -> None:
    text = line(event)
    assert "\n" not in text
    assert faults(json.loads(text)) == []
