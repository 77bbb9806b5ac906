"""`wb serve` as a process of its own, for tests that signal it, kill it or fill its disk."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import httpx

LIMIT = 120.0
"""Seconds that anything may take before a test gives up; nothing waits for them to pass."""


_TRIES = 5


def free_port() -> int:
    """Return a port on which nobody listens now, out of those that the system gives to nobody by itself."""
    while True:
        port = secrets.choice(range(20_000, 32_000))
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class ServerProcess:
    """A running `wb serve` on loopback; started and ready on return."""

    def __init__(self, database: str, state: Path, *arguments: str) -> None:
        for _ in range(_TRIES):
            self._start(database, state, arguments)
            # Between choosing a port and listening on it, somebody else may take it.
            if not any("E-port-taken" in line for line in self.lines):
                break
        if self.process.poll() is not None:
            raise AssertionError(f"the server did not start: {''.join(self.lines)}")
        self.client = httpx.Client(base_url=self.origin, timeout=LIMIT, trust_env=False)

    def _start(self, database: str, state: Path, arguments: tuple[str, ...]) -> None:
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "weighbridge", "serve", "--listen", f"127.0.0.1:{self.port}"]
        # Should it ever be aborted from within, where it stood is among its lines.
        environment = os.environ | {"WEIGHBRIDGE_STATE": str(state), "NO_COLOR": "1", "PYTHONFAULTHANDLER": "1"}
        self.process = subprocess.Popen(
            [*command, "--database", database, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._ready.wait(LIMIT):
            self.kill()
        elif not any(line.startswith("✓ serving") for line in self.lines):
            self._end()

    def sign_in(self) -> dict[str, str]:
        """Use the printed link; return the headers with which requests change something."""
        secret = re.search(r"/sign-in/(\S+)", "".join(self.lines))
        assert secret is not None, self.lines
        began = self.client.post("/api/v1/session/link", json={"secret": secret[1]})
        assert began.status_code == 201, began.text
        return {"x-form-token": began.json()["form_token"]}

    def stop(self) -> int:
        """Ask it to stop; return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self._end()

    def kill(self) -> int:
        """End it as a loss of power would; return its exit code."""
        self.process.kill()
        return self._end()

    def _end(self) -> int:
        code = self.process.wait(LIMIT)
        self._reader.join(LIMIT)
        if self.process.stderr is not None:
            self.process.stderr.close()
        if hasattr(self, "client"):
            self.client.close()
        return code

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)
            if line.startswith("✓ serving"):
                self._ready.set()
        self._ready.set()
