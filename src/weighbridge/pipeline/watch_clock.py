"""Time that passed without the sensor: sleep of the machine, and standing still. Values in, values out.

A wall clock that was set is the recorder's to tell; this looks at the two clocks that never step.
"""

from datetime import datetime, timedelta

from weighbridge.host.boot import Boot
from weighbridge.ledger.entry import timestamp
from weighbridge.pipeline.watch_decide import Item

_ASLEEP = 2.0
"""Seconds by which the clock that counts sleep runs ahead of the one that does not."""
_STALLED = 30.0
"""Seconds beyond the announced pause after which the sensor was held up: stopped, or starved."""


class Clock:
    """Compares moments.

    Args:
        monotonic: seconds, sleep not counted (where the platform tells).
        boot: the moment in this run of the machine, sleep counted.
    """

    def __init__(self, monotonic: float, boot: Boot) -> None:
        self._monotonic, self._boot = monotonic, boot
        self.woke = False
        """Whether the machine slept before the last call of `passed`."""

    def passed(self, monotonic: float, boot: Boot, at: datetime, pause: float) -> list[Item]:
        """Return the gap since the last call, if there is one.

        Args:
            monotonic: now.
            boot: now.
            at: wall clock now.
            pause: seconds that the sensor meant to wait at most.
        """
        waited, whole = monotonic - self._monotonic, boot.seconds - self._boot.seconds
        self._monotonic, self._boot = monotonic, boot
        asleep = whole - waited
        self.woke = asleep >= _ASLEEP
        if self.woke:
            reason, seconds = "sleep", asleep
        elif waited - pause >= _STALLED:
            reason, seconds = "stalled", waited - pause
        else:
            return []
        began = timestamp(at - timedelta(seconds=seconds))
        return [("gap", {"reason": reason, "from": began, "to": timestamp(at), "seconds": round(seconds, 1)})]
