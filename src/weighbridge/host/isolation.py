"""Runs parsers that are not ours in a child process with few rights, which may die without harm."""

import importlib.util
import os
import subprocess  # noqa: TID251  (host is where processes are started)
import sys
import threading
from collections.abc import Mapping

import weighbridge
from weighbridge.host import isolation_child
from weighbridge.host.machine import IsolationError

PAYLOAD_BYTES = 4 << 20
"""Longest text that is handed to the child; no chat template or script beside a model comes near it."""
ANSWER_BYTES = 16 << 20
TIMEOUT_SECONDS = 60.0 if os.name == "posix" else 10.0
"""Wall-clock limit for one answer, the start of the child included. Where the child's processor time is limited, what a
text can cost does not depend on it, and a machine that is very busy needs it."""
PARSERS = {"jinja": "weighbridge.formats.jinja_child", "python": "weighbridge.formats.python_child"}
"""Modules with a `read(payload)`, by parser name. Only the child imports them: this room knows no formats."""
_LIBRARIES = ("jinja2", "markupsafe")


class Isolation:
    """One long-lived child per parser, started at the first request and again after it died.

    Args:
        timeout: seconds after which a silent child is killed.
        modules: parser modules by name.
        folders: further folders that the child may import from.
    """

    def __init__(
        self,
        timeout: float = TIMEOUT_SECONDS,
        modules: Mapping[str, str] | None = None,
        folders: tuple[str, ...] = (),
    ) -> None:
        self._timeout = timeout
        self._modules = PARSERS if modules is None else modules
        self._folders = folders
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()

    def run(self, parser: str, payload: bytes) -> bytes:
        """Return the answer of `parser` on `payload` as JSON bytes.

        Raises `IsolationError` if the payload is too long, or the child failed, died, hung or exceeded its limits; the
        next payload gets a fresh child.
        """
        if len(payload) > PAYLOAD_BYTES:
            raise IsolationError(f"{len(payload)} bytes of text, more than {PAYLOAD_BYTES}")
        with self._lock:
            child = self._children.get(parser)
            fresh = child is None
            if child is None:
                child = self._children[parser] = self._start(self._modules[parser])
            expired = threading.Event()
            watch = threading.Timer(self._timeout, _kill, (child, expired))
            watch.daemon = True
            watch.start()
            try:
                if fresh:
                    _exactly(child, 1)
                return _ask(child, payload)
            except (OSError, EOFError) as error:
                self._end(parser)
                reason = f"no answer within {self._timeout:g} s" if expired.is_set() else "the parser process ended"
                raise IsolationError(reason) from error
            finally:
                watch.cancel()

    def close(self) -> None:
        """End all children."""
        for parser in tuple(self._children):
            self._end(parser)

    def __del__(self) -> None:
        self.close()

    def _start(self, module: str) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(  # noqa: S603  (our own interpreter and file, no shell)
                child_command(module, self._folders),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                close_fds=True,
                cwd=os.path.dirname(isolation_child.__file__),
                env=_environment(),
                # Ctrl-C is for us to answer: a child that dies of it looks like one that its input killed.
                process_group=0 if os.name == "posix" else -1,
            )
        except OSError as error:
            raise IsolationError(f"the parser process did not start: {error.strerror}") from error

    def _end(self, parser: str) -> None:
        child = self._children.pop(parser)
        child.kill()
        for pipe in (child.stdin, child.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                pass  # what was still to be written to a dead child is of no use
        child.wait()


def child_command(module: str, more_folders: tuple[str, ...] = ()) -> list[str]:
    """Return the command line of a parser child: a bare interpreter that knows only the folders it needs."""
    folders = [os.path.dirname(os.path.dirname(os.path.abspath(weighbridge.__file__))), *more_folders]
    for library in _LIBRARIES:
        found = importlib.util.find_spec(library)
        if found is not None and found.origin is not None:
            folder = os.path.dirname(os.path.dirname(found.origin))
            if folder not in folders:
                folders.append(folder)
    script = os.path.abspath(isolation_child.__file__)
    return [sys.executable, "-I", "-S", "-B", "-X", "utf8", script, module, *folders]


def _environment() -> dict[str, str]:
    kept = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ}


def _kill(child: "subprocess.Popen[bytes]", expired: threading.Event) -> None:
    expired.set()
    child.kill()


def _ask(child: "subprocess.Popen[bytes]", payload: bytes) -> bytes:
    if child.stdin is None:
        raise EOFError
    child.stdin.write(len(payload).to_bytes(4, "big") + payload)
    child.stdin.flush()
    header = _exactly(child, 5)
    length = int.from_bytes(header[1:], "big")
    if length > ANSWER_BYTES:
        raise EOFError
    answer = _exactly(child, length)
    if header[0]:
        raise IsolationError(answer.decode("utf-8", "replace"))
    return answer


def _exactly(child: "subprocess.Popen[bytes]", length: int) -> bytes:
    content = child.stdout.read(length) if child.stdout is not None else b""
    if len(content) != length:
        raise EOFError
    return content
