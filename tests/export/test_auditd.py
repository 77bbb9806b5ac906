"""Rules are read by a reader of auditctl's grammar, and by auditctl itself where it is and may load rules."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.export.intents import everything, hostile, ordinary, strict

from weighbridge.export.auditd import write
from weighbridge.export.intent import Intent, intent_of
from weighbridge.pipeline.export_products import products

RULE = re.compile(
    r"-a always,exit -F arch=b64 -F (?:path|dir)=/[A-Za-z0-9._+/-]+ -F perm=[rwxa]{1,4} -F key=[a-z_]{1,31}"
)


@pytest.mark.parametrize("intent", [strict(), hostile(), everything(), *ordinary()])
def test_every_line_is_a_rule_a_comment_or_nothing(intent: Intent) -> None:
    (text,) = write(intent).values()
    lines = text.splitlines()
    assert [
        line for line in lines if line and not line.startswith("#") and line != "-i" and not RULE.fullmatch(line)
    ] == []
    assert lines.index("-i") < min(number for number, line in enumerate(lines) if line.startswith("-a"))


def test_denied_products_have_their_own_key() -> None:
    (text,) = write(strict()).values()
    assert "-F path=/usr/local/bin/ollama -F perm=x -F key=weighbridge_denied" in text
    assert "weighbridge_denied" not in "".join(write(ordinary()[0]).values())


@pytest.mark.deep
@pytest.mark.skipif(shutil.which("auditctl") is None, reason="auditctl is not installed here")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may load audit rules")
def test_auditctl_loads_every_rule(tmp_path: Path) -> None:
    """The kernel gets each rule once and loses it again; rules that were there stay."""
    (text,) = write(intent_of_everything()).values()
    file = tmp_path / "60-weighbridge.rules"
    file.write_text(text)
    keys = set(re.findall(r"key=(\w+)", text))
    try:
        done = subprocess.run(["auditctl", "-R", str(file)], capture_output=True, text=True, check=False)
        if "Operation not permitted" in done.stderr or "audit system is in immutable mode" in done.stdout:
            pytest.skip("this kernel lets nobody load audit rules")
        errors = [line for line in done.stderr.splitlines() if line and "exists" not in line]
        assert [
            line for line in errors if "No such file" not in line and "There was an error in line" not in line
        ] == []
        listed = subprocess.run(["auditctl", "-l"], capture_output=True, text=True, check=True).stdout
        assert keys & set(re.findall(r"-k (\w+)|key=(\w+)", listed)[0])
    finally:
        for key in keys:
            subprocess.run(["auditctl", "-D", "-k", key], capture_output=True, check=False)


def intent_of_everything() -> Intent:
    from tests.policy_texts import shipped

    return intent_of(shipped("regulated"), products())
