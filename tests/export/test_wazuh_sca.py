import re

import pytest
import yaml
from jsonschema import Draft202012Validator
from tests.export.intents import everything, hostile, ordinary, strict

from weighbridge.export.intent import Intent
from weighbridge.export.wazuh_sca import write

TEXT = {"type": "string", "minLength": 1}
RULES = {"type": "array", "minItems": 1, "items": TEXT}
CONDITION = {"enum": ["all", "any", "none"]}


def fields(required: str, **properties: object) -> dict[str, object]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required.split(),
        "properties": properties,
    }


SCHEMA = fields(
    "policy checks",
    policy=fields(
        "id file name description",
        id=TEXT,
        file=TEXT,
        name=TEXT,
        description=TEXT,
        references={"type": "array"},
        regex_type={"enum": ["osregex", "pcre2"]},
    ),
    requirements=fields(
        "title description condition rules", title=TEXT, description=TEXT, condition=CONDITION, rules=RULES
    ),
    variables={"type": "object"},
    checks={
        "type": "array",
        "minItems": 1,
        "items": fields(
            "id title condition rules",
            id={"type": "integer"},
            title=TEXT,
            description=TEXT,
            rationale=TEXT,
            remediation=TEXT,
            condition=CONDITION,
            rules=RULES,
        ),
    },
)
RULE = re.compile(r"(?:not )?(?:[fdp]:[^>]+|c:[^>]+)(?: -> (?:n:|r:|!r:)(?P<pattern>.+))?")
"""`not` then what is looked at, then what must be in it."""


@pytest.mark.parametrize("intent", [strict(), hostile(), everything(), *ordinary()])
def test_the_policy_is_as_wazuh_reads_it(intent: Intent) -> None:
    for name, text in write(intent).items():
        found = yaml.safe_load(text)
        assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(found)] == []
        assert found["policy"]["file"] == name
        ids = [check["id"] for check in found["checks"]]
        assert len(set(ids)) == len(ids)
        for check in (*found["checks"], found["requirements"]):
            for rule in check["rules"]:
                parts = RULE.fullmatch(rule)
                assert parts is not None, rule
                re.compile(parts["pattern"] or "")


def test_the_pattern_finds_open_servers_in_what_ss_prints() -> None:
    (text,) = write(everything()).values()
    checks = {check["title"]: check for check in yaml.safe_load(text)["checks"]}
    (rule,) = checks["Model servers answer this machine only"]["rules"]
    pattern = rule.partition(" -> r:")[2]
    line = 'LISTEN 0 4096 {}:11434 0.0.0.0:* users:(("{}",pid=1,fd=3))'
    assert re.search(pattern, line.format("0.0.0.0", "ollama"))
    assert re.search(pattern, line.format("[::]", "ollama"))
    assert re.search(pattern, line.format("*", "ollama"))
    assert re.search(pattern, line.format("192.0.2.7", "ollama"))
    for address in ("127.0.0.1", "127.0.0.53%lo", "[::1]", "[::ffff:127.0.0.1]"):
        assert not re.search(pattern, line.format(address, "ollama"))
    assert not re.search(pattern, line.format("0.0.0.0", "nginx"))


def test_drop_ins_are_asked_for_only_where_the_policy_stops() -> None:
    def titles(intent: Intent) -> set[str]:
        return {check["title"] for text in write(intent).values() for check in yaml.safe_load(text)["checks"]}

    assert "ollama.service is bound to this machine by systemd" in titles(everything())
    assert "ollama.service is bound to this machine by systemd" not in titles(ordinary()[0])
    assert "ollama does not run" in titles(strict())
