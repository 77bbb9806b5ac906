import json

import pytest
from jsonschema import Draft202012Validator
from tests.export.intents import everything, hostile, ordinary
from tests.export.osquery_tables import database

from weighbridge.export.intent import Intent
from weighbridge.export.osquery import write

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["queries"],
    "properties": {
        "platform": {"type": "string"},
        "version": {"type": "string"},
        "shard": {"type": "integer"},
        "discovery": {"type": "array", "items": {"type": "string"}},
        "queries": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": "^[a-z0-9_]{1,100}$"},
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["query", "interval"],
                "properties": {
                    "query": {"type": "string", "pattern": ";$"},
                    "interval": {"type": "integer", "minimum": 60, "maximum": 604800},
                    "platform": {"type": "string", "pattern": "^(linux|darwin|windows)(,(linux|darwin|windows))*$"},
                    "version": {"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
                    "snapshot": {"type": "boolean"},
                    "removed": {"type": "boolean"},
                    "description": {"type": "string"},
                    "value": {"type": "string"},
                },
            },
        },
    },
}
"""Keys of a pack and of its queries (osquery documentation, "Configuration")."""


@pytest.mark.parametrize("intent", [everything(), hostile(), *ordinary()])
def test_the_pack_has_the_keys_that_osquery_reads(intent: Intent) -> None:
    (text,) = write(intent).values()
    pack = json.loads(text)
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(pack)] == []
    for query in pack["queries"].values():
        database().execute(query["query"])


def test_the_same_policy_gives_the_same_bytes() -> None:
    assert write(everything()) == write(everything())
