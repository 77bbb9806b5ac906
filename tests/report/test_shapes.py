"""Every output of a gate, with items that could not be examined, against the shape that its readers expect."""

import copy
import json
import re
from dataclasses import replace

import jsonschema
import pytest
from tests.report.shapes import check_gitlab, check_junit, check_sarif
from tests.report.test_gate import artifact
from tests.samples.scan import artifacts, context, scan

from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Unexamined
from weighbridge.model.verdict import Decision
from weighbridge.report.annotations import github, gitlab, junit
from weighbridge.report.gate import Gate, screen_text
from weighbridge.report.json_v1 import RENDERER as JSON
from weighbridge.report.sarif import RENDERER as SARIF

NAMES = (b"/build/plain.bin", b'/build/a,"<&\n\x00\xff:%\x1b[2J.bin', b"/elsewhere/x", b"/build/image.tar")
UNEXAMINED = tuple(
    Unexamined(path=name, reason="Permission denied\n\x1b[1m", member="1/layer.tar!/x" if b"tar" in name else None)
    for name in NAMES
)
ARTIFACTS = (
    artifact(("deny-x", Decision.DENY), ("warn-y", Decision.WARN), name=NAMES[1]),
    artifact(("warn-x", Decision.WARN), name=b"/build/b.pkl", decision=Decision.WARN),
    artifact(name=b"/build/fine.gguf", decision=Decision.ALLOW),
)
GATE = Gate(artifacts=ARTIFACTS, policy="balanced 1", root="/build", unexamined=UNEXAMINED)
ALONE = Gate(artifacts=(), policy="balanced 1", root="/build", subject=".", unexamined=UNEXAMINED)


@pytest.mark.parametrize("gate", [GATE, ALONE])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_screen(gate: Gate, width: int) -> None:
    text = screen_text(gate, width)
    assert "\x1b" not in text
    assert all(len(line) <= width for line in text.splitlines() if "sha256" not in line and "wb waive" not in line)
    flat = " ".join(text.split())
    assert flat.count("could not be examined: permission denied") == len(NAMES)
    assert "image.tar!/1/layer.tar!/x" in flat
    assert "4 not examined" in flat
    assert not text.startswith("✓")


def test_junit() -> None:
    suite = check_junit(junit(GATE))
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("7", "1", "4")
    assert [case.get("name") for case in suite][-1] == "image.tar!/1/layer.tar!/x"
    assert suite[-1][0].get("message") == r"could not be examined: permission denied\x0a\x1b[1m"
    check_junit(junit(Gate(artifacts=(), policy="p", root="/")))


def test_github() -> None:
    lines = github(GATE).split("\n")
    assert lines.pop() == ""
    assert len(lines) == 3 + len(NAMES)
    command = re.compile(r"::(error|warning) file=[^:,\s\x00-\x1f][^:,\r\n]*,title=[a-z-]+::[^\r\n]+")
    assert all(command.fullmatch(line) for line in lines)
    missed = [line for line in lines if "title=not-examined" in line]
    assert len(missed) == len(NAMES)
    assert missed[0].startswith("::warning file=plain.bin,")


def test_gitlab() -> None:
    report = json.loads(gitlab(GATE))
    check_gitlab(report)
    missed = [entry for entry in report if entry["check_name"] == "not-examined"]
    assert [entry["location"]["path"] for entry in missed][3] == "image.tar"
    assert len(missed) == len(NAMES)
    assert json.loads(gitlab(Gate(artifacts=(), policy="p", root="/"))) == []


def test_sarif() -> None:
    log = json.loads(SARIF.render(scan(unexamined=UNEXAMINED, artifacts=(*artifacts(), *ARTIFACTS)), context()))
    check_sarif(log)
    run = log["runs"][0]
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert [note["message"]["text"] for note in notes] == [r"not examined: Permission denied\x0a\x1b[1m"] * len(NAMES)
    assert notes[3]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "1/layer.tar!/x"
    levels = {result["ruleId"]: result["level"] for result in run["results"]}
    assert (levels["policy/deny-x"], levels["policy/warn-y"]) == ("error", "warning")


def test_json() -> None:
    told = json.loads(JSON.render(scan(unexamined=UNEXAMINED), context()))["unexamined"]
    assert len(told) == len(NAMES)
    assert told[3]["member"] == "1/layer.tar!/x"


def test_the_shapes_refuse_what_they_should() -> None:
    log = json.loads(SARIF.render(scan(), context()))
    for spoil in (
        lambda log: log.pop("version"),
        lambda log: log["runs"][0]["results"][0].update(level="fatal"),
        lambda log: log["runs"][0]["results"][0].update(Locations=[]),
        lambda log: log["runs"][0]["invocations"][0].pop("executionSuccessful"),
    ):
        spoiled = copy.deepcopy(log)
        spoil(spoiled)
        with pytest.raises(jsonschema.ValidationError):
            check_sarif(spoiled)
    report = json.loads(gitlab(GATE))
    with pytest.raises(jsonschema.ValidationError):
        check_gitlab([{**report[0], "severity": "fatal"}])
    with pytest.raises(AssertionError):
        check_gitlab([report[0], report[0]])
    with pytest.raises(AssertionError):
        check_junit(junit(GATE).replace('tests="7"', 'tests="6"'))


def test_every_output_tells_what_a_later_layer_deletes() -> None:
    note = "layer 1 of 2 of app:1; deleted in layer 2, and it still ships in layer 1"
    fact = Fact(name="ship.layer", value=note, grade=Grade.MEASURED, source="layers of the image")
    gate = Gate(artifacts=(replace(ARTIFACTS[0], facts=(fact,)),), policy="p", root="/build")
    told = SARIF.render(scan(artifacts=gate.artifacts), context())
    for text in (screen_text(gate, 120), junit(gate), github(gate), gitlab(gate), told):
        assert note in text
