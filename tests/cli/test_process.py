"""How the program behaves as a process: pipes, full disks, interrupts."""

import io
import json
import os
import subprocess
import sys

import pytest

from weighbridge.cli.boundary import run
from weighbridge.cli.screen import Screen
from weighbridge.host.fake import FakeMachine
from weighbridge.pipeline.demo_files import safetensors

COMMAND = [sys.executable, "-m", "weighbridge"]
posix = pytest.mark.skipif(os.name == "nt", reason="pipes and /dev/full are POSIX")


@posix
def test_a_reader_that_stops_is_no_error() -> None:
    script = f'{sys.executable} -m weighbridge explain | head -n 1; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0"
    assert done.stderr == ""


@posix
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
@pytest.mark.parametrize("arguments", [["--version"], ["explain"], ["--help"]])
def test_a_full_disk_is_said(arguments: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([*COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_an_interrupted_scan_leaves_a_correct_partial_report(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = FakeMachine()
    for number in range(20):
        machine.add_file(b"/home/ada/%02d.safetensors" % number, safetensors([("a", (number + 1,), "F32")]))
    opened = 0
    original = FakeMachine.open

    def interrupted(self: FakeMachine, path: bytes):
        nonlocal opened
        opened += 1
        if opened > 5:
            raise KeyboardInterrupt
        return original(self, path)

    monkeypatch.setattr(FakeMachine, "open", interrupted)
    monkeypatch.setattr("weighbridge.host.real.RealMachine", lambda: machine)
    out = io.StringIO()
    assert run(["scan", "--format", "json"], Screen(out, io.StringIO(), {})) == 130
    report = json.loads(out.getvalue())
    assert report["interrupted"] is True
    assert len(report["artifacts"]) == 5
