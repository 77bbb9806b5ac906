"""A second real runtime: the server of mlx-lm on the processor, which maps nothing and keeps nothing open."""

import hashlib
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.cli_runs import wb
from tests.live.tiny_folder import write_tiny_folder

pytest.importorskip("mlx_lm")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the probes are complete on Linux only")


def test_weights_in_a_folder_that_the_command_line_calls_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    weights = write_tiny_folder(tmp_path / "quiet")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mlx_lm", "server", "--model", str(weights.parent), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_until_it_answers(f"http://127.0.0.1:{port}/v1/models", server)
            _, out, err = wb("ps", "--format", "json")
        finally:
            server.kill()
    (process,) = [one for one in json.loads(out)["processes"] if one["pid"] == server.pid]
    assert process["runtime"] == "mlx_lm", err
    (found,) = process["weights"]
    assert found["sha256"] == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert (found["format"], found["evidence"][-1]) == ("safetensors", "command-line")
    assert [one["port"] for one in process["listeners"]] == [port]


def wait_until_it_answers(address: str, server: "subprocess.Popen[bytes]") -> None:
    while server.poll() is None:
        try:
            urllib.request.urlopen(address).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the server ended")
