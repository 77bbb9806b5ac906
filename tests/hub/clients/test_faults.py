"""A server that is killed while a stock client uploads: nothing half-written, nothing wrong, the next try goes on."""

import hashlib
import random
import signal
import time
from pathlib import Path

import pytest
from tests.fleet.server_process import LIMIT
from tests.hub.clients.environments import Client
from tests.hub.clients.people import RunningHub, laid

from weighbridge.hub.states import State


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """So much that an upload can be met in its middle; more than every process of the tests should hold."""
    body = random.Random(5).randbytes(96 << 20)
    return {"README.md": b"---\nlicense: mit\n---\n", "model.bin": body, "more.bin": body[::-1][: 40 << 20]}


def whole(hub: RunningHub) -> None:
    """Check that everything that stands under a digest is what the digest says."""
    for path in hub.blobs():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name


@pytest.mark.deep
@pytest.mark.parametrize("name", ["oldest", "newest"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_killed_during_an_upload(tmp_path: Path, files: dict[str, bytes], name: str, share: float) -> None:
    """By Git LFS and by Xet, after a share of the bytes came."""
    hub = RunningHub(tmp_path)
    folder = laid(tmp_path / "files", files)
    client = Client(name, tmp_path / "home", hub.origin, hub.tokens["wendy"])
    running = client.begun("upload", "acme/big", str(folder))
    wanted, end = share * sum(map(len, files.values())), time.monotonic() + LIMIT
    while hub.stored() < wanted and running.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.01)
    hub.server.process.send_signal(signal.SIGKILL)
    running.kill()
    running.wait(LIMIT)
    whole(hub)
    hub.restart()
    client = Client(name, tmp_path / "home", hub.origin, hub.tokens["wendy"])
    done = client.hf("upload", "acme/big", str(folder))
    assert done.returncode == 0, done.stderr
    digests = {path: hashlib.sha256(body).hexdigest() for path, body in files.items()}
    assert hub.files(hub.head("acme/big")) == digests
    assert hub.weighed("acme/big").state in (State.REVIEW, State.APPROVED)
    whole(hub)
    hub.close()
