"""Work that keeps to a share of one core: it rests after each piece for as long as that piece was too dear."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LEAST_REST = 0.02
_LONGEST_REST = 5.0
_PIECE = 0.01
"""Processor seconds after which `resting` looks whether it is ahead."""


class Pace:
    """Call it often; it sleeps when the process is ahead of its share.

    Args:
        share: of one core, 0 to 1.
        spent: processor seconds of this process.
        now: a clock that never steps.
        sleep: waits.
    """

    def __init__(
        self,
        share: float,
        spent: Callable[[], float] = time.process_time,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._share, self._spent, self._now, self._sleep = share, spent, now, sleep
        self._began, self._used = now(), spent()

    def __call__(self) -> None:
        """Rest if need be."""
        ahead = (self._spent() - self._used) / self._share - (self._now() - self._began)
        if ahead >= _LEAST_REST:
            self._sleep(min(ahead, _LONGEST_REST))


@contextmanager
def resting(share: float) -> Iterator[Pace]:
    """Keep all that this process does meanwhile to a share of one core, wherever it spends it.

    A timer of processor time interrupts the main thread, which rests. Threads are not interrupted: they call the pace
    themselves, as everything must on platforms without that timer. Only the main thread may use this. Source:
    setitimer(2), ITIMER_PROF.

    Args:
        share: of one core, 0 to 1.
    """
    pace = Pace(share)
    if not hasattr(signal, "setitimer"):
        yield pace
        return
    rests = False

    def rest(_number: int, _frame: object) -> None:
        nonlocal rests
        if not rests:  # another thread's work ends this one's rest, and must not begin a second within it
            rests = True
            try:
                pace()
            finally:
                rests = False

    before = signal.signal(signal.SIGPROF, rest)
    signal.setitimer(signal.ITIMER_PROF, _PIECE, _PIECE)
    try:
        yield pace
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
