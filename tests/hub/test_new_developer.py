"""A new developer's way through a whole hub: ask, wait, pull, load with stock tools, and hear of a revocation."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli_runs import wb
from tests.fleet.server_process import LIMIT, ServerProcess
from tests.hub.upstream_server import Upstream, serving
from tests.hub.weighable import UNLICENSED

from weighbridge.fleet import accounts
from weighbridge.fleet.permissions import Role, Scope
from weighbridge.fleet.store import Store
from weighbridge.hub import hub_tokens

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
def developer(hub: ServerProcess, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch) -> Path:
    """The home of a developer with a token in a file, and nothing else."""
    for name in [one for one in os.environ if one.startswith(("HF_", "HUGGINGFACE_", "XDG_", "OLLAMA_"))]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("WEIGHBRIDGE_HUB", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHELL", "/bin/bash")
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    store = Store.open(next(iter(_database(hub))))

    def job(connection: Any) -> str:
        now = int(time.time() * 1000)
        account = accounts.add(connection, now, "dana", Role.VIEWER, Scope())
        return hub_tokens.make(connection, now, account.account_id, name="laptop")[1]

    (tmp_path / "token").write_text(store.write_now(job))
    store.close()
    return tmp_path


def _database(hub: ServerProcess) -> Iterator[str]:
    arguments = list(hub.process.args)
    yield arguments[arguments.index("--database") + 1]


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
    code, _, err = wb("pull", NAME)
    assert (code, "all of it was here" in err) == (0, True)

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
