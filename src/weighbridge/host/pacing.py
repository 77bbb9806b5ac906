"""Work that keeps to a share of one core: it rests after each piece for as long as that piece was too dear."""

import time
from collections.abc import Callable

_LEAST_REST = 0.02
_LONGEST_REST = 2.0


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
