import re
import xml.etree.ElementTree as ElementTree

import pytest
from tests.export.intents import everything, hostile, ordinary, strict

from weighbridge.export.ecs import document
from weighbridge.export.intent import Intent
from weighbridge.export.wazuh import write

ELEMENTS = {"if_sid", "decoded_as", "field", "list", "description"}
RULES = "etc/rules/weighbridge_rules.xml"


def rules(intent: Intent) -> list[ElementTree.Element]:
    """Return the rules of a file; Wazuh takes several roots, an XML parser wants one."""
    root = ElementTree.fromstring(f"<ruleset>{write(intent)[RULES]}</ruleset>")
    (group,) = root.findall("group")
    assert group.get("name", "").endswith(",")
    return group.findall("rule")


@pytest.mark.parametrize("intent", [strict(), hostile(), everything(), *ordinary()])
def test_rules_are_as_wazuh_reads_them(intent: Intent) -> None:
    found = rules(intent)
    ids = [int(rule.get("id", "")) for rule in found]
    assert len(set(ids)) == len(ids)
    assert all(100_000 <= number <= 120_000 for number in ids)
    for rule in found:
        assert 0 <= int(rule.get("level", "")) <= 16
        assert {part.tag for part in rule} <= ELEMENTS
        assert (rule.findtext("description") or "").isprintable()
        for field in rule.findall("field"):
            re.compile(field.text or "")
            assert field.get("type") == "pcre2"
        for after in (rule.findtext("if_sid") or "").split(","):
            assert after in ("", "550", "554", "80700") or int(after) in ids


def test_the_fields_are_those_of_our_own_events() -> None:
    from tests.export.event_samples import all_events

    documents = [document(event) for event in all_events()]
    named = {field.get("name", "") for rule in rules(everything()) for field in rule.findall("field")}
    for name in sorted(named - {"file", "audit.key"}):
        values = []
        for one in documents:
            value: object = one
            for part in name.split("."):
                value = value.get(part) if isinstance(value, dict) else None
            values.append(value)
        assert any(isinstance(value, str) for value in values), name


def test_digests_stand_in_a_list_that_a_rule_looks_up() -> None:
    files = write(strict())
    assert files["etc/lists/weighbridge-blocked"] == "ab" * 32 + ":no-malice\n"
    (looked_up,) = [rule.find("list") for rule in rules(strict()) if rule.find("list") is not None]
    assert looked_up is not None
    assert (looked_up.get("field"), looked_up.text) == ("sha256", "etc/lists/weighbridge-blocked")
    assert "etc/lists/weighbridge-blocked" not in write(ordinary()[0])


def test_a_name_of_a_rule_cannot_add_lines_to_the_list() -> None:
    from dataclasses import replace

    intent = strict()
    bad = replace(intent, blocked=(replace(intent.blocked[0], rule="x\n" + "cd" * 32 + ":y"),))
    assert write(bad)["etc/lists/weighbridge-blocked"] == "ab" * 32 + ":denied\n"
