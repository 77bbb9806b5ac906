"""A new developer's way through a whole hub: ask, wait, pull, load with stock tools, and hear of a revocation."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli_runs import wb
from tests.fleet.server_process import LIMIT, ServerProcess
from tests.hub.ollama_key import OllamaKey
from tests.hub.upstream_server import Upstream, serving
from tests.hub.weighable import UNLICENSED

from weighbridge.fleet import accounts, enrollment
from weighbridge.fleet.permissions import Role, Scope
from weighbridge.fleet.store import Store
from weighbridge.hub import hub_tokens, machine_keys

CONFIG = b'{"model_type":"llama"}'
NAME = "acme/tiny"
HF = Path(sys.executable).with_name("hf")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A hub that fetches from an upstream on loopback."""
    folder = tmp_path_factory.mktemp("hub")
    with serving(Upstream({**UNLICENSED, "config.json": CONFIG}, NAME)) as there, pytest.MonkeyPatch.context() as patch:
        patch.setenv("WEIGHBRIDGE_SERVE_UPSTREAM", there.origin)
        patch.setenv("WEIGHBRIDGE_SERVE_UPSTREAM_NETWORKS", "127.0.0.0/8")
        patch.setenv("WEIGHBRIDGE_SERVE_REQUESTS_PER_MINUTE", "100000")
        started = ServerProcess(f"sqlite:///{folder / 'fleet.db'}", folder / "state")
        try:
            yield started
        finally:
            started.stop()


@pytest.fixture(scope="module")
def reviewer(hub: ServerProcess) -> dict[str, str]:
    """The headers of whoever runs the hub."""
    return hub.sign_in()


