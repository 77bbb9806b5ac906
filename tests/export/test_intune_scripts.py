"""The shell script is checked by shellcheck and run; PowerShell is checked as far as that goes without it."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.export.intents import everything, hostile, ordinary, strict

from weighbridge.export.intent import Intent, intent_of
from weighbridge.export.intune_scripts import DENIED, OPEN, WEIGHTS, linux, windows
from weighbridge.pipeline.export_products import products

SAID = "# Generated.\n"
INTENTS = [strict(), hostile(), everything(), *ordinary()]
LINE = 'LISTEN 0 4096 {}:11434 0.0.0.0:* users:(("{}",pid=1,fd=3))'


def run(intent: Intent, folder: Path, sockets: str = "") -> dict[str, bool]:
    """Return what the script says when `ss` prints `sockets`."""
    (folder / "ss").write_text(f"#!/bin/sh\ncat <<'END'\n{sockets}\nEND\n")
    (folder / "ss").chmod(0o755)
    script = folder / "weighbridge.sh"
    script.write_text(linux(intent, SAID))
    done = subprocess.run(
        ["sh", str(script)], capture_output=True, text=True, check=True, env={"PATH": f"{folder}:/usr/bin:/bin"}
    )
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1
    found: dict[str, bool] = json.loads(done.stdout)
    assert set(found) == {OPEN, DENIED, WEIGHTS}
    return found


@pytest.mark.parametrize("intent", INTENTS)
def test_shellcheck_has_nothing_to_say(intent: Intent, tmp_path: Path) -> None:
    checker = shutil.which("shellcheck", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
    if checker is None:
        pytest.skip("shellcheck is not installed here")
    script = tmp_path / "weighbridge.sh"
    script.write_text(linux(intent, SAID))
    done = subprocess.run([checker, "--severity=style", str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("address", "name", "expected"),
    [
        ("0.0.0.0", "ollama", True),
        ("[::]", "ollama", True),
        ("192.168.1.2", "ollama", True),
        ("127.0.0.1", "ollama", False),
        ("[::1]", "ollama", False),
        ("[::ffff:127.0.0.1]", "ollama", False),
        ("0.0.0.0", "nginx", False),
    ],
)
def test_open_servers_are_told_by_what_ss_prints(address: str, name: str, expected: bool, tmp_path: Path) -> None:
    assert run(strict(), tmp_path, LINE.format(address, name))[OPEN] is expected


def test_what_cannot_be_seen_is_an_error_and_not_compliant(tmp_path: Path) -> None:
    script = tmp_path / "weighbridge.sh"
    script.write_text(linux(strict(), SAID))
    done = subprocess.run(["/bin/sh", str(script)], capture_output=True, text=True, check=False, env={"PATH": "/none"})
    assert (done.returncode, done.stdout) == (1, "")
    assert "ss" in done.stderr
    assert "-State Listen -ErrorAction Stop" in windows(strict(), SAID)


def test_a_running_program_is_found_by_name(tmp_path: Path) -> None:
    intent = strict()
    shell = replace(intent.denied[0], process_names=("sh",), executables=())
    mine = replace(intent, products=tuple(shell if one.id == shell.id else one for one in intent.products))
    assert run(mine, tmp_path)[DENIED] is True
    assert run(intent, tmp_path)[DENIED] is False


@pytest.mark.parametrize("intent", INTENTS)
def test_hostile_names_stay_names(intent: Intent, tmp_path: Path) -> None:
    assert run(intent, tmp_path, LINE.format("0.0.0.0", "nginx"))[OPEN] is False


def test_the_whole_catalog_runs(tmp_path: Path) -> None:
    from tests.policy_texts import shipped

    assert run(intent_of(shipped("regulated"), products()), tmp_path, LINE.format("*", "llama-server"))[OPEN] is True


@pytest.mark.parametrize("intent", INTENTS)
def test_powershell_strings_close_and_nothing_else_is_quoted_by_them(intent: Intent) -> None:
    text = windows(intent, SAID)
    for array in re.findall(r"^\$\w+ = @\((.*)\)$", text, re.MULTILINE):
        assert re.fullmatch(r"(?:'(?:[^'\u2018-\u201b]|''|\u2018\u2018|\u2019\u2019)*'(?:, )?)*", array)
    assert text.rstrip().endswith("| ConvertTo-Json -Compress")


@pytest.mark.skipif(shutil.which("pwsh") is None, reason="PowerShell is not installed here")
def test_powershell_itself_takes_it(tmp_path: Path) -> None:
    script = tmp_path / "weighbridge.ps1"
    script.write_text(windows(hostile(), SAID))
    check = (
        "$e=$null;[void][Management.Automation.Language.Parser]::ParseFile($args[0],[ref]$null,[ref]$e);exit $e.Count"
    )
    subprocess.run(["pwsh", "-NoProfile", "-Command", check, str(script)], check=True)
