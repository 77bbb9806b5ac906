"""Processes that were seen to hold weights and that no look has told of yet: what ends before is told all the same.

A look may come late, on a busy machine or after a helper died. What was seen until then is not lost with the process.
Values in, values out.
"""

from collections.abc import Iterable

from weighbridge.model.record import draft
from weighbridge.model.running import RunningProcess

_MOST = 1000
NOT_LOOKED_AT = "digest, license, who acts, network: it ended before it was looked at"


@draft
class _Debt:
    process: RunningProcess
    asked: bool = False
    """Whether a look that must see it is under way."""
    ended: bool = False


class Owed:
    """Keeps what was seen of processes until a look tells it, and tells it itself if the process ended first."""

    def __init__(self) -> None:
        self._debts: dict[int, _Debt] = {}

    def owe(self, processes: Iterable[RunningProcess]) -> None:
        """Take note of what processes hold."""
        for process in processes:
            if process.pid in self._debts or len(self._debts) < _MOST:
                self._debts[process.pid] = _Debt(process=process)

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
        return [debt.process for pid in debts if (debt := self._debts.pop(pid)).ended and pid not in seen]

    def rest(self) -> list[RunningProcess]:
        """Return what ended and was told by nobody, as no look comes any more."""
        return [debt.process for debt in self._debts.values() if debt.ended]
