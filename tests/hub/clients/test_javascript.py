"""The client for JavaScript, `@huggingface/hub`, against a real `wb serve`: what it reads, uploads, and is refused.

With `--deep`, where there are Node.js and its package manager.
"""

import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.hub.clients.environments import KEPT, LIMIT
from tests.hub.clients.people import RunningHub
from tests.hub.clients.test_verbs import FILES, HERE, MODELS

PACKAGE = "@huggingface/hub@2.17.5"
VERBS = Path(__file__).with_name("verbs.mjs")
pytestmark = pytest.mark.deep


@pytest.fixture(scope="module")
def installed() -> Path:
    """The folder in which the client is installed."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("there is no Node.js here")
    folder = KEPT / f"javascript-{PACKAGE.rpartition('@')[2]}"
    folder.mkdir(parents=True, exist_ok=True)
    with (KEPT / "javascript.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "whole").exists():
            asked = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder), PACKAGE]
            done = subprocess.run(asked, capture_output=True, text=True, timeout=LIMIT, check=False)
            if done.returncode:
                pytest.skip(f"{PACKAGE} could not be installed: {done.stderr[-300:]}")
            (folder / "whole").touch()
    return folder


def test_every_verb(installed: Path, tmp_path: Path) -> None:
    hub = RunningHub(tmp_path)
    commit = hub.publish("acme/verbs", FILES).commit_id
    given = ["acme/verbs", "acme/new", hub.tokens["rita"], hub.tokens["wendy"]]
    done = subprocess.run(
        ["node", str(VERBS), hub.origin, *given],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        cwd=installed,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    hub.close()
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.rpartition("@@")[2])
    refused = {verb: value for verb, value in found.items() if value[0] != "ok"}
    assert {verb: value for verb, (_, value) in found.items() if verb not in refused} == {
        "whoAmI": "rita",
        "listModels": ["acme/verbs"],
        "modelInfo": commit,
        "listFiles": len(FILES),
        "listCommits": [commit],
        "fileExists": [True, False],
        "repoExists": True,
        "pathsInfo": ["config.json", "sub"],
        "downloadFile": "grüße",
        "downloadFile in part": '"',
        "snapshotDownload": commit,
        "createRepo": f"{hub.origin}/acme/new",
        "uploadFile": 40,
        "uploadFiles": 40,
        "uploadFiles by Xet": 40,
        "deleteFile": 40,
        "createBranch": None,
        "deleteBranch": None,
    }
    wanted = {
        "downloadFile of nothing": ("403", "acme/none is not in the catalog. Ask for it: wb request acme/none"),
        "checkRepoAccess": ("403", "acme/none is not in the catalog. Ask for it: wb request acme/none"),
        "uploadFile of a reader": ("403", "You may not do this with acme/verbs."),
        "deleteRepo": ("403", HERE),
        "listDatasets": ("404", MODELS),
    }
    assert sorted(refused) == sorted(wanted)
    for verb, (status, words) in wanted.items():
        assert refused[verb][0] == status, verb
        assert words in refused[verb][1], verb
