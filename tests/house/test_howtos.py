"""The how-to pages work as they stand: every command line runs, in order, beside the files that the page speaks of."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager, nullcontext
from pathlib import Path

import pytest

from tests.cli_runs import wb
from tests.fleet.server_process import ServerProcess
from tests.house.files import ROOT
from tests.samples import shipments
from tests.samples.gguf_file import STRING, U32
from tests.samples.licenses_artifacts import gguf, tensors
from weighbridge.fleet.opening import open_to_serve

PAGES = {
    "audit-agents": {0, 4, 20},
    "check-somebody-elses-ledger": {0},
    "configure-as-files": {0},
    "enroll-a-machine": {0, 20, 21},
    "except-a-model": {0},
    "export-to-other-products": {0, 20, 21},
    "gate-a-build": {0, 20, 21},
    "hunt": {0, 3},
    "keep-watch": {0, 3, 20, 21},
    "operate-a-fleet-server": {0},
    "scan-in-ci": {0, 20, 21},
    "prove-it-to-an-auditor": {0},
    "revoke-a-model": {0},
    "roll-out-a-policy": {0},
    "see-what-runs": {0, 3, 4, 20, 21},
    "verify-the-ledger": {0},
    "what-may-ship": {0},
    "write-a-bill-of-materials": {0, 20},
    "write-a-policy": {0, 20, 21},
}
"""Pages with the exit codes that their readers may see; everything else is a failure. The other pages are for
developers of Weighbridge and name files that do not exist yet."""
SERVERS = {"run-a-fleet-server", "run-a-hub", "see-your-own-device", "sign-in-with-your-identity-provider"}
"""Pages whose commands run until they are told to end, or need a certificate: tests/cli/test_serve.py runs those."""
HUBS = {"get-models-from-the-hub"}
"""Pages that need a hub with models: tests/cli/test_hub_howto.py runs those."""
DECISIONS = {"review-a-model"}
"""Pages for who decides: tests/hub/test_release_routes.py and tests/cli/test_hub_export.py do what they say."""
OTHER_TOOLS = {"use-models-with-hugging-face-tools", "use-models-with-ollama-and-oci-tools"}
"""Pages of commands of other programs: tests/hub/clients runs those."""
WHOLE_MACHINE = {"wb scan --policy policy", "wb watch", "wb watch --install"}
"""Not run here: they would weigh, watch or change the machine that the tests run on."""
DENIED = tensors(license="cc-by-nc-4.0")
BASE = (
    ("general.base_model.count", U32, 1),
    ("general.base_model.0.name", STRING, "Llama 3.1 8B"),
    ("general.base_model.0.repo_url", STRING, "https://huggingface.co/meta-llama/Llama-3.1-8B"),
)


def _page(name: str) -> str:
    return (ROOT / "docs/howto" / f"{name}.md").read_text(encoding="utf-8")


def _commands(page: str) -> list[str]:
    """Return the command lines of a page; one that ends in a backslash goes on."""
    blocks = re.findall(r"^```sh\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [line for line in lines if line.strip() and line.partition("#")[0].strip() not in WHOLE_MACHINE]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with everything that the pages name, and programs `wb` and `docker` in `bin`."""
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    work = tmp_path / "work"
    image = shipments.docker_save(shipments.tar({"app/model.safetensors": DENIED}))
    files = {
        "models/assistant.gguf": gguf("apache-2.0", *BASE),
        "dist/app-1.0-py3-none-any.whl": shipments.zipped({"app/model.safetensors": DENIED}),
        "model.gguf": gguf("mit"),
        "image": image,
        "check_ledger.py": (ROOT / "examples/check_ledger.py").read_bytes(),
        "check_pack.py": (ROOT / "examples/check_pack.py").read_bytes(),
    }
    shipments.write(work, files)
    (tmp_path / "home").mkdir()
    (tmp_path / "bin").mkdir()
    program = f'exec {sys.executable} -m weighbridge "$@"'
    python = f'exec {sys.executable} "$@"'
    for name, does in (
        ("wb", program),
        ("python3", python),
        ("docker", 'test "$1 $2 $3" = "save app:1 -o" && cp image "$4"'),
    ):
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    wb("sign", "--new-key", str(work / "team-key"))
    wb("sign", str(work / "models"), "--key", str(work / "team-key"))
    open_to_serve(f"sqlite:///{tmp_path}/state/fleet/fleet.db", 1_000).close()
    documents = (("release-1.cdx.json", "cyclonedx"), ("release-2.spdx.json", "spdx"))
    for name, kind in (*documents, ("somebody-elses.cdx.json", "cyclonedx")):
        wb("bom", str(work / "models"), "--format", kind, "--output", str(work / name))
    return work


def _run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    if "DIGEST" in command:
        command = command.replace("DIGEST", json.loads(_scan(folder))["artifacts"][0]["sha256"])
    if words := _plain(command):
        with chdir(folder):
            return subprocess.CompletedProcess(command, *wb(*words[1:]))
    paths = os.pathsep.join((str(folder.parent / "bin"), os.environ["PATH"]))
    return subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=os.environ | {"PATH": paths, "NO_COLOR": "1", "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def _plain(command: str) -> list[str]:
    """Return the words of a command of ours that asks nothing of a shell: it needs no process, which takes long."""
    words = shlex.shlex(command, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    found = list(words)
    is_plain = found[0] == "wb" and not any(set(word) <= set("();<>|&") or set(word) & set("$*?~`") for word in found)
    return found if is_plain else []


@contextmanager
def _server(folder: Path) -> Iterator[None]:
    """Serve the fleet of the state folder, at `$SERVER`."""
    state = folder.parent / "state"
    server = ServerProcess(f"sqlite:///{state}/fleet/fleet.db", state)
    os.environ["SERVER"] = server.origin
    try:
        yield
    finally:
        del os.environ["SERVER"]
        server.kill()


def _scan(folder: Path) -> str:
    return wb("scan", str(folder / "models"), "--format", "json")[1]


@pytest.mark.skipif(os.name == "nt", reason="the pages are written for a POSIX shell")
@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_command_of_a_page_runs(name: str, folder: Path) -> None:
    commands = _commands(_page(name))
    assert commands
    if shutil.which("openssl") is None:
        commands = [command for command in commands if "python3 check_" not in command]
    with _server(folder) if "$SERVER" in _page(name) else nullcontext():
        for command in commands:
            done = _run(command, folder)
            assert done.returncode in PAGES[name], (command, done.returncode, done.stdout, done.stderr)
            assert "error[" not in done.stderr, (command, done.stderr)


@pytest.mark.skipif(os.name == "nt", reason="the pages are written for a POSIX shell")
@pytest.mark.parametrize(("name", "command"), [("what-may-ship", "wb inspect models/assistant.gguf")])
def test_what_a_page_shows_is_what_the_command_prints(name: str, command: str, folder: Path) -> None:
    printed = {" ".join(line.split()) for line in _run(command, folder).stdout.splitlines()}
    blocks = re.findall(r"^```text\n(.*?)^```", _page(name), re.DOTALL | re.MULTILINE)
    assert blocks
    shown = [" ".join(line.split()) for block in blocks for line in block.splitlines()]
    assert [line for line in shown if line not in printed] == []


def test_every_page_is_run_or_for_developers() -> None:
    pages = {path.stem for path in (ROOT / "docs/howto").glob("*.md")}
    assert pages - set(PAGES) == {"add-a-check", "add-a-format"} | SERVERS | HUBS | DECISIONS | OTHER_TOOLS
