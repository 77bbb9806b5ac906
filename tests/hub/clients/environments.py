"""Stock clients of the hub, each version in an environment of its own, made once and kept beside the checkout."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from tests.conftest import unavailable

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
KEPT = ROOT / ".uv" / "clients"
NAMES = ("oldest", "middle", "newest")
USUAL = (*NAMES, "oci")
LIMIT = 300.0
"""Seconds that anything may take before a test gives up."""


def environment(name: str) -> Path:
    """Return the folder of an environment's programs; the test is skipped where it cannot be made, and fails in CI."""
    wanted = (HERE / f"{name}.txt").read_bytes()
    mark = hashlib.sha256(wanted + sys.version.encode()).hexdigest()[:12]
    folder = KEPT / f"{name}-{mark}"
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "whole").exists():
            _make(name, folder)
    return folder / "bin"


def _make(name: str, folder: Path) -> None:
    uv = os.environ.get("UV") or shutil.which("uv") or str(ROOT / ".uv" / "bin" / "uv")
    if not Path(uv).is_file():
        unavailable("uv was not found, so no client was installed")
    shutil.rmtree(folder, ignore_errors=True)
    settings = os.environ | {"UV_SYSTEM_CERTS": "1"}
    settings.pop("VIRTUAL_ENV", None)
    for command in (
        [uv, "venv", "--quiet", "--python", sys.executable, str(folder)],
        [uv, "pip", "install", "--quiet", "--python", str(folder / "bin" / "python"), "-r", str(HERE / f"{name}.txt")],
    ):
        try:
            done = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=LIMIT, check=False)
        except subprocess.TimeoutExpired:
            unavailable(f"the {name} client could not be installed in {LIMIT:.0f} s")
            raise
        if done.returncode:
            unavailable(f"the {name} client could not be installed: {done.stderr[-300:]}")
    (folder / "whole").touch()


def main() -> int:
    """Make the environments that `./wb test` needs; where one cannot be had, its tests say so."""
    for name in USUAL:
        with suppress(Exception, pytest.fail.Exception, pytest.skip.Exception):
            environment(name)
    return 0


class Client:
    """A person's machine with one version of the stock clients, a token and an empty home.

    Args:
        name: of the environment.
        home: where caches and settings go.
        origin: of the hub.
        token: of the person.
    """

    def __init__(self, name: str, home: Path, origin: str, token: str) -> None:
        self.name = name
        self.home = home
        self.token = token
        home.mkdir(parents=True, exist_ok=True)
        self._bin = environment(name)
        self._environment = {
            "PATH": f"{self._bin}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "HOME": str(home),
            "HF_HOME": str(home / "hf"),
            "HF_ENDPOINT": origin,
            "HF_TOKEN": token,
            # The only flag: clients ask the package index whether they are the newest, and tests reach no network.
            "HF_HUB_DISABLE_UPDATE_CHECK": "1",
            "NO_COLOR": "1",
        }

    def hf(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run `hf`."""
        return self._run(str(self._bin / "hf"), *arguments, **settings)

    def begun(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Begin to run `hf`."""
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen([str(self._bin / "hf"), *arguments], env=self._environment, cwd=self.home, **quiet)

    def python(self, program: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a program with the environment's Python."""
        return self._run(str(self._bin / "python"), str(program), *arguments, **settings)

    def _run(self, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
        given = {name: value for name, value in (self._environment | settings).items() if value}
        return subprocess.run(
            command, env=given, cwd=self.home, capture_output=True, text=True, timeout=LIMIT, check=False
        )


if __name__ == "__main__":
    sys.exit(main())
