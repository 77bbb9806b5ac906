"""Writing what is told into the ledger, also when that is not possible for a while.

What cannot be written waits in memory, up to a limit, and is written with the time at which it was seen; what was lost
beyond the limit is counted in a `gap`, as nobody may take silence for peace.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta

from weighbridge.ledger.entry import moment
from weighbridge.ledger.recorder import Recorder
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.watch_decide import SEEN_AT, Item

MOST_WAITING = 5000
_AT_ONCE = 100
_MOST_UNSIGNED = 500
"""Records after which a checkpoint is made early: until then the log keeps them in memory."""
_RETRY_SECONDS = (2.0, 5.0, 15.0, 60.0)
_CHECKPOINT_SECONDS = 60.0
_LATE = timedelta(seconds=5)
"""From here on a record says when it was seen: its own time is that of writing."""


class Scribe:
    """Writes records; keeps them while the ledger cannot be written.

    Args:
        open_recorder: opens the ledger; may raise `WeighbridgeError`.
        now: wall clock, as records state it.
    """

    def __init__(self, open_recorder: Callable[[], Recorder], now: Callable[[], str]) -> None:
        self._open, self._now = open_recorder, now
        self._recorder: Recorder | None = None
        self._waiting: deque[tuple[str, Item]] = deque()
        self._lost: Counter[str] = Counter()
        self._since = ""
        """When the trouble began; empty if there is none."""
        self._tries, self._retry_at = 0, 0.0
        self._checkpoint_at = 0.0
        self._unsigned = 0
        self.network = "unknown"
        """How far the machine reaches, in one word: every record says so."""
        self.trouble: WeighbridgeError | None = None
        """Why nothing can be written now."""
        self.lost = False
        """Whether something was lost since this was last set to False."""

    def begin(self) -> None:
        """Open the ledger. Where it cannot be written now, what is told waits.

        Raises:
            WeighbridgeError: `E-ledger-busy`, `E-ledger-damaged`, `E-ledger-key`: waiting would not help.
        """
        try:
            self._recorder = self._open()
        except WeighbridgeError as error:
            if error.code != "E-ledger-write":
                raise
            self._fail(error, 0.0)

    def __len__(self) -> int:
        """Return how many records wait."""
        return len(self._waiting)

    def tell(self, items: Iterable[Item]) -> None:
        """Take records to write."""
        at = self._now()
        for item in items:
            if len(self._waiting) >= MOST_WAITING:
                self._lost[item[0]] += 1
                self.lost = True
            else:
                self._waiting.append((at, item))

    def flush(self, now: float) -> None:
        """Write what waits, unless a try failed a moment ago. `now` is a clock that never steps."""
        if self._since:
            if now >= self._retry_at:
                self._retry(now)
            return
        self._write(now)
        is_time = now >= self._checkpoint_at or self._unsigned >= _MOST_UNSIGNED
        if self._recorder is not None and not self._since and is_time:
            self._unsigned = 0
            self._checkpoint_at = now + _CHECKPOINT_SECONDS
            try:
                self._recorder.log.checkpoint()
            except WeighbridgeError as error:
                self._fail(error, now)

    def close(self, now: float) -> bool:
        """Write what waits and `stop`; tell whether everything was written."""
        if self._since:
            self._retry(now)
        else:
            self._write(now)
        self._close()
        return not self._waiting and not self._since

    def _write(self, now: float) -> None:
        while self._waiting and self._recorder is not None:
            batch = [self._waiting[position] for position in range(min(_AT_ONCE, len(self._waiting)))]
            now_at = self._now()
            items = [_told_at(item, told) if _is_late(told, now_at) else item for told, item in batch]
            try:
                self._recorder.record_all(items)
            except WeighbridgeError as error:
                self._fail(error, now)
                return
            for _ in batch:
                self._waiting.popleft()
            self._unsigned += len(batch)

    def _retry(self, now: float) -> None:
        """First of all tell of the gap; what a failed write left behind may need the ledger to be opened anew."""
        try:
            if self._recorder is not None:
                try:
                    self._tell_gap(self._recorder)
                except WeighbridgeError:
                    if self._recorder.log.is_usable:
                        raise
                    self._close()
            if self._recorder is None:
                self._recorder = self._open()
                self._tell_gap(self._recorder)
        except WeighbridgeError as error:
            self._fail(error, now)
            return
        self._since, self._tries, self.trouble = "", 0, None
        self._lost.clear()
        self._write(now)

    def _tell_gap(self, recorder: Recorder) -> None:
        said = {"reason": "unwritable", "from": self._since, "to": self._now()}
        recorder.record("gap", said | {"late": len(self), "lost": dict(self._lost)})

    def _close(self) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            with suppress(WeighbridgeError):  # it is closed all the same, and the next start tells what is missing
                recorder.close()

    def _fail(self, error: WeighbridgeError, now: float) -> None:
        self._since = self._since or self._now()
        self._retry_at = now + _RETRY_SECONDS[min(self._tries, len(_RETRY_SECONDS) - 1)]
        self._tries += 1
        self.trouble = error


def _is_late(told: str, now: str) -> bool:
    before, after = moment(told), moment(now)
    return before is None or after is None or abs(after - before) > _LATE


def _told_at(item: Item, at: str) -> Item:
    kind, data = item
    return kind, {**data, SEEN_AT: at}
