"""A pull that is killed is gone on with by another process: what came is kept, checked, and not fetched again."""

import hashlib
import os
import subprocess
import sys
import time
from random import Random

import pytest
from tests.pipeline.hub_server import SmallHub

SIZE, FIRST = 50 << 20, 20 << 20
LIMIT = 120.0


@pytest.mark.deep
@pytest.mark.parametrize("damaged", [False, True])
def test_a_pull_that_was_killed_goes_on_where_it_ended(tmp_path, damaged):
    weights = Random(1).randbytes(SIZE)
    environment = {
        "HOME": str(tmp_path),
        "HF_HOME": str(tmp_path / "hf"),
        "WEIGHBRIDGE_STATE": str(tmp_path / "state"),
        "PATH": os.environ["PATH"],
    }
    repository = tmp_path / "hf" / "hub" / "models--acme--coder"
    digest = hashlib.sha256(weights).hexdigest()
    part = repository / "blobs" / f"{digest}.incomplete"
    with SmallHub({"model.safetensors": weights}) as hub:
        environment["WEIGHBRIDGE_HUB"] = hub.url
        hub.holds_after = FIRST
        command = [sys.executable, "-m", "weighbridge", "pull", "acme/coder"]
        first = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + LIMIT
        while not part.exists() or part.stat().st_size < FIRST:
            assert first.poll() is None
            assert time.monotonic() < end
            time.sleep(0.01)
        first.kill()
        first.wait(LIMIT)
        assert not (repository / "snapshots").exists()
        hub.holds_after = 1 << 60
        hub.goes_on.set()
        if damaged:
            with part.open("r+b") as file:
                file.write(b"\0" * 16)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False)
        if damaged:
            assert done.returncode == 1
            assert "E-pull-digest" in done.stderr
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False)
        assert done.returncode == 0, done.stderr
        ranges = [headers.get("Range") for path, headers in hub.seen if "/resolve/" in path]
    assert ranges == [None, f"bytes={FIRST}-", *([None] if damaged else [])]
    assert (repository / "blobs" / digest).read_bytes() == weights
    assert not part.exists()
