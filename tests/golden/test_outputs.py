"""One awkward scan through every output. The files beside this one are the contract.

`make golden` writes them anew; read the difference before you commit it.
"""

import os
from pathlib import Path

import pytest
from tests.samples.scan import context, scan

from weighbridge.report.registry import FORMATS, renderer

HERE = Path(__file__).parent
FILES = {
    "cyclonedx": "scan.cdx.json",
    "html": "scan.html",
    "json-v1": "scan.json",
    "markdown": "scan.md",
    "page": "scan.page.txt",
    "sarif": "scan.sarif",
    "spdx": "scan.spdx.json",
    "table": "scan.table.txt",
}


def test_every_format_has_its_golden_file() -> None:
    assert set(FILES) == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_output_is_as_agreed(name: str) -> None:
    text = renderer(name).render(scan(), context())
    path = HERE / FILES[name]
    if name == "sarif":
        text = _without_rules_that_did_not_fire(text)
    if name == "html":
        text = text[text.index("<body>") : text.rindex("<script>")]
    if os.environ.get("WEIGHBRIDGE_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8"), "if this is meant: make golden, and read the difference"


def _without_rules_that_did_not_fire(text: str) -> str:
    """Leave out what changes with every new check."""
    import json

    log = json.loads(text)
    run = log["runs"][0]
    fired = {result["ruleId"] for result in run["results"]}
    run["tool"]["driver"]["rules"] = [rule["id"] for rule in run["tool"]["driver"]["rules"] if rule["id"] in fired]
    for result in run["results"]:
        del result["ruleIndex"]
    return json.dumps(log, indent=2) + "\n"
