"""Waiting for whatever comes first: an announcement of the kernel, a line of a helper, a signal, a time."""

import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterable
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
        now: a clock that never steps.
    """

    def __init__(self, sources: Iterable[Readable] = (), now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._rests: dict[Readable, float] = {}
        self._resting: dict[Readable, float] = {}
        """When what rests is waited for again."""
        self._selector = selectors.DefaultSelector()
        self._own, self._wakes = socket.socketpair()
        self._own.setblocking(False)
        self._wakes.setblocking(False)
        self._selector.register(self._own, selectors.EVENT_READ)
        for source in sources:
            self.add(source)
        self.signals: set[int] = set()
        """Signals that arrived since `install`; whoever answers one takes it out."""

    def add(self, source: Readable, rest: float = 0.0) -> None:
        """Wait for one more.

        Args:
            source: it.
            rest: seconds for which it is not waited for after it was ready: what comes all the time and is in no hurry
                is taken together.
        """
        self._selector.register(source, selectors.EVENT_READ)
        if rest:
            self._rests[source] = rest

    def remove(self, source: Readable) -> None:
        """Wait for it no more."""
        self._rests.pop(source, None)
        if self._resting.pop(source, None) is None:
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
        now = self._now()
        for source in [source for source, until in self._resting.items() if until <= now]:
            del self._resting[source]
            self._selector.register(source, selectors.EVENT_READ)
        left = min(self._resting.values(), default=now + seconds) - now
        ready = self._selector.select(max(0.0, min(seconds, left)))
        self._lay_aside({key.fd for key, _ in ready})
        if ready and gather and not self.signals:
            time.sleep(gather)
        try:
            while self._own.recv(_WAKES):
                pass
        except BlockingIOError:
            pass
        return bool(ready)

    def _lay_aside(self, descriptors: set[int]) -> None:
        """Let those rest that do and that were ready."""
        for source, rest in self._rests.items():
            if source not in self._resting and source.fileno() in descriptors:
                self._selector.unregister(source)
                self._resting[source] = self._now() + rest

    def close(self) -> None:
        """Release everything but the sources."""
        try:
            signal.set_wakeup_fd(-1)
        except ValueError:
            pass  # not the main thread: nothing was installed
        self._selector.close()
        self._own.close()
        self._wakes.close()
