import json
from dataclasses import replace

from tests.samples.scan import artifacts, context, scan

from weighbridge.report.sarif import RENDERER, file_uri


def rendered(**changes: object) -> dict:
    text = RENDERER.render(scan(**changes), context())
    assert text.isascii()
    log = json.loads(text)
    assert log["version"] == "2.1.0"
    return log["runs"][0]


def test_every_result_names_a_rule_of_the_driver_and_an_allowed_level() -> None:
    run = rendered()
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith("file:///")
        assert result["partialFingerprints"]


def test_findings_for_auditors_are_left_out_for_others() -> None:
    assert "name-mismatch" not in {result["ruleId"] for result in rendered()["results"]}
    text = RENDERER.render(scan(), context(persona="auditor"))
    assert "name-mismatch" in {result["ruleId"] for result in json.loads(text)["runs"][0]["results"]}


def test_a_fingerprint_follows_the_content_and_not_the_place() -> None:
    malicious = artifacts()[1]
    moved = replace(malicious, places=(replace(malicious.places[0], path=b"/elsewhere"),))
    before, after = (rendered(artifacts=(one,))["results"][0] for one in (malicious, moved))
    assert before["partialFingerprints"] == after["partialFingerprints"]
    assert before["locations"] != after["locations"]


def test_what_was_not_examined_is_a_notification() -> None:
    run = rendered(interrupted=True)
    invocation = run["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert len(invocation["toolExecutionNotifications"]) == 3


def test_uris_carry_any_bytes() -> None:
    assert file_uri(b"/a b/\xff%.pt") == "file:///a%20b/%FF%25.pt"
    assert file_uri(b"C:\\models\\a.pt") == "file:///C%3A/models/a.pt"


def test_every_result_stands_in_a_line_as_code_scanning_asks() -> None:
    results = rendered()["results"]
    regions = [location["physicalLocation"]["region"] for result in results for location in result["locations"]]
    assert len(regions) == len(results) > 0
    assert all(region["startLine"] == 1 for region in regions)
