"""How much the server takes at once, and how soon each endpoint comes again. Values in, values out.

Too much is answered at once with when to come again, which costs less than to let everybody wait.
"""

from weighbridge.fleet.enrollment import RefusedError

MOST_AT_ONCE = 64
REGULAR_SECONDS = 300.0
SLOWEST_SECONDS = 3600.0
_DRAIN_SECONDS = 0.2
_BUSY_SECONDS = 30.0
_MANY_WAITING = 256
"""Writes in the queue of the database at which the fleet is told to come half as often."""


class Admission:
    """Lets requests in.

    Args:
        most: requests that are worked on at the same time.
    """

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._most = most
        self._inside: set[str] = set()
        self._count = 0

    @property
    def inside(self) -> int:
        """Requests that are worked on."""
        return self._count

    def enter(self, endpoint_id: str, waiting: int) -> None:
        """Let a request of an endpoint in.

        Args:
            endpoint_id: whose; one at a time.
            waiting: writes that wait for the database.

        Raises:
            RefusedError: `busy`.
        """
        if endpoint_id in self._inside:
            raise RefusedError("busy", "a request of this endpoint is being worked on")
        if self._count >= self._most or waiting >= 4 * _MANY_WAITING:
            raise RefusedError("busy", "the server has enough to do")
        self._inside.add(endpoint_id)
        self._count += 1

    def leave(self, endpoint_id: str) -> None:
        """Take note that a request is answered."""
        self._inside.discard(endpoint_id)
        self._count -= 1

    def load(self, waiting: int) -> float:
        """Return how busy the server is, from 0 on; at 1 it is as busy as it should be.

        Args:
            waiting: writes that wait for the database.
        """
        return max(self._count / self._most, waiting / _MANY_WAITING)

    def pace(self, waiting: int, *, remaining: bool) -> float:
        """Return after how many seconds an endpoint is to come again.

        Args:
            waiting: writes that wait for the database.
            remaining: whether it has more to send now.
        """
        load = self.load(waiting)
        if remaining:
            return _DRAIN_SECONDS if load < 0.5 else _BUSY_SECONDS * load
        return min(SLOWEST_SECONDS, REGULAR_SECONDS * max(1.0, 2 * load))

    def retry_in(self, waiting: int) -> float:
        """Return after how many seconds a request that was not let in may come again."""
        return _BUSY_SECONDS * max(1.0, self.load(waiting))
