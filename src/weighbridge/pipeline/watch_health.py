"""The sensor's own cost: measured, kept within its budget by slowing down, and told. Values in, values out."""

from collections import deque
from collections.abc import Mapping

from weighbridge.host.own_cost import Cost
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.watch_decide import Item

HEARTBEAT_SECONDS = 600.0
MEASURE_SECONDS = 30.0
SHARE = 0.01
"""Of one core, over ten minutes: beyond, the sensor slows down."""
_RECENT_SECONDS = 60.0
_CALM = 0.7
"""Part of the share below which it speeds up again."""
RESIDENT = 40 << 20
"""Bytes beyond which it says so."""
HARD_RESIDENT = 160 << 20
"""Bytes beyond which it ends, to be started anew by whoever manages services."""
_SLOWEST = 8


class Health:
    """Follows what the sensor costs.

    Args:
        now: when it began, on a clock that never steps.
        cost: until then.
    """

    def __init__(self, now: float, cost: Cost) -> None:
        self._began = now
        self._measured: deque[tuple[float, float]] = deque([(now, _seconds(cost))])
        self._measure_at, self._beat_at = now + MEASURE_SECONDS, now + HEARTBEAT_SECONDS
        self._changed_at = now
        self._large = False
        self.slowness = 1
        """By how much everything that is in no hurry is slower: 1, 2, 4, 8."""
        self.share = 0.0
        """Of one core in the last ten minutes."""

    def is_due(self, now: float) -> bool:
        """Tell whether it is time to measure."""
        return now >= self._measure_at

    def measured(self, now: float, cost: Cost, counts: Mapping[str, int]) -> list[Item]:
        """Take a measurement; return what to record: slowing down, speeding up, and the heartbeat.

        Args:
            now: on the clock of the beginning.
            cost: until now, helpers included.
            counts: what happened since the beginning, for the heartbeat.

        Raises:
            WeighbridgeError: `E-watch-memory`.
        """
        self._measure_at = now + MEASURE_SECONDS
        self._measured.append((now, _seconds(cost)))
        while len(self._measured) > 2 and now - self._measured[1][0] >= HEARTBEAT_SECONDS:
            self._measured.popleft()
        # A start, or a look at something new, is paid for by the quiet around it.
        self.share = self._spent_since(now - HEARTBEAT_SECONDS) / HEARTBEAT_SECONDS
        items = [*self._paced(now), *self._sized(cost.resident_bytes)]
        if now >= self._beat_at:
            self._beat_at = now + HEARTBEAT_SECONDS
            items.append(("heartbeat", self._beat(now, cost, counts)))
        return items

    def _spent_since(self, begin: float) -> float:
        """Return the processor seconds since a moment, as far back as is known."""
        before = next((spent for at, spent in self._measured if at >= begin), self._measured[-1][1])
        return self._measured[-1][1] - before

    def _paced(self, now: float) -> list[Item]:
        if now - self._changed_at < _RECENT_SECONDS:  # what was spent at another pace says nothing about this one
            return []
        recent = self._spent_since(now - _RECENT_SECONDS) / _RECENT_SECONDS
        if self.share > SHARE and recent > SHARE and self.slowness < _SLOWEST:
            self.slowness *= 2
        elif self.slowness > 1 and self.share < _CALM * SHARE:
            self.slowness //= 2
        else:
            return []
        self._changed_at = now
        return [("overload", {"what": "processor", "share": round(self.share, 4), "slowness": self.slowness})]

    def _sized(self, resident: int) -> list[Item]:
        if resident > HARD_RESIDENT:
            raise WeighbridgeError(
                "E-watch-memory",
                f"the sensor holds {resident >> 20} MB, more than the {HARD_RESIDENT >> 20} MB that it may",
                "it ends to be started anew: the ledger tells what was known; report this if it happens again",
                exit_code=1,
            )
        large = resident > RESIDENT
        changed, self._large = large != self._large, large
        return [("overload", {"what": "memory", "resident_bytes": resident, "over": large})] if changed else []

    def _beat(self, now: float, cost: Cost, counts: Mapping[str, int]) -> dict[str, object]:
        return {
            "up_seconds": round(now - self._began),
            "processor_seconds": round(cost.seconds, 2),
            "helper_seconds": round(cost.helper_seconds, 2),
            "processor_share": round(self.share, 5),
            "resident_bytes": cost.resident_bytes,
            "slowness": self.slowness,
            **counts,
        }


def _seconds(cost: Cost) -> float:
    return cost.seconds + cost.helper_seconds
