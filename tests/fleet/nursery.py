"""Processes that start in milliseconds, to be killed by the thousand: one process loads everything, the rest are forks.

Run as a program it reads a command a line (JSON) on stdin and answers each with a line. It is the parent of all that it
starts, so a process id that it signals is never that of a stranger, and it has no thread, so that forks are whole.
"""

import contextlib
import importlib
import json
import os
import pkgutil
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

_ROOMS = ("console", "fleet", "host", "ledger", "pipeline", "sync")
_LIBRARIES = ("alembic.operations", "granian.server.embed", "litestar", "psycopg", "urllib3", "sqlalchemy.dialects")


class Nursery:
    """Starts, kills and waits for processes of Weighbridge."""

    def __init__(self) -> None:
        self.is_waiting = False
        """Whether an answer is still to come."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fleet.nursery"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._ask({"do": "nothing"})

    def start(self, *work: list[str], state: Path, log: Path | None = None) -> int:
        """Start a process and return its id.

        Args:
            work: what it does, one after the other: `["wb", ...]` or `["record", COUNT, NAME]`.
            state: its state folder.
            log: where what it says goes; nowhere if None.
        """
        return self._ask({"do": "start", "work": work, "state": str(state), "log": str(log or os.devnull)})

    def kill(self, pid: int, after: float = 0.0) -> int:
        """Kill a process after so many seconds, unless it ended by itself; return its exit code, -9 if killed."""
        return self._ask({"do": "kill", "pid": pid, "after": after})

    def wait(self, pid: int) -> int:
        """Return the exit code of a process once it has ended."""
        return self._ask({"do": "wait", "pid": pid})

    def lives(self, pid: int) -> bool:
        """Tell whether a process has not ended yet."""
        return self._ask({"do": "lives", "pid": pid}) == 1

    def close(self) -> None:
        """Kill what still runs, and end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(120)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _ask(self, words: dict[str, object]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.is_waiting = True
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        answer = int(json.loads(self._process.stdout.readline()))
        self.is_waiting = False
        return answer


def _load() -> None:
    import weighbridge

    for name in _LIBRARIES:
        importlib.import_module(name)
    for room in _ROOMS:
        for found in pkgutil.walk_packages([f"{weighbridge.__path__[0]}/{room}"], f"weighbridge.{room}."):
            with contextlib.suppress(ImportError):  # of another system
                importlib.import_module(found.name)
    for name in ("boundary", "enroll", "group", "serve", "sync"):
        importlib.import_module(f"weighbridge.cli.{name}")


def _record(count: int, name: str) -> None:
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.ledger_open import open_ledger

    with open_ledger(RealMachine()) as recorder:
        for number in range(count):
            recorder.record("sighting", {"artifact": "a" * 64, "path": f"/m/{name}/{number % 7}", "member": None})


def _work(work: list[list[str]]) -> int:
    from weighbridge.cli.boundary import run
    from weighbridge.cli.screen import Screen
    from weighbridge.model.errors import WeighbridgeError

    code = 0
    for kind, *arguments in work:
        if kind == "record":
            try:
                _record(int(arguments[0]), arguments[1])
            except WeighbridgeError as error:
                print(error.message, file=sys.stderr)
                return 1
        else:
            code = run(arguments, Screen())
    return code


def _born(words: dict[str, object]) -> None:
    """Be a new process; never returns."""
    code = 99
    try:
        os.setpgid(0, 0)
        null = os.open(os.devnull, os.O_RDONLY)
        log = os.open(str(words["log"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for source, target in ((null, 0), (log, 1), (log, 2)):
            os.dup2(source, target)
        os.environ |= {"WEIGHBRIDGE_STATE": str(words["state"]), "NO_COLOR": "1"}
        code = _work(words["work"])  # type: ignore[arg-type]
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


def _ended(pid: int, seconds: float | None) -> bool:
    """Wait until a process has ended, at most so long; tell whether it did. It is not collected."""
    handle = os.pidfd_open(pid)
    try:
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)


def _collected(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _serve() -> None:
    import gc

    _load()
    gc.collect()
    gc.freeze()
    alive: set[int] = set()
    for line in sys.stdin:
        words = json.loads(line)
        answer = 0
        match words["do"]:
            case "start":
                answer = os.fork()
                if answer == 0:
                    _born(words)
                alive.add(answer)
            case "kill":
                if not _ended(words["pid"], words["after"]):
                    os.kill(words["pid"], signal.SIGKILL)
                answer = _collected(words["pid"])
                alive.discard(words["pid"])
            case "wait":
                answer = _collected(words["pid"])
                alive.discard(words["pid"])
            case "lives":
                answer = int(not _ended(words["pid"], 0))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
        _collected(pid)


def until(what: "object", seconds: float = 120.0) -> None:
    """Return once a call returns something true; fail if it does not within the limit."""
    assert callable(what)
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.003)


if __name__ == "__main__":
    _serve()
