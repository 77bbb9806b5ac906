"""Weights that never had a file: built in memory, mapped, and known by their digest all the same."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli_runs import wb
from tests.live.tiny_model import write_tiny_model

pytest.importorskip("gguf")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the probes are complete on Linux only")
HOLD = """
import mmap, os, sys
content = open(sys.argv[1], "rb").read()
os.unlink(sys.argv[1])
descriptor = os.memfd_create("cache")
os.write(descriptor, content)
held = mmap.mmap(descriptor, len(content), access=mmap.ACCESS_READ)
os.close(descriptor)
print("up", flush=True)
sys.stdin.read()
"""


def test_weights_in_memory_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    model = write_tiny_model(tmp_path / "w")
    expected = hashlib.sha256(model.read_bytes()).hexdigest()
    command = [sys.executable, "-c", HOLD, str(model)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"up\n"
        _, out, err = wb("ps", "--format", "json")
        holder.communicate()
    (process,) = [one for one in json.loads(out)["processes"] if one["pid"] == holder.pid]
    (weights,) = process["weights"]
    if any(reason.startswith("content of mapped files") for reason in process["not_visible"]):
        pytest.skip("this user may not read what others have mapped")
    assert weights["sha256"] == expected, err
    assert (weights["path"], weights["deleted"]) == ("/memfd:cache", True)
    assert "mapped" in weights["evidence"]
