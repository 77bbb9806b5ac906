"""Waiting for whatever comes first: an announcement of the kernel, a line of a helper, a signal, a time."""

import selectors
import signal
import socket
import time
from collections.abc import Iterable
from typing import Protocol

_WAKES = 4096


class Readable(Protocol):
    """Something with a descriptor that becomes readable."""

    def fileno(self) -> int:
        """Return the descriptor to wait for."""
        ...


class Waiter:
    """Waits without spending processor time.

    Args:
        sources: what is waited for.
    """

    def __init__(self, sources: Iterable[Readable] = ()) -> None:
        self._selector = selectors.DefaultSelector()
        self._own, self._wakes = socket.socketpair()
        self._own.setblocking(False)
        self._wakes.setblocking(False)
        self._selector.register(self._own, selectors.EVENT_READ)
        for source in sources:
            self.add(source)
        self.signals: set[int] = set()
        """Signals that arrived since `install`; whoever answers one takes it out."""

    def add(self, source: Readable) -> None:
        """Wait for one more."""
        self._selector.register(source, selectors.EVENT_READ)

    def remove(self, source: Readable) -> None:
        """Wait for it no more."""
        self._selector.unregister(source)

    def install(self, numbers: Iterable[int]) -> None:
        """Take over these signals: they end a wait and nothing else. Only the main thread may call this."""
        for number in numbers:
            signal.signal(number, lambda got, _frame: self.signals.add(got))
        signal.set_wakeup_fd(self._wakes.fileno(), warn_on_full_buffer=False)

    def wake(self) -> None:
        """End the wait that is under way, or the next one; from any thread."""
        try:
            self._wakes.send(b"\0")
        except (BlockingIOError, OSError):
            pass  # so many wakes are waiting that one more says nothing

    def wait(self, seconds: float, gather: float = 0.0) -> bool:
        """Wait until something is to be taken, or for `seconds`; tell whether something is.

        Args:
            seconds: at most.
            gather: how long to wait on when something is, so that more of it is taken at once.
        """
        ready = self._selector.select(max(0.0, seconds))
        if ready and gather and not self.signals:
            time.sleep(gather)
        try:
            while self._own.recv(_WAKES):
                pass
        except BlockingIOError:
            pass
        return bool(ready)

    def close(self) -> None:
        """Release everything but the sources."""
        try:
            signal.set_wakeup_fd(-1)
        except ValueError:
            pass  # not the main thread: nothing was installed
        self._selector.close()
        self._own.close()
        self._wakes.close()
