"""The tutorial works as it stands: its commands are run, one block after the other."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.files import ROOT

OUTCOMES = {0, 3, 4, 20, 21}
"""Exit codes that a reader of the tutorial may see; everything else is a failure."""


@pytest.mark.skipif(os.name == "nt", reason="the tutorial is written for a POSIX shell")
def test_every_command_of_the_tutorial_runs(tmp_path: Path) -> None:
    text = (ROOT / "docs/tutorial/ten-minutes.md").read_text(encoding="utf-8")
    commands = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    commands = [line for line in commands if line.strip() and not line.startswith("./wb up")]
    assert len(commands) >= 6
    program = tmp_path / "wb"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m weighbridge "$@"\n')
    program.chmod(0o755)
    environment = os.environ | {"WEIGHBRIDGE_STATE": str(tmp_path / "state"), "NO_COLOR": "1"}
    for command in commands:
        done = subprocess.run(
            ["sh", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode in OUTCOMES, (command, done.returncode, done.stderr)
        assert "error[" not in done.stderr, (command, done.stderr)
