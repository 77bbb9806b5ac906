"""Group commit: of the threads that wait, one commits for all, then lets the first that came later go on.

Nobody waits when idle, and under load one wait for the disk serves many. There is no thread of its own.
"""

import threading
from collections.abc import Callable, Iterable

from weighbridge.ledger.tiles import LARGEST_ENTRY


class Ticket:
    """The entries that one thread waits for.

    Args:
        first: index of the first.
        entries: what they are.
    """

    __slots__ = ("done", "entries", "error", "first", "leads", "turn")

    def __init__(self, first: int, entries: list[bytes]) -> None:
        self.first = first
        self.entries = entries
        self.done = False
        self.leads = False
        """Whether it is this thread's turn to commit."""
        self.error: BaseException | None = None
        self.turn = threading.Lock()
        """Held until these entries are done or it is their turn to commit."""
        self.turn.acquire()

    def wait(self) -> KeyboardInterrupt | None:
        """Return once it is done or leads. Ctrl-C is returned: a turn that nobody takes would stop the others."""
        interrupt = None
        while not (self.done or self.leads):
            try:
                self.turn.acquire()
            except KeyboardInterrupt as error:
                interrupt = error
        return interrupt

    def finish(self, error: BaseException | None = None) -> None:
        """Wake who waits: the entries are durable, or failed."""
        self.done, self.error = True, error
        self.turn.release()


class Group:
    """Who waits.

    Args:
        size: entries so far.
    """

    def __init__(self, size: int) -> None:
        self.locked = threading.Lock()
        """Held while indices are given; whoever holds it must be quick."""
        self._next = size
        self._queue: list[Ticket] = []
        self._led = False
        """Whether a thread commits, or is about to."""

    def join(self, make: Callable[[int], Iterable[bytes]]) -> Ticket:
        """Queue the entries that `make` returns for the index of the first; who calls holds `locked`.

        Raises:
            ValueError: an entry is too long; then nothing is queued.
        """
        ticket = Ticket(self._next, list(make(self._next)))
        if any([len(entry) > LARGEST_ENTRY for entry in ticket.entries]):  # noqa: C419  (twice as fast for few)
            raise ValueError("an entry is longer than 65,535 bytes")
        self._next += len(ticket.entries)
        self._queue.append(ticket)
        ticket.leads, self._led = not self._led, True
        return ticket

    def take(self) -> list[Ticket]:
        """Return all that queued, to be committed together."""
        with self.locked:
            tickets, self._queue = self._queue, []
        return tickets

    def hand_over(self) -> None:
        """Let whoever queued meanwhile commit next."""
        with self.locked:
            if self._queue:
                self._queue[0].leads = True
                self._queue[0].turn.release()
            else:
                self._led = False

    def fail(self, tickets: list[Ticket], error: BaseException, size: int) -> None:
        """Tell these, and all that queued behind them with later indices, that nothing was kept; `locked` is held."""
        for ticket in (*tickets, *self._queue):
            ticket.finish(error)
        self._queue = []
        self._next = size
