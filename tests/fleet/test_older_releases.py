"""The release before, from the history where that is there: its endpoints at our server, ours at its server."""

import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from tests.fleet.server_process import LIMIT, ServerProcess
from tests.scanning import ROOT

pytestmark = [pytest.mark.deep, pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")]
BEFORE = "a6a2a83"
"""The last commit that spoke the version before ours, and no other."""
ITEMS = """
from weighbridge.host.real import RealMachine
from weighbridge.pipeline.ledger_open import open_ledger
with open_ledger(RealMachine()) as recorder:
    for number in range(50):
        recorder.record("sighting", {"artifact": "a" * 64, "path": f"/m/{number}", "member": None})
"""


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """The source of the release before."""
    made = subprocess.run(["git", "archive", BEFORE, "src"], cwd=ROOT, capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"the history does not reach back to {BEFORE}")
    with tarfile.open(fileobj=io.BytesIO(made.stdout)) as archive:
        archive.extractall(tmp_path / "older", filter="data")
    return tmp_path / "older" / "src"


def run(source: Path, state: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"PYTHONPATH": str(source), "WEIGHBRIDGE_STATE": str(state), "NO_COLOR": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False)


def wb(source: Path, state: Path, *arguments: str) -> str:
    done = run(source, state, "-m", "weighbridge", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("who", ["server", "endpoint"])
def test_one_of_both_is_a_release_behind(
    older: Path, tmp_path: Path, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = ROOT / "src"
    serving, sending = (older, newer) if who == "server" else (newer, older)
    database, state = f"sqlite:///{tmp_path}/fleet.db", tmp_path / "endpoint"
    monkeypatch.setenv("PYTHONPATH", str(serving))
    server = ServerProcess(database, tmp_path / "server")
    try:
        token = wb(serving, tmp_path / "server", "fleet", "token", "--database", database).split("\n")[0]
        wb(sending, state, "enroll", server.origin, "--token", token)
        for _ in range(2):
            assert run(sending, state, "-c", ITEMS).returncode == 0
            assert "has every signed record" in wb(sending, state, "sync")
        wb(sending, state, "ledger", "verify", "--against", str(state / "membership" / "witnessed"))
        # The other side is brought up to date, and goes on where it was.
        assert run(newer, state, "-c", ITEMS).returncode == 0
        assert "has every signed record" in wb(newer, state, "sync")
    finally:
        server.kill()
    monkeypatch.setenv("PYTHONPATH", str(newer))
    upgraded = ServerProcess(database, tmp_path / "server")
    try:
        assert run(newer, state, "-c", ITEMS).returncode == 0
        wb(newer, state, "enroll", "--leave")
        token = wb(newer, tmp_path / "server", "fleet", "token", "--database", database).split("\n")[0]
        wb(newer, state, "enroll", upgraded.origin, "--token", token)
        assert "has every signed record" in wb(newer, state, "sync")
    finally:
        upgraded.kill()
