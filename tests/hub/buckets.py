"""Stores of objects for tests: a folder, memory, and a bucket of S3 that `moto` plays on loopback.

`moto` stands in an environment of its own, which `--deep` makes; without that, and in CI, its tests are skipped.
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
from tests.hub.clients.environments import environment

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


def _python(*, deep: bool) -> str:
    """Return the Python that has moto; skips the test where there shall be none."""
    if not deep or os.environ.get("CI"):
        pytest.skip("a bucket is tried with --deep")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UV_NO_CONFIG", "1")  # the project's own pins are not for it
        return str(environment("s3") / "python")


def bucket(python: str) -> S3Store:
    """Return a new, empty bucket."""
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
    if request.param == "memory":
        return MemoryStore()
    return bucket(_python(deep=request.config.getoption("--deep")))
