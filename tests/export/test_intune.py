import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator
from tests.export.intents import everything, hostile, ordinary, strict

from weighbridge.export.intent import Intent
from weighbridge.export.intune import write
from weighbridge.export.intune_scripts import DENIED, OPEN, WEIGHTS

TEXT = {"type": "string", "minLength": 1}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["Rules"],
    "properties": {
        "Rules": {
            "type": "array",
            "minItems": 1,
            "maxItems": 100,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["SettingName", "Operator", "DataType", "Operand", "MoreInfoUrl", "RemediationStrings"],
                "properties": {
                    "SettingName": TEXT,
                    "Operator": {
                        "enum": ["IsEquals", "NotEquals", "GreaterThan", "GreaterEquals", "LessThan", "LessEquals"]
                    },
                    "DataType": {"enum": ["Boolean", "Int64", "Double", "String", "DateTime", "Version"]},
                    "Operand": {"type": ["boolean", "string", "number"]},
                    "MoreInfoUrl": {"type": "string", "pattern": "^https://"},
                    "RemediationStrings": {
                        "type": "array",
                        "contains": {"properties": {"Language": {"const": "en_US"}}},
                        "items": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["Language", "Title", "Description"],
                            "properties": {"Language": TEXT, "Title": TEXT, "Description": TEXT},
                        },
                    },
                },
            },
        }
    },
}
"""Keys, operators, types and limits (Microsoft Intune, "Custom compliance JSON files")."""


@pytest.mark.parametrize("intent", [strict(), hostile(), everything()])
def test_rules_are_as_intune_reads_them(intent: Intent) -> None:
    files = write(intent)
    for platform, script in (("linux", "weighbridge.sh"), ("windows", "weighbridge.ps1")):
        text = files[f"{platform}/weighbridge.rules.json"]
        assert len(text.encode()) <= 100_000
        found = json.loads(text)
        assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(found)] == []
        for rule in found["Rules"]:
            assert rule["SettingName"] in files[f"{platform}/{script}"]


def test_only_what_the_policy_denies_makes_a_device_noncompliant() -> None:
    def settings(intent: Intent) -> set[str]:
        text = write(intent).get("linux/weighbridge.rules.json", '{"Rules": []}')
        return {rule["SettingName"] for rule in json.loads(text)["Rules"]}

    assert settings(strict()) == {OPEN, DENIED, WEIGHTS}
    assert settings(replace(strict(), blocked=(), denied_products=frozenset())) == {OPEN}
    assert settings(replace(strict(), enforced=False)) == set()
    assert settings(ordinary()[0]) == set()
