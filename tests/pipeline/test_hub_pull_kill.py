"""A pull that is killed is gone on with by another process: what came is kept, checked, and not fetched again."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from tests.pipeline.hub_server import SmallHub

SIZE, FIRST = 50 << 20, 20 << 20
LIMIT = 120.0
COMMAND = [sys.executable, "-m", "weighbridge", "pull", "acme/coder"]


def home(folder: Path) -> dict[str, str]:
    """Return the surroundings of somebody with an empty home."""
    own = {"HOME": str(folder), "HF_HOME": str(folder / "hf"), "WEIGHBRIDGE_STATE": str(folder / "state")}
    return own | {"PATH": os.environ["PATH"]}


def begun(environment: dict[str, str], part: Path, least: int = FIRST) -> "subprocess.Popen[bytes]":
    """Start a pull, and wait until so much of a file is here."""
    first = subprocess.Popen(COMMAND, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + LIMIT
    while not part.exists() or part.stat().st_size < least:
        assert first.poll() is None
        assert time.monotonic() < end
        time.sleep(0.01)
    return first


@pytest.mark.deep
@pytest.mark.parametrize("damaged", [False, True])
def test_a_pull_that_was_killed_goes_on_where_it_ended(tmp_path, damaged):
    weights = Random(1).randbytes(SIZE)
    environment = home(tmp_path)
    repository = tmp_path / "hf" / "hub" / "models--acme--coder"
    digest = hashlib.sha256(weights).hexdigest()
    part = repository / "blobs" / f"{digest}.incomplete"
    with SmallHub({"model.safetensors": weights}) as hub:
        environment["WEIGHBRIDGE_HUB"] = hub.url
        hub.holds_after = FIRST
        first = begun(environment, part)
        first.kill()
        first.wait(LIMIT)
        assert not (repository / "snapshots").exists()
        hub.holds_after = 1 << 60
        hub.goes_on.set()
        if damaged:
            with part.open("r+b") as file:
                file.write(b"\0" * 16)
        done = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False)
        if damaged:
            assert done.returncode == 1
            assert "E-pull-digest" in done.stderr
            done = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False)
        assert done.returncode == 0, done.stderr
        ranges = [headers.get("Range") for path, headers in hub.seen if "/resolve/" in path]
    assert ranges == [None, f"bytes={FIRST}-", *([None] if damaged else [])]
    assert (repository / "blobs" / digest).read_bytes() == weights
    assert not part.exists()


@pytest.mark.deep
def test_ctrl_c_does_not_wait_for_a_hub_that_sends_nothing(tmp_path):
    weights = Random(1).randbytes(4 << 20)
    part = tmp_path / "hf/hub/models--acme--coder/blobs" / f"{hashlib.sha256(weights).hexdigest()}.incomplete"
    with SmallHub({"model.safetensors": weights}) as hub:
        hub.holds_after = 1 << 20
        first = begun({**home(tmp_path), "WEIGHBRIDGE_HUB": hub.url}, part, least=1 << 20)
        first.send_signal(signal.SIGINT)
        # The hub is silent for as long as this waits.
        assert first.wait(LIMIT / 4) == 130
    assert part.stat().st_size == 1 << 20
