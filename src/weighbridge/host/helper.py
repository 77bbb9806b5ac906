"""A helper process of ours for work that needs more memory than its parent may have: lines in, lines out.

It runs this same program, ends when its parent does, and gives all its memory back by ending. Its answers are read by a
thread, so that the parent can wait for them together with everything else.
"""

import os
import queue
import signal
import subprocess  # noqa: TID251  (host is where processes are started)
import sys
import threading
from collections.abc import Callable, Sequence

from weighbridge.host.own_cost import processor_seconds

_MOST_WAITING = 100
"""Lines that are read ahead, and given at once; a helper that is faster waits."""
_LONGEST_LINE = 1 << 20
_END = b""
_PARENT_DEATH_SIGNAL = 1
_SYSTEM: str = sys.platform
_GIVES_BACK = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": str(128 << 10)}
"""Settings with which glibc gives memory back at once; by itself it keeps the more, the larger the pieces freed before.
Source: mallopt(3), M_TRIM_THRESHOLD and the dynamic mmap threshold, which setting it ends."""


class Helper:
    """Starts when it is first asked.

    Args:
        arguments: of this program, after its name.
        wake: called from another thread when there is something to take.
        interpreter: the command that runs this program; the one that runs now.
    """

    def __init__(
        self, arguments: Sequence[str], wake: Callable[[], None], interpreter: Sequence[str] | None = None
    ) -> None:
        self._command = [*(interpreter or (sys.executable, "-P", "-m", "weighbridge")), *arguments]
        self._wake = wake
        self._child: subprocess.Popen[bytes] | None = None
        self._lines: queue.Queue[bytes] = queue.Queue(_MOST_WAITING)
        self._spent = 0.0

    @property
    def seconds(self) -> float:
        """Processor time that it took until now, all that were started together."""
        return self._spent + (0.0 if self._child is None else processor_seconds(self._child.pid))

    @property
    def pid(self) -> int | None:
        """Its process, if it runs."""
        return None if self._child is None else self._child.pid

    def ask(self, line: bytes) -> None:
        """Send one line. Raises OSError if the helper cannot be started or has ended."""
        if self._child is None:
            self._start()
        child = self._child
        if child is None or child.stdin is None:
            raise BrokenPipeError("the helper has ended")
        child.stdin.write(line + b"\n")
        child.stdin.flush()

    def take(self) -> list[bytes]:
        """Return the lines that arrived since the last call. Raises EOFError once if the helper ended by itself."""
        found: list[bytes] = []
        while len(found) < _MOST_WAITING:
            try:
                line = self._lines.get_nowait()
            except queue.Empty:
                break
            if line == _END:
                if found:
                    self._lines.put(_END)
                    self._wake()  # the wake of the end may be spent already
                    break
                self.end()
                raise EOFError
            found.append(line)
        return found

    def end(self) -> None:
        """End it, if it runs; what it had not said yet is lost."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        self._spent += processor_seconds(child.pid)  # as long as nobody waited for it, it can still be asked
        if child.stdin is not None:
            try:
                child.stdin.close()
            except OSError:
                pass  # what was still to be written to a dead child is of no use
        while not self._lines.empty():  # its reader may wait for room
            self._lines.get_nowait()
        child.wait()
        self._lines = queue.Queue(_MOST_WAITING)

    def _start(self) -> None:
        self._lines = queue.Queue(_MOST_WAITING)
        self._child = subprocess.Popen(  # noqa: S603  (our own interpreter and program, no shell)
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            close_fds=True,
            env={**os.environ, "PYTHONUTF8": "1", **_GIVES_BACK},
            # Ctrl-C is for the parent to answer.
            process_group=0 if os.name == "posix" else -1,
        )
        told = (self._child, self._lines, self._wake)
        threading.Thread(target=_read, args=told, name=f"lines of helper {self._child.pid}", daemon=True).start()


def lower_own_priority() -> None:
    """Let this process yield to all others: processor, and disk where the platform can."""
    if os.name == "posix":
        os.nice(10)
    try:
        import psutil

        own = psutil.Process()
        own.ionice(getattr(psutil, "IOPRIO_CLASS_IDLE", getattr(psutil, "IOPRIO_VERYLOW", 0)))
    except (ImportError, AttributeError, OSError, ValueError, psutil.Error):
        pass  # it works at normal priority, too


def end_with_parent() -> None:
    """Let this process end at once when its parent does. Source: prctl(2), PR_SET_PDEATHSIG; Linux only."""
    if _SYSTEM == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


def _read(child: "subprocess.Popen[bytes]", lines: "queue.Queue[bytes]", wake: Callable[[], None]) -> None:
    if child.stdout is not None:
        with child.stdout:
            while line := child.stdout.readline(_LONGEST_LINE):
                lines.put(line)
                wake()
    lines.put(_END)
    wake()
