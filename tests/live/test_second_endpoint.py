"""A second endpoint joins a server, goes offline, answers a prompt there, comes back: everything once and in order.

Real parts: the server and the sensor are processes of their own, inference is llama.cpp with a seeded model, and being
offline is a network namespace without a way out.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.fleet.server_process import ServerProcess
from tests.live.test_watch import WB, watching, weights_in
from tests.live.tiny_model import write_tiny_model

pytest.importorskip("xllamacpp")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are of Linux")
SERVE = Path(__file__).with_name("serve_llama.py")
ASK = """
import json, sys, urllib.request
body = json.dumps({"prompt": "weigh", "n_predict": 3}).encode()
request = urllib.request.Request(sys.argv[1], body, {"Content-Type": "application/json"})
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
print(json.load(opener.open(request, timeout=60))["tokens_predicted"])
"""
HOLD = "ip link set lo up && echo apart && exec sleep 600"
_LIMIT = 120
_PORT = "8190"
"""Of the namespace, in which nobody else listens."""


@contextmanager
def offline() -> Iterator[tuple[str, ...]]:
    """Hold a network namespace with nothing but a loopback; yield what runs a command in it."""
    command = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c", HOLD]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as holder:
        assert holder.stdout is not None
        try:
            if holder.stdout.readline() != b"apart\n":
                pytest.skip("this user may make no network namespace")
            yield ("nsenter", "--target", str(holder.pid), "--user", "--net", "--preserve-credentials")
        finally:
            holder.kill()


@contextmanager
def llama(model: Path, *before: str) -> Iterator[int]:
    """Serve a model with llama.cpp; yield the number of its process."""
    command = [*before, sys.executable, str(SERVE), str(model), "127.0.0.1", _PORT, "mmap"]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **pipes) as process:
        try:
            assert process.stdout is not None
            assert any(line == b"up\n" for line in process.stdout)
            yield process.pid
        finally:
            process.kill()


class Endpoint:
    """A second machine: a state folder of its own."""

    def __init__(self, state: Path) -> None:
        self.environment = {**os.environ, "WEIGHBRIDGE_STATE": str(state), "NO_COLOR": "1"}

    def wb(self, *arguments: str, before: tuple[str, ...] = ()) -> "subprocess.CompletedProcess[str]":
        command = [*before, *WB, *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, env=self.environment, check=False, timeout=_LIMIT
        )

    def ledger(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.wb("ledger", "show", "--format", "json").stdout.splitlines()]


def received(server: ServerProcess) -> list[dict[str, Any]]:
    """Return all records that the server has of its only endpoint, in order."""
    (endpoint,) = server.client.get("/api/v1/endpoints").json()["rows"]
    found, after = [], ""
    while True:
        address = f"/api/v1/ledger/{endpoint['endpoint_id']}?sort=index&limit=500&after={after}"
        part = server.client.get(address).json()
        found += part["rows"]
        after = part["after"]
        if not after:
            return found


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    started = ServerProcess(f"sqlite:///{tmp_path}/fleet.db", tmp_path / "server")
    yield started
    started.kill()


def test_what_ran_offline_arrives_once_in_order_and_says_that_it_was_offline(
    server: ServerProcess, tmp_path: Path
) -> None:
    form, endpoint = server.sign_in(), Endpoint(tmp_path / "state")
    made = server.client.post("/api/v1/enrollment-tokens", json={"note": "a second machine"}, headers=form)
    joined = endpoint.wb("enroll", server.origin, "--token", made.json()["text"])
    assert joined.returncode == 0, joined.stderr
    model = write_tiny_model(tmp_path / "0a1b2c")
    weighed = endpoint.wb("scan", str(model), "--record", "--quiet")
    assert weighed.returncode in (0, 4), weighed.stderr
    assert endpoint.wb("sync").returncode == 0
    before = received(server)
    assert [one["record_index"] for one in before] == [*range(len(endpoint.ledger()))]

    with offline() as apart:
        with watching(tmp_path / "state", *apart) as sensor:
            sensor.settle()
            with llama(model, *apart) as pid:
                asked = [*apart, sys.executable, "-c", ASK, f"http://127.0.0.1:{_PORT}/completion"]
                answer = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=_LIMIT)
                assert int(answer.stdout) > 0, answer.stderr
                sensor.wait_for(weights_in(model))
            sensor.wait_for(lambda one: one["kind"] == "process-end" and one["data"]["pid"] == pid)
            assert sensor.stop() == 0
        assert endpoint.wb("sync", before=apart).returncode == 1
    assert received(server) == before

    assert endpoint.wb("sync").returncode == 0
    told, arrived = endpoint.ledger(), received(server)
    assert [one["record_index"] for one in arrived] == [*range(len(told))]
    assert [(one["kind"], one["data"]) for one in arrived] == [(one["kind"], one["data"]) for one in told]
    assert {one["proof"] for one in arrived} == {"cosigned"}
    digest = hashlib.sha256(model.read_bytes()).hexdigest()
    ran = [one for one in arrived if one["kind"] == "process" and one["data"]["pid"] == pid]
    assert ran
    assert {one["network"] for one in ran} == {"offline"}
    assert digest in {weights["sha256"] for one in ran for weights in one["data"]["weights"]}
    assert endpoint.wb("sync").returncode == 0
    assert received(server) == arrived
    runs = server.client.get(f"/api/v1/artifacts/{digest}").json()["runs"]
    assert [(one["network"], one["ended_at"] is not None) for one in runs] == [("offline", True)]


def test_a_person_at_the_second_endpoint_sees_all_of_it(server: ServerProcess, tmp_path: Path) -> None:
    form, endpoint = server.sign_in(), Endpoint(tmp_path / "state")
    made = server.client.post("/api/v1/enrollment-tokens", json={"note": "a second machine"}, headers=form)
    assert endpoint.wb("enroll", server.origin, "--token", made.json()["text"]).returncode == 0
    assert endpoint.wb("sync").returncode == 0
    link = endpoint.wb("enroll", "--my-device")
    assert link.returncode == 0, link.stderr
    assert link.stdout.startswith(f"{server.origin}/sign-in/")
    secret = link.stdout.strip().rpartition("/")[2]
    server.client.cookies.clear()
    assert server.client.post("/api/v1/session/link", json={"secret": secret}).status_code == 201
    mine = server.client.get("/api/v1/device").json()
    assert mine["records"] == len(endpoint.ledger())
    assert server.client.get("/api/v1/endpoints").status_code == 403
