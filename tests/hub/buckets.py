"""Stores of objects for tests: a folder, memory, and a bucket of S3 that `moto` plays on loopback.

`moto` needs libraries that contradict those of the project, so it stands in an environment of its own, whose Python
`WEIGHBRIDGE_MOTO_PYTHON` names (`uv venv V && uv pip install --python V 'moto[server]==5.2.5'`); without it, the tests
on a bucket are skipped.
"""

import atexit
import functools
import os
import secrets
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

PLACES = ["folder", "memory", "bucket"]
_SERVER = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print("http://%s:%s" % server.get_host_and_port(), flush=True)
sys.stdin.read()
"""


@functools.cache
def _endpoint(python: str) -> str:
    """Start the server once for the tests of this process; it ends with it."""
    process = subprocess.Popen(
        [python, "-c", _SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    atexit.register(process.kill)
    assert process.stdout is not None
    return process.stdout.readline().strip()


def bucket() -> S3Store:
    """Return a new, empty bucket."""
    python = os.environ.get("WEIGHBRIDGE_MOTO_PYTHON")
    if not python:
        pytest.skip("WEIGHBRIDGE_MOTO_PYTHON names no Python that has moto")
    endpoint, name = _endpoint(python), f"weighbridge-{secrets.token_hex(4)}"
    made = urllib.request.Request(f"{endpoint}/{name}", method="PUT")
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(made, timeout=60).close()
    return S3Store(
        name,
        endpoint=endpoint,
        region="us-east-1",
        access_key_id="test",
        secret_access_key="test",
        client_options={"allow_http": True},
        virtual_hosted_style_request=False,
    )


def place_of(request: Any, tmp_path: Path) -> ObjectStore:
    """Return the store that a parameter of a fixture asks for: one of `PLACES`."""
    if request.param == "folder":
        return LocalStore(str(tmp_path / "bytes"), mkdir=True)
    return MemoryStore() if request.param == "memory" else bucket()
