import json
from xml.etree import ElementTree

from tests.report.test_gate import artifact

from weighbridge.model.verdict import Decision
from weighbridge.report.annotations import github, gitlab, junit
from weighbridge.report.gate import Gate

DENIED = artifact(("deny-x", Decision.DENY), name=b'/build/a,"<&\n\x00\xff:%.pkl')
WARNED = artifact(("warn-x", Decision.WARN), name=b"/build/b.pkl", decision=Decision.WARN)
GATE = Gate(artifacts=(DENIED, WARNED), policy="balanced 1", root="/build")


def test_junit_is_xml_whatever_the_names() -> None:
    suite = ElementTree.fromstring(junit(GATE))[0]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    failure = suite[0].find("failure")
    assert failure is not None
    assert failure.get("type") == "deny-x"


def test_github_commands_stay_on_one_line_each() -> None:
    lines = github(GATE).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning"]
    assert "file=a%2C" in lines[0]
    assert "%0A" in lines[0]
    assert lines[1].startswith("::warning file=b.pkl,title=warn-x::b.pkl: Reason of warn-x.")


def test_gitlab_fingerprints_differ_and_stay() -> None:
    entries = json.loads(gitlab(GATE))
    assert [entry["check_name"] for entry in entries] == ["deny-x", "warn-x"]
    assert len({entry["fingerprint"] for entry in entries}) == 2
    assert json.loads(gitlab(GATE)) == entries
