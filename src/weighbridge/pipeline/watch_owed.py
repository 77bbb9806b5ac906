"""Processes seen to hold weights that no look has told of yet: a late look delays the details, never the fact.

A look may come late: on a busy machine, after a helper died, behind a file that takes long to read. After a few seconds
what was seen is told without it, and so it is where the process ended first. Values in, values out.
"""

from collections.abc import Iterable

from weighbridge.model.record import draft
from weighbridge.model.running import RunningProcess

_MOST = 1000
_PATIENCE = 2.5
"""Seconds that a look has: what runs is to be on record within five."""
NOT_LOOKED_AT = "digest, license, listeners, who acts: not looked at yet"


@draft
class _Debt:
    process: RunningProcess
    since: float
    late: bool = False
    """Whether it was told without a look."""
    asked: bool = False
    """Whether a look that must see it is under way."""
    ended: bool = False

    @property
    def waits(self) -> bool:
        """Whether it runs and nothing was told of it."""
        return not (self.late or self.ended)


class Owed:
    """Keeps what was seen of processes until a look tells it, and tells it itself if the process ended first."""

    def __init__(self) -> None:
        self._debts: dict[int, _Debt] = {}

    def owe(self, processes: Iterable[RunningProcess], now: float) -> None:
        """Take note of what processes hold."""
        for process in processes:
            if process.pid in self._debts or len(self._debts) < _MOST:
                self._debts[process.pid] = _Debt(process=process, since=now)

    def due(self) -> float | None:
        """Return when the next is to be told without a look; None if none waits."""
        return min((debt.since + _PATIENCE for debt in self._debts.values() if debt.waits), default=None)

    def late(self, now: float) -> list[RunningProcess]:
        """Return those that no look told of in time; each once."""
        late = [debt for debt in self._debts.values() if debt.waits and now >= debt.since + _PATIENCE]
        for debt in late:
            debt.late = True
        return [debt.process for debt in late]

    def ended(self, pids: Iterable[int]) -> None:
        """Take note that processes ended."""
        for pid in self._debts.keys() & set(pids):
            self._debts[pid].ended = True

    def asked(self) -> None:
        """Take note that a look begins: it sees what has not ended."""
        for debt in self._debts.values():
            debt.asked = True

    def settle(self, told: Iterable[int]) -> list[RunningProcess]:
        """Return what a look that is done could not tell, because it ended; what it saw is settled.

        Args:
            told: processes that the look told of.
        """
        debts = [pid for pid, debt in self._debts.items() if debt.asked]
        seen = set(told)
        settled = {pid: self._debts.pop(pid) for pid in debts}
        return [debt.process for pid, debt in settled.items() if debt.ended and not debt.late and pid not in seen]

    def rest(self) -> list[RunningProcess]:
        """Return what ended and was told by nobody, as no look comes any more."""
        return [debt.process for debt in self._debts.values() if debt.ended and not debt.late]
