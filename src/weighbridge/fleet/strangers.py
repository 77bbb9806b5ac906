"""How often somebody may fail to prove who they are, from one address, over all servers of a database together.

Each server counts by itself, and every some failures in the database (`sign_in_attempts.py`): a proof that holds costs
no statement more, and neither does a typing error. Where the database says that it was too often, this server looks up
nothing for that address until a minute is over.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from weighbridge.fleet import sign_in_attempts
from weighbridge.fleet.rate_limit import RateLimit
from weighbridge.fleet.store import Store

T = TypeVar("T")
PER_MINUTE = 120
"""Failures of one address."""
_EACH = 12
"""Failures that the database counts as one."""
_HELD_SECONDS = 60.0
_MOST = 20_000


class Strangers:
    """Failed proofs of who one is.

    Args:
        store: what all servers count in.
        clock: milliseconds since 1970, UTC.
        monotonic: seconds of a clock that only goes forward.
        per_minute: failures of one address.
    """

    def __init__(
        self, store: Store, clock: Callable[[], int], monotonic: Callable[[], float], per_minute: int = PER_MINUTE
    ) -> None:
        self._store = store
        self._clock = clock
        self._monotonic = monotonic
        self._per_minute = per_minute
        self._here = RateLimit(per_minute, monotonic)
        self._uncounted: OrderedDict[str, int] = OrderedDict()
        self._held: OrderedDict[str, float] = OrderedDict()

    def wait(self, address: str) -> float:
        """Return after how many seconds an address may try again; 0.0 if it may now."""
        held = self._held.get(address, 0.0) - self._monotonic()
        return max(0.0, held, self._here.wait(address))

    async def failed(self, address: str) -> None:
        """Take note of a failure."""
        self._here.take(address)
        count = self._uncounted.pop(address, 0) + 1
        if count < _EACH:
            _keep(self._uncounted, address, count)
            return
        now, most = self._clock(), max(1, self._per_minute // _EACH)
        try:
            await self._store.write(
                lambda connection: sign_in_attempts.take(connection, now, [f"a proof from {address}"], most)
            )
        except sign_in_attempts.TooOftenError:
            _keep(self._held, address, self._monotonic() + _HELD_SECONDS)


def _keep(kept: OrderedDict[str, T], address: str, value: T) -> None:
    kept[address] = value
    kept.move_to_end(address)
    while len(kept) > _MOST:
        kept.popitem(last=False)
