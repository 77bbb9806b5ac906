"""What holds for every export: the same bytes for the same policy, no text that escapes, nothing blocked unasked."""

import json
import plistlib
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
import yaml
from hypothesis import given, settings
from tests.export.event_samples import TEXTS
from tests.export.intents import everything, hostile, ordinary, strict

from weighbridge.export.intent import Intent
from weighbridge.export.registry import EVENTS, EXPORTS, event_export, export

ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
ACTING = {
    "apparmor": re.compile(r"^\s*[^#\n]*\bdeny\b", re.MULTILINE),
    "app-control": re.compile(r"<SiPolicy(?![\s\S]*Enabled:Audit Mode)"),
    "baseline": re.compile(r"^(?:[A-Z_]+=|\[Environment)|RunAtLoad", re.MULTILINE),
    "intune": re.compile(r'"Operand"'),
    "santa": re.compile(r"BLOCKLIST|<key>AuditOnly</key>\s*<false/>"),
    "systemd": re.compile(r"^(?!IPAccounting)[A-Z]\w+=", re.MULTILINE),
}
"""What in the files of these products would stop something."""


def parsed(name: str, text: str) -> None:
    """Raise if a file is not of its format."""
    if name.endswith((".yml", ".yaml")):
        assert yaml.safe_load(text)
    elif name.endswith(".json"):
        json.loads(text)
    elif name.endswith(".ndjson"):
        assert all(isinstance(json.loads(line), dict) for line in text.splitlines())
    elif name.endswith("_rules.xml"):
        ElementTree.fromstring(f"<x>{text}</x>")
    elif name.endswith(".xml"):
        ElementTree.fromstring(text)
    elif name.endswith((".mobileconfig", ".plist")):
        plistlib.loads(text.encode())


def with_text(text: str) -> Intent:
    """Return an intent whose every name is `text`."""
    made = everything()
    products = tuple(
        replace(
            one,
            title=text,
            process_names=(text,),
            executables=(f"*{text}*",),
            scripts=(text,),
            configuration=(text,),
            risky_arguments=(text,),
            units=(text,),
            signers=(text,),
            hardening=((text, text),),
        )
        for one in made.products
    )
    rule = made.open_listener.rule
    assert rule is not None
    answer = replace(made.open_listener, rule=replace(rule, id=text, reason=text, remedy=text, severity=text))
    return replace(
        made,
        organization=text,
        contact=text,
        products=products,
        blocked=tuple(replace(one, name=text, format=text, rule=text, reason=text) for one in made.blocked),
        open_listener=answer,
        unsupervised_agent=answer,
        secrets_for_agents=answer,
        outside_host=answer,
        code_in_weights=answer,
    )


def test_registries_are_sorted_and_hold_what_they_name() -> None:
    assert list(EXPORTS) == sorted(EXPORTS)
    assert list(EVENTS) == sorted(EVENTS)
    for name in EXPORTS:
        assert export(name).id == name
        assert EXPORTS[name].endswith("." + name.replace("-", "_"))
    for name in EVENTS:
        assert event_export(name).id == name
        assert EVENTS[name].endswith("." + name.replace("-", "_"))
    assert not set(EXPORTS) & set(EVENTS)


@pytest.mark.parametrize("name", EXPORTS)
def test_every_export_says_what_to_do_and_what_checks_it(name: str) -> None:
    found = export(name)
    assert found.title
    assert found.validated_by
    assert found.next_step.strip()


@pytest.mark.parametrize("intent", [strict(), hostile(), everything(), *ordinary()])
@pytest.mark.parametrize("name", EXPORTS)
def test_the_same_policy_gives_the_same_well_formed_bytes(name: str, intent: Intent) -> None:
    files = export(name).write(intent)
    assert files == export(name).write(intent)
    for path, text in files.items():
        assert re.fullmatch(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*", path), path
        assert ".." not in path
        assert not ODD.search(text)
        assert text.endswith("\n")
        parsed(path, text)


@pytest.mark.parametrize("name", ACTING)
def test_a_policy_that_observes_never_blocks(name: str) -> None:
    programs = tuple(replace(one, format="llamafile") for one in everything().blocked)
    enforcing = replace(everything(), blocked=programs)
    assert any(ACTING[name].search(text) for text in export(name).write(enforcing).values())
    observing = export(name).write(replace(enforcing, enforced=False))
    assert [path for path, text in observing.items() if ACTING[name].search(text)] == []


@settings(max_examples=60)
@given(TEXTS)
def test_no_text_escapes_from_its_place(text: str) -> None:
    intent = with_text(text)
    for name in EXPORTS:
        for path, content in export(name).write(intent).items():
            assert not ODD.search(content), (name, path)
            parsed(path, content)
