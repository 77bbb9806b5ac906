"""The release before, from the history where that is there: its endpoints at our server, ours at its server."""

import io
import json
import os
import subprocess
import sys
import tarfile
from hashlib import sha256
from pathlib import Path

import pytest
from tests.fleet.nursery import until
from tests.fleet.server_process import LIMIT, ServerProcess
from tests.hub.catalog_rows import add_release
from tests.samples.safetensors_file import small
from tests.scanning import ROOT

from weighbridge.fleet.store import Store

pytestmark = [pytest.mark.deep, pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")]
BEFORE = ("a6a2a83", "4499e70")
"""The last commits that spoke version 1, and version 2."""
ITEMS = """
from weighbridge.host.real import RealMachine
from weighbridge.pipeline.ledger_open import open_ledger
with open_ledger(RealMachine()) as recorder:
    for number in range(50):
        recorder.record("sighting", {"artifact": "a" * 64, "path": f"/m/{number}", "member": None})
"""


@pytest.fixture(params=BEFORE)
def older(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The source of an older release."""
    commit = request.param
    made = subprocess.run(["git", "archive", commit, "src"], cwd=ROOT, capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"the history does not reach back to {commit}")
    with tarfile.open(fileobj=io.BytesIO(made.stdout)) as archive:
        archive.extractall(tmp_path / "older", filter="data")
    return tmp_path / "older" / "src"


def run(source: Path, state: Path, *arguments: str, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"PYTHONPATH": str(source), "WEIGHBRIDGE_STATE": str(state), "NO_COLOR": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False, cwd=cwd)


def wb(source: Path, state: Path, *arguments: str, cwd: Path | None = None) -> str:
    done = run(source, state, "-m", "weighbridge", *arguments, cwd=cwd)
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


@pytest.mark.parametrize("who", ["server", "endpoint"])
@pytest.mark.parametrize("older", BEFORE[1:], indirect=True)
def test_a_revocation_reaches_who_knows_no_catalog_and_comes_from_who_knows_none(
    older: Path, tmp_path: Path, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Version 2 has three roles of rulings. A fourth, and its number, take nothing from them, on either side."""
    newer = ROOT / "src"
    serving, sending = (older, newer) if who == "server" else (newer, older)
    database, state, weights = f"sqlite:///{tmp_path}/fleet.db", tmp_path / "endpoint", tmp_path / "model.safetensors"
    weights.write_bytes(small())
    digest = sha256(weights.read_bytes()).hexdigest()
    people = tmp_path / "people"
    people.mkdir()

    def fleet(*arguments: str) -> None:
        wb(serving, people / "state", *arguments, cwd=people)

    def published(*arguments: str, file: str) -> None:
        fleet("fleet", "policy", *arguments, "--database", database)
        fleet("fleet", "policy", "sign", file, "--key", "ada")
        fleet("fleet", "policy", "publish", file, "--database", database)

    fleet("fleet", "migrate", "--database", database)
    fleet("sign", "--new-key", "ada")
    published("root", "--signer", "ada.pub", "--threshold", "1", file="root.sign.json")
    own = ("--urgent", "server", *(("--catalog", "server") if serving is newer else ()))
    published("delegate", *own, file="delegation.sign.json")
    fleet("fleet", "revoke", digest, "--reason", "It phones home.", "--yes", "--database", database)
    monkeypatch.setenv("PYTHONPATH", str(serving))
    if serving is newer:
        store = Store.open(database)
        store.write_now(lambda c: add_release(c, "acme/coder", "ab" * 32))
        store.close()
    server = ServerProcess(database, tmp_path / "server")
    try:
        signed = "/v1/policy/1.catalog.json" if serving is newer else "/v1/policy/1.urgent.json"
        until(lambda: server.client.get(signed).status_code == 200)
        token = wb(serving, tmp_path / "server", "fleet", "token", "--database", database).split("\n")[0]
        wb(sending, state, "enroll", server.origin, "--token", token)
        wb(sending, state, "sync")
        told = run(
            sending, state, "-m", "weighbridge", "scan", str(weights), "--policy", "balanced", "--format", "json"
        )
        (artifact,) = json.loads(told.stdout)["artifacts"]
        assert (artifact["verdict"]["decision"], artifact["verdict"]["policies"][0]) == ("deny", "revoked-model")
    finally:
        server.kill()
