"""The console of `wb up` in a process of its own, with a real ledger in a state folder of its own."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import httpx
import pytest
from tests.fleet.server_process import LIMIT, free_port

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

CONSOLE = """
import sys
from weighbridge.cli.boundary import run
from weighbridge.cli.screen import Screen
from weighbridge.cli.up_console import console
from weighbridge.host.real import RealMachine
console(Screen(), RealMachine(), int(sys.argv[1]), open_page=False)
"""


class Console:
    """A running console; its link was printed on return."""

    def __init__(self, state, port):
        self.lines = []
        self.process = subprocess.Popen(
            [sys.executable, "-c", CONSOLE, str(port)],
            env=os.environ | {"WEIGHBRIDGE_STATE": str(state), "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.origin = f"http://127.0.0.1:{port}"
        self._told = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self._told.wait(LIMIT), self.lines

    def _read(self):
        for line in self.process.stderr:
            self.lines.append(line)
            if "/sign-in/" in line:
                self._told.set()
        self._told.set()

    @property
    def text(self):
        return "".join(self.lines)

    @contextmanager
    def client(self):
        secret = re.search(r"/sign-in/(\S+)", self.text)
        assert secret is not None, self.text
        with httpx.Client(base_url=self.origin, timeout=LIMIT, trust_env=False) as client:
            assert client.post("/api/v1/session/link", json={"secret": secret[1]}).status_code == 201
            yield client

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(LIMIT)

    def close(self):
        self._reader.join(LIMIT)
        self.process.stderr.close()


def _model(values):
    header = json.dumps({"w": {"dtype": "F32", "shape": [values], "data_offsets": [0, 4 * values]}}).encode()
    return len(header).to_bytes(8, "little") + header + bytes(4 * values)


def _weigh(folder, state):
    done = subprocess.run(
        [sys.executable, "-m", "weighbridge", "scan", str(folder), "--record", "--quiet"],
        env=os.environ | {"WEIGHBRIDGE_STATE": str(state)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 4), done.stderr


@pytest.fixture
def start():
    running = []

    def started(state, port):
        running.append(Console(state, port))
        return running[-1]

    yield started
    for one in running:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait(LIMIT)
        one.close()


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def folder(tmp_path, state):
    made = tmp_path / "models"
    made.mkdir()
    (made / "a.safetensors").write_bytes(_model(4))
    _weigh(made, state)
    return made


def test_this_machine_is_in_it_once_with_all_that_it_recorded(start, folder, state):
    port = free_port()
    first = start(state, port)
    assert "this machine is in it" in first.text
    with first.client() as client:
        endpoints = client.get("/api/v1/endpoints").json()
        artifacts = client.get("/api/v1/artifacts").json()
        assert client.get("/").status_code == 200
    assert first.stop() == 0
    assert len(endpoints["rows"]) == 1
    assert len(artifacts["rows"]) == 1
    (folder / "b.safetensors").write_bytes(_model(8))
    _weigh(folder, state)
    second = start(state, port)
    with second.client() as client:
        again = client.get("/api/v1/endpoints").json()
        assert len(client.get("/api/v1/artifacts").json()["rows"]) == 2
    assert second.stop() == 0
    assert [one["endpoint_id"] for one in again["rows"]] == [one["endpoint_id"] for one in endpoints["rows"]]


def test_a_machine_of_another_fleet_stays_there(start, folder, state):
    assert start(state, free_port()).stop() == 0
    moved = start(state, free_port())
    assert "it belongs to the fleet of http://127.0.0.1:" in moved.text
    with moved.client() as client:
        assert client.get("/").status_code == 200, "the console is served all the same"
    assert moved.stop() == 0
