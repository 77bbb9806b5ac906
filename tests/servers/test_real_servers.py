"""The tables held to real servers: what a table says is what the real one answers, as far as it is asked."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import short_scratch
from tests.live.tiny_model import write_tiny_model
from tests.servers.patient import Patient
from tests.servers.tables import LLAMA_CPP
from weighbridge.discover.server_identity import identify
from weighbridge.discover.server_product_decide import Owner
from weighbridge.host.live import SocketListener

pytest.importorskip("xllamacpp")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
SERVE = Path(__file__).parent.parent / "live/serve_llama.py"


@pytest.fixture(scope="module")
def llama_cpp():
    """A real llama.cpp server on a UNIX socket."""
    with short_scratch() as folder:
        yield from served(write_tiny_model(folder / "tiny"), folder / "s.sock")


def served(model, socket):
    command = [sys.executable, str(SERVE), str(model), str(socket), "8080", "mmap"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        while server.stdout.readline().strip() != b"up":
            assert server.poll() is None
        yield SocketListener("unix", str(socket), 0, 0, None, Path("/proc/self/ns/net").stat().st_ino)
        server.stdin.close()
        server.wait(60)


def shape(body):
    """Return the keys of a JSON object or of the objects in a list, None for any other text."""
    if isinstance(body, dict):
        return {key: shape(value) if key in ("data", "error") else None for key, value in body.items()}
    return [shape(entry) for entry in body] if isinstance(body, list) else None


def within(expected, actual):
    """Return whether everything in `expected` is in `actual`."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(
            key in actual and within(value, actual[key]) for key, value in expected.items()
        )
    if isinstance(expected, list):
        return isinstance(actual, list) and all(map(within, expected, actual))
    return True


@pytest.mark.parametrize("path", LLAMA_CPP)
def test_the_table_of_llama_cpp_is_what_llama_cpp_answers(llama_cpp, path):
    status, headers, body = LLAMA_CPP[path]
    answer = Patient().get(llama_cpp, path or "/.well-known/nothing")
    assert answer.status == status
    if "server" in headers:
        assert answer.headers["server"] == headers["server"]
    if not isinstance(body, str):
        assert within(shape(body), shape(json.loads(answer.body)))


def test_a_real_server_is_told_by_its_answers_alone(llama_cpp):
    identity = identify(Patient(), llama_cpp, Owner())
    assert identity.product == "llama_cpp"
    assert identity.identified_by[:2] == ("owned_by llamacpp at /v1/models", "answers like llama.cpp at /props")
    assert identity.authenticated is False