@pytest.fixture
def developer(hub: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a developer with a token in a file, and nothing else."""
    for name in [one for one in os.environ if one.startswith(("HF_", "HUGGINGFACE_", "XDG_", "OLLAMA_"))]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("WEIGHBRIDGE_HUB", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHELL", "/bin/bash")
    monkeypatch.setattr("weighbridge.pipeline.hub_ollama.OLLAMA_SERVICE", bytes(tmp_path / "service"))
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))

    def job(connection: Any) -> str:
        now = int(time.time() * 1000)
        account = accounts.by_name(connection, "dana") or accounts.add(connection, now, "dana", Role.VIEWER, Scope())
        return hub_tokens.make(connection, now, account.account_id, name="laptop")[1]

    (tmp_path / "token").write_text(written(hub, job))
    return tmp_path


def written(hub: ServerProcess, job: Callable[[Any], Any]) -> Any:
    """Return what a job on the hub's database returns."""
    arguments = list(hub.process.args)
    store = Store.open(arguments[arguments.index("--database") + 1])
    try:
        return store.write_now(job)
    finally:
        store.close()


def in_shell(home: Path, line: str) -> subprocess.CompletedProcess[str]:
    """Run a line in a new shell of the developer, with nothing but what their files say."""
    return subprocess.run(
        ["bash", "-c", f". ~/.profile; {line}"],
        env={"HOME": str(home), "PATH": os.environ["PATH"], "NO_COLOR": "1"},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )


def decide(hub: ServerProcess, reviewer: dict[str, str], release_id: str, what: str, **said: object) -> None:
    answer = hub.client.post(f"/api/v1/releases/{release_id}/{what}", json=said, headers=reviewer)
    assert answer.status_code == 200, answer.text


def in_review(hub: ServerProcess) -> str:
    """Wait until a release is there to decide on; return its id."""
    end = time.monotonic() + LIMIT
    while not (found := hub.client.get("/api/v1/releases?status=review").json()):
        assert time.monotonic() < end, "nothing came to be reviewed"
        time.sleep(0.05)
    return found[0]["release"]["release_id"]


def test_from_a_request_to_a_loaded_model_and_to_its_revocation(hub, reviewer, developer):
    pytest.importorskip("huggingface_hub")
    code, _, err = wb("hub", "setup", hub.origin, "--token-file", str(developer / "token"), "--yes")
    assert code == 0, err

    code, _, err = wb("pull", NAME)
    assert code == 21
    assert f"wb request {NAME} --why" in err

    waited: list[tuple[int, str, str]] = []
    asking = threading.Thread(
        target=lambda: waited.append(wb("request", NAME, "--why", "to review code", "--task", "coding", "--wait"))
    )
    asking.start()
    release_id = in_review(hub)
    code, _, err = wb("pull", NAME)
    assert code == 21
    assert "not approved yet" in err
    decide(hub, reviewer, release_id, "approve", guidance="For code only.", data_classes=["internal"], version="1.0")
    asking.join(LIMIT)
    ((code, _, err),) = waited
    assert code == 0, err
    assert f"wb pull {NAME}" in err
    assert wb("request", "--list")[1].startswith(f"approved   {NAME}")

    code, out, err = wb("pull", f"{NAME}@1.0", "--lock", str(developer / "models.lock"))
    assert code == 0, err
    assert json.loads((Path(out.strip()) / "config.json").read_bytes()) == json.loads(CONFIG)
    code, _, err = wb("pull", "--task", "coding")
    assert (code, "all of it was here" in err) == (0, True)
    assert f"coding: {NAME} 1.0, the only one; approved" in err
    assert "For code only." in err

    if shutil.which("bash") and HF.exists():
        done = in_shell(developer, f"{HF} download {NAME} --local-dir model")
        assert done.returncode == 0, done.stderr
        assert (developer / "model" / "config.json").read_bytes() == CONFIG
        read = "from huggingface_hub import hf_hub_download as f; print(open(f('acme/tiny', 'config.json')).read())"
        done = in_shell(developer, f'{sys.executable} -c "{read}"')
        assert json.loads(done.stdout) == json.loads(CONFIG), done.stderr

    decide(hub, reviewer, release_id, "revoke", reason="Its weights were tampered with", replaced_by="acme/other")
    for arguments in (("pull", NAME), ("pull", "--locked", str(developer / "models.lock"))):
        code, out, err = wb(*arguments)
        assert (code, out) == (21, "")
        assert "was revoked: Its weights were tampered with" in err
        assert "Use acme/other instead." in err
    if shutil.which("bash") and HF.exists():
        done = in_shell(developer, f"{HF} download {NAME} config.json")
        assert done.returncode != 0, done.stdout
        assert "was revoked: Its weights were tampered with" in in_shell(developer, f"{HF} download {NAME}").stderr
    assert wb("hub", "setup", "--undo", "--yes")[0] == 0
    assert not (developer / ".bashrc").exists()


def test_a_machine_of_the_fleet_gets_its_own_token_and_ollama_signs_in(hub, developer):
    ollama = OllamaKey()
    public = ollama.public
    chosen = {"made_by": "ada", "expires_at": int(time.time() * 1000) + 10**7}
    token = written(hub, lambda connection: enrollment.make_token(connection, int(time.time() * 1000), **chosen))
    assert wb("enroll", hub.origin, "--token", token)[0] == 0
    (developer / ".ollama" / "models").mkdir(parents=True)
    (developer / ".ollama" / "id_ed25519.pub").write_text(f"{ollama.line} dana@laptop\n")
    code, _, err = wb("hub", "setup", "--yes")
    assert "Ollama proves its own key, once you have typed this here:" in err
    assert "/link/" in err
    (developer / ".ollama" / "id_ed25519").write_bytes(ollama.private)

    code, _, err = wb("hub", "setup", "--yes")
    assert code == 0, err
    assert f"✓ Ollama signs in with its own key: …{public[-24:]}" in err

    def keys(connection: Any) -> list[str]:
        return [row.public for row in connection.execute(machine_keys.MACHINE_KEYS.select())]

    assert written(hub, keys) == [public]
    assert wb("hub", "setup", "--dry-run")[0] == 0
    code, out, _ = wb("hub", "setup", "--status")
    assert code == 0, "looking at what would change ends no token"
    assert "knows you as my device " in out
    assert wb("pull", "acme/missing")[0] == 21
    code, _, err = wb("hub", "setup", "--undo", "--yes")
    assert code == 0
    assert "the hub has forgotten Ollama's key" in err
    assert written(hub, keys) == []
