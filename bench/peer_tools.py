"""The other scanners: how to install, call and understand each one."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.paired import ROOT

QUIET = {"PROMPTFOO_DISABLE_TELEMETRY": "1", "NO_ANALYTICS": "1", "DO_NOT_TRACK": "1", "MODELAUDIT_NO_TELEMETRY": "1"}
_LIMIT = 120


@dataclass(frozen=True)
class Answer:
    """What a scanner said: exit code, its text and, where it writes one, its JSON."""

    code: int
    text: str
    report: str


@dataclass(frozen=True)
class Peer:
    """One scanner. `arguments` get the path and a file for the report; `verdict` is `hard`, `soft` or `quiet`."""

    name: str
    packages: tuple[str, ...]
    arguments: Callable[[str, str], list[str]]
    verdict: Callable[[Answer], str]


def _picklescan(answer: Answer) -> str:
    if answer.code == 1:
        return "hard"
    lines = answer.text.splitlines()
    suspicious = any(line.startswith("Suspicious globals:") and not line.endswith(" 0") for line in lines)
    return "soft" if answer.code or suspicious else "quiet"


def _modelscan(answer: Answer) -> str:
    if answer.code == 1:
        return "hard"
    return "soft" if answer.code else "quiet"


def _fickling(answer: Answer) -> str:
    if "Traceback" in answer.text:
        return "soft"
    return "hard" if answer.code else "quiet"


def _modelaudit(answer: Answer) -> str:
    try:
        issues = json.loads(answer.report).get("issues", [])
    except ValueError:
        return "soft"
    if any(issue.get("severity") == "critical" for issue in issues):
        return "hard"
    return "soft" if answer.code else "quiet"


PEERS = (
    Peer("picklescan", ("picklescan",), lambda path, _report: ["-p", path], _picklescan),
    Peer("modelscan", ("modelscan",), lambda path, _report: ["-p", path], _modelscan),
    # fickling 0.1.12 needs typing_extensions without saying so.
    Peer(
        "fickling",
        ("fickling", "typing_extensions"),
        lambda path, report: ["--check-safety", "--json-output", report, path],
        _fickling,
    ),
    Peer(
        "modelaudit",
        ("modelaudit",),
        lambda path, report: ["scan", "--format", "json", "--output", report, path],
        _modelaudit,
    ),
)


def install(peer: Peer, folder: Path) -> Path | None:
    """Install `peer` into an environment of its own. Returns its program, None if it could not be had."""
    program = folder / peer.name / "bin" / peer.name
    if not program.exists():
        uv = os.environ.get("UV") or shutil.which("uv") or str(ROOT / ".uv" / "bin" / "uv")
        environment = str(folder / peer.name)
        python = str(folder / peer.name / "bin" / "python")
        for command in (
            [uv, "venv", "-q", environment],
            [uv, "pip", "install", "-q", "--python", python, *peer.packages],
        ):
            if subprocess.run(command, check=False).returncode:
                sys.stderr.write(f"{peer.name}: could not be installed\n")
                return None
    return program if program.exists() else None


def version(program: Path, peer: Peer) -> str:
    """Return the installed version."""
    script = f"import importlib.metadata as m; print(m.version({peer.name!r}))"
    done = subprocess.run([str(program.parent / "python"), "-c", script], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def ask(program: Path, peer: Peer, path: Path, scratch: Path) -> str:
    """Let `peer` judge one file; running past two minutes is `soft`."""
    report = scratch / f"{peer.name}.json"
    report.unlink(missing_ok=True)
    command = [str(program), *peer.arguments(str(path), str(report))]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_LIMIT, check=False, env=os.environ | QUIET, cwd=scratch
        )
    except subprocess.TimeoutExpired:
        return "soft"
    text = (done.stdout + done.stderr).decode(errors="replace")
    content = report.read_text(errors="replace") if report.exists() else ""
    return peer.verdict(Answer(done.returncode, text, content))
