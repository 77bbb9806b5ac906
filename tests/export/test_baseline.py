import os
import plistlib
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from tests.export.intents import everything, hostile, ordinary, strict

from weighbridge.export.baseline import write
from weighbridge.export.intent import Intent, intent_of
from weighbridge.pipeline.export_products import products

READER = Path("/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator")
LINUX = "linux/etc/environment.d/50-weighbridge.conf"
MACOS = "macos/Library/LaunchAgents/com.example.weighbridge.baseline.plist"
WINDOWS = "windows/weighbridge-baseline.ps1"


def on(text: str) -> list[str]:
    """Return the lines that have an effect."""
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_enforcing_sets_what_the_policy_denies() -> None:
    files = write(everything())
    assert on(files[LINUX]) == ["OLLAMA_HOST=127.0.0.1:11434", "OLLAMA_NO_CLOUD=1"]
    assert on(files[WINDOWS])[0] == (
        "[Environment]::SetEnvironmentVariable('OLLAMA_HOST', '127.0.0.1:11434', 'Machine')"
    )
    # Only addresses are denied: nothing is said of clouds.
    assert on(write(strict())[LINUX]) == ["OLLAMA_HOST=127.0.0.1:11434"]


@pytest.mark.parametrize("intent", [ordinary()[0], replace(everything(), enforced=False)])
def test_observing_changes_nothing_and_shows_what_would(intent: Intent) -> None:
    files = write(intent)
    assert set(files) == {LINUX, WINDOWS}
    assert [on(text) for text in files.values()] == [[], []]
    assert "#OLLAMA_HOST=127.0.0.1:11434" in files[LINUX]


def test_values_that_are_not_plain_are_left_out() -> None:
    assert write(hostile()) == {}


def test_a_shell_runs_what_launchd_starts(tmp_path: Path) -> None:
    program = plistlib.loads(write(everything())[MACOS].encode())["ProgramArguments"]
    assert program[:2] == ["/bin/sh", "-c"]
    launchctl = tmp_path / "launchctl"
    launchctl.write_text('#!/bin/sh\necho "$@"\n')
    launchctl.chmod(0o755)
    command = program[2].replace("/bin/launchctl", str(launchctl))
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["setenv OLLAMA_HOST 127.0.0.1:11434", "setenv OLLAMA_NO_CLOUD 1"]


@pytest.mark.skipif(not READER.exists(), reason="systemd is not installed here")
def test_systemd_reads_every_variable(tmp_path: Path) -> None:
    from tests.policy_texts import shipped

    (tmp_path / "environment.d").mkdir()
    text = write(intent_of(shipped("regulated"), products()))[LINUX]
    (tmp_path / "environment.d/50-weighbridge.conf").write_text(text)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    done = subprocess.run([str(READER)], capture_output=True, text=True, check=True, env=environment)
    assert set(on(text)) <= set(done.stdout.splitlines())
    assert len(on(text)) >= 4


def test_arguments_that_no_variable_forbids_are_named() -> None:
    from tests.policy_texts import shipped

    text = write(intent_of(shipped("regulated"), products()))[LINUX]
    assert re.search(r"^# llama\.cpp should be started with none of: --tools ", text, re.MULTILINE)
