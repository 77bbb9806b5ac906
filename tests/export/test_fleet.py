import pytest
import yaml
from jsonschema import Draft202012Validator
from tests.export.intents import everything, hostile, ordinary
from tests.export.osquery_tables import database, fill

from weighbridge.export.fleet import write
from weighbridge.export.intent import Intent

PLATFORM = {"type": "string", "pattern": "^(darwin|linux|windows)(,(darwin|linux|windows))*$"}


def listed(required: str, **properties: object) -> Draft202012Validator:
    one = {
        "type": "object",
        "additionalProperties": False,
        "required": required.split(),
        "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 255}, **properties},
    }
    return Draft202012Validator({"type": "array", "minItems": 1, "items": one})


TEXT = {"type": "string", "minLength": 1}
TRUTH = {"type": "boolean"}
LABELS = {"type": "array", "items": TEXT}
SCHEMAS = {
    "lib/weighbridge.policies.yml": listed(
        "name query",
        query=TEXT,
        critical=TRUTH,
        description=TEXT,
        resolution=TEXT,
        platform=PLATFORM,
        labels_include_any=LABELS,
    ),
    "lib/weighbridge.reports.yml": listed(
        "name query",
        query=TEXT,
        description=TEXT,
        interval={"type": "integer"},
        platform=PLATFORM,
        logging={"enum": ["snapshot", "differential", "differential_ignore_removals"]},
        observer_can_run=TRUTH,
        automations_enabled=TRUTH,
    ),
    "lib/weighbridge.labels.yml": listed(
        "name query label_membership_type",
        query=TEXT,
        description=TEXT,
        label_membership_type={"enum": ["dynamic", "manual", "host_vitals"]},
        platform=PLATFORM,
    ),
}
"""Keys of Fleet's YAML files (Fleet documentation, "YAML files")."""


@pytest.mark.parametrize("intent", [everything(), hostile(), *ordinary()])
def test_files_have_the_keys_that_fleet_reads(intent: Intent) -> None:
    files = {name: yaml.safe_load(text) for name, text in write(intent).items()}
    labels = {one["name"] for one in files["lib/weighbridge.labels.yml"]}
    for name, content in files.items():
        assert [error.message for error in SCHEMAS[name].iter_errors(content)] == []
        assert len({one["name"] for one in content}) == len(content), "Fleet refuses a name that stands twice"
        for one in content:
            database().execute(one["query"])
            assert set(one.get("labels_include_any", ())) <= labels, "Fleet refuses a label that it does not know"


def test_a_policy_passes_where_nothing_is_found() -> None:
    policies = {one["name"]: one for one in yaml.safe_load(write(everything())["lib/weighbridge.policies.yml"])}
    made = database()
    denied = policies["AI products that the policy denies (linux)"]
    assert made.execute(denied["query"]).fetchall() == [(1,)]
    fill(made, "processes", pid=1, name="ollama", path="/usr/local/bin/ollama")
    assert made.execute(denied["query"]).fetchall() == []
    assert denied["labels_include_any"] == ["AI on the device"]


def test_there_is_no_policy_about_what_the_rules_accept() -> None:
    from dataclasses import replace

    mild = replace(everything(), blocked=(), denied_products=frozenset(), products=())
    assert set(write(mild)) == {"lib/weighbridge.reports.yml", "lib/weighbridge.labels.yml"}
