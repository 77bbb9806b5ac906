import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.export.intents import everything, hostile, ordinary, strict

from weighbridge.export.elastic import write
from weighbridge.export.intent import Intent, intent_of
from weighbridge.pipeline.export_products import products

TEXT = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "items": TEXT}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["rule_id", "name", "description", "type", "query", "severity", "risk_score"],
    "properties": {
        "rule_id": {"type": "string", "pattern": "^[0-9a-f-]{36}$"},
        "name": TEXT,
        "description": TEXT,
        "type": {"const": "query"},
        "language": {"enum": ["kuery", "lucene"]},
        "query": TEXT,
        "index": TEXTS,
        "severity": {"enum": ["low", "medium", "high", "critical"]},
        "risk_score": {"type": "integer", "minimum": 0, "maximum": 100},
        "interval": {"type": "string", "pattern": "^[0-9]+[smh]$"},
        "from": {"type": "string", "pattern": "^now-[0-9]+[smh]$"},
        "enabled": {"type": "boolean"},
        "note": TEXT,
        "tags": TEXTS,
        "author": TEXTS,
        "version": {"type": "integer", "minimum": 1},
    },
}
"""Fields of a query rule (Elastic Security, detections API)."""
TOKEN = re.compile(r'\s*(?:(?P<string>"(?:[^"\\]|\\["\\])*")|(?P<mark>[():])|(?P<word>(?:[\w.@/*-]|\\\\)+))')
FIELDS = {
    *("file.hash.sha256", "event.module", "weighbridge.decision", "event.category", "event.type", "process.name"),
    "process.args",
    "process.executable",
}


def rules(intent: Intent) -> list[dict[str, Any]]:
    return [json.loads(line) for line in write(intent)["weighbridge.ndjson"].splitlines()]


def read_kql(text: str) -> None:
    """Raise AssertionError if a query is not `field : value`, joined by and, or, parentheses."""
    tokens, position = [], 0
    while text[position:].strip():
        token = TOKEN.match(text, position)
        assert token is not None, text[position : position + 40]
        tokens.append(token[0].strip())
        position = token.end()
    assert tokens.count("(") == tokens.count(")")
    for number, token in enumerate(tokens):
        if token == ":":
            assert tokens[number - 1] in FIELDS, tokens[number - 1]
        elif token in ("and", "or"):
            assert tokens[number - 1] not in ("and", "or", "(", ":")
            assert tokens[number + 1] not in ("and", "or", ")", ":")


@pytest.mark.parametrize("intent", [strict(), hostile(), everything(), *ordinary()])
def test_rules_have_the_fields_that_kibana_imports(intent: Intent) -> None:
    found = rules(intent)
    assert len({rule["rule_id"] for rule in found}) == len(found)
    for rule in found:
        assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(rule)] == []
        read_kql(rule["query"])


def test_the_whole_catalog_reads_too() -> None:
    from tests.policy_texts import shipped

    for rule in rules(intent_of(shipped("regulated"), products())):
        read_kql(rule["query"])


@pytest.mark.parametrize("query", ['process.name : ("a"', 'x"y', "a.b : c", "process.name : x and"])
def test_the_reader_refuses_what_is_no_query(query: str) -> None:
    with pytest.raises((AssertionError, IndexError)):
        read_kql(query)


def test_digests_come_first() -> None:
    assert rules(strict())[0]["query"] == f'file.hash.sha256 : ("{"ab" * 32}")'
    names = [rule["name"] for rule in rules(everything())]
    assert "AI product that the policy denies was started" in names
    assert "Model server opened to other machines" in names
