"""How often somebody may ask: a bucket of permits for each key, refilled steadily. Memory is bounded.

Keys are what a client cannot choose freely: an account, a token, an address that no stranger's header says
(`client_address.py`). Of too many keys the one that was used longest ago is forgotten, which by then has most of its
permits back. Each process counts by itself; what holds over all of them is counted in the database
(`sign_in_attempts.py`).
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

_MOST_KEYS = 20_000


class _Bucket(NamedTuple):
    permits: float
    at: float


class RateLimit:
    """Permits for many keys.

    Args:
        per_minute: permits that come back in a minute.
        burst: permits of a full bucket; as many as come back in a minute if None.
        clock: monotonic seconds.
        most_keys: keys that are remembered.
    """

    def __init__(
        self, per_minute: int, clock: Callable[[], float], burst: int | None = None, most_keys: int = _MOST_KEYS
    ) -> None:
        self._rate = per_minute / 60
        self._burst = float(per_minute if burst is None else burst)
        self._clock = clock
        self._most_keys = most_keys
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key: str, permits: float = 1.0) -> float:
        """Take permits; return 0.0, or without taking any the seconds after which there will be enough."""
        now, bucket = self._now(key)
        if bucket.permits >= permits:
            self._keep(key, _Bucket(bucket.permits - permits, now))
            return 0.0
        self._keep(key, bucket)
        return max((permits - bucket.permits) / self._rate, 0.001)

    def wait(self, key: str) -> float:
        """Return after how many seconds there is a permit, without taking it."""
        _, bucket = self._now(key)
        return max(0.0, (1.0 - bucket.permits) / self._rate)

    def _now(self, key: str) -> tuple[float, _Bucket]:
        now = self._clock()
        bucket = self._buckets.get(key)
        if bucket is None:
            return now, _Bucket(self._burst, now)
        return now, _Bucket(min(self._burst, bucket.permits + (now - bucket.at) * self._rate), now)

    def _keep(self, key: str, bucket: _Bucket) -> None:
        self._buckets[key] = bucket
        self._buckets.move_to_end(key)
        while len(self._buckets) > self._most_keys:
            self._buckets.popitem(last=False)
