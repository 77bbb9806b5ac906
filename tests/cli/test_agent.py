import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

RUN = """
import sys
events = []
sys.addaudithook(lambda event, _: events.append(event) if event.startswith(
    ("subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "os.spawn", "socket.", "pty.")) else None)
sys.argv = ["wb", *sys.argv[1:]]
from weighbridge.cli.main import main
try:
    main()
finally:
    sys.stderr.write(repr(events))
"""
"""Runs a command in a process that notes every process started and every socket opened (PEP 578)."""


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    environment |= {"HOME": str(home), "WEIGHBRIDGE_STATE": str(home / "state"), "COLUMNS": "80", "NO_COLOR": "1"}
    command = [sys.executable, "-c", RUN, "agent", "audit", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=home, check=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / ".claude").mkdir()
    (tmp_path / ".claude/settings.json").write_text('{"permissions": {"defaultMode": "bypassPermissions"}}')
    marker = tmp_path / "started"
    server = {"command": "sh", "args": ["-c", f"touch {marker}"], "env": {"GITHUB_TOKEN": "hunter2hunter2hunter2"}}
    (tmp_path / ".claude.json").write_text(json.dumps({"mcpServers": {"a": server}}))
    return tmp_path


def test_the_audit_reads_and_does_nothing_else(home: Path) -> None:
    done = run(home)
    assert done.returncode == 0, done.stderr
    assert "Claude Code" in done.stdout
    assert "agent-autonomy" in done.stdout
    assert done.stderr.endswith("[]")
    assert not (home / "started").exists()
    assert "hunter2" not in done.stdout + done.stderr


def test_json_a_file_and_exit_codes(home: Path) -> None:
    done = run(home, "--format", "json", "--fail-on", "high", "--no-tools", "--output", "audit.json")
    assert done.returncode == 20
    found = json.loads((home / "audit.json").read_text())
    assert found["schema"] == "weighbridge.agents/1"
    assert "hunter2" not in json.dumps(found)
    kept = b"".join(path.read_bytes() for path in (home / "state").rglob("*") if path.is_file())
    assert b"hunter2" not in kept


def test_what_could_not_be_read_has_its_exit_code(home: Path) -> None:
    (home / ".cursor").mkdir()
    (home / ".cursor/mcp.json").write_text("{")
    done = run(home, "--no-tools")
    assert done.returncode == 4
    assert "NOT READ 1" in done.stdout


def test_a_project_that_is_not_there(home: Path) -> None:
    done = run(home, "nowhere")
    assert done.returncode == 2
    assert "E-path-missing" in done.stderr
