"""Recording: gives each record its index, time and place in the run of the machine, and tells what went wrong before.

The first record says how the time before ended: `stop` was written, the process was killed, or a commit was torn. A
wall clock that was set is a record of its own, before the next one.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from weighbridge import __version__
from weighbridge.host.boot import Boot
from weighbridge.ledger.entry import Record, decode, encode, moment, timestamp
from weighbridge.ledger.key_change import state_change
from weighbridge.ledger.log import Log, Recovered
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.ledger.tiles import WIDTH
from weighbridge.model.errors import WeighbridgeError

_STEP = timedelta(seconds=2)
"""Difference between wall clock and run of the machine from which on the wall clock was set; less is drift."""

Item = tuple[str, Mapping[str, object]]


class Recorder:
    """Writes records into a log.

    Args:
        log: open for writing; closed with the recorder.
        now: wall clock.
        boot: run of the machine and the time in it.
        network: how far the machine reaches now, in one word.
    """

    def __init__(
        self, log: Log, now: Callable[[], datetime], boot: Callable[[], Boot], network: Callable[[], str]
    ) -> None:
        self._log = log
        self._now, self._boot, self._network = now, boot, network
        last = log.entries(log.size - 1, log.size) if log.size else []
        before = decode(last[0]) if last else None
        self._wall: datetime | None = None
        self._seconds = 0.0
        self._boot_id = ""
        if before is not None:
            self._wall, self._seconds, self._boot_id = moment(before.at), before.monotonic, before.boot
        try:
            self.record_all(list(self._beginning(before)))
        except WeighbridgeError:
            with suppress(WeighbridgeError):
                log.close()  # or nobody could open it again
            raise
        # That recording began is signed at once: who removes the journal later cannot remove that it ended badly.
        with suppress(WeighbridgeError):
            log.checkpoint()

    @property
    def log(self) -> Log:
        """The log that is written to."""
        return self._log

    def record(self, kind: str, data: Mapping[str, object]) -> int:
        """Write one record; it is durable on return. Returns its index. Errors as `record_all`."""
        return self.record_all([(kind, data)])[-1]

    def record_all(self, items: Iterable[Item]) -> range:
        """Write records in one commit; they are durable on return. Returns their indices.

        Raises:
            WeighbridgeError: `E-ledger-write`; then none of them is recorded.
            ValueError: a kind is unknown.
        """
        waiting = list(items)
        if not waiting:
            return range(self._log.size, self._log.size)
        network = self._network()
        indices = self._log.append_made(lambda first: self._encoded(first, waiting, network))
        return indices[len(indices) - len(waiting) :]

    def prune(self, minimum: int, why: str) -> int:
        """Remove the entries below `minimum`, by whole bundles, after a record of it. Returns the first left."""
        minimum = min(minimum, self._log.size) // WIDTH * WIDTH
        self.record("prune", {"minimum": minimum, "why": why})
        self._log.checkpoint()
        return self._log.prune(minimum)

    def change_key(self, before: PrivateKey, after: PrivateKey, why: str) -> int:
        """Let another key sign from here on, after a record of it. Returns its index. Errors as `record`."""
        statement = bytes(state_change(self._log.size, before, after))
        index = self.record("key-change", {"key": after.public.text, "statement": statement.decode(), "why": why})
        self._log.change_key(after, statement)
        return index

    def close(self) -> None:
        """Write `stop`, sign, and release the log, also where that cannot be written any more."""
        try:
            self.record("stop", {})
        except WeighbridgeError:
            pass  # the next start tells that there was no stop
        finally:
            self._log.close()

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _beginning(self, before: Record | None) -> Iterable[Item]:
        recovered = self._log.recovered
        ended = "new" if not self._log.size else "stopped" if before and before.kind == "stop" else "killed"
        yield "start", {"version": __version__, "before": ended}
        if ended == "killed" or (recovered is not None and (recovered.torn or recovered.lost)):
            yield (
                "gap",
                {
                    "reason": _reason(recovered),
                    "from": before.at if before else "",
                    "to": timestamp(self._now()),
                    "recovered": recovered.entries if recovered else 0,
                    "dropped_bytes": recovered.torn if recovered else 0,
                },
            )

    def _encoded(self, first: int, items: list[Item], network: str) -> list[bytes]:
        now, boot = self._now(), self._boot()
        items = [*self._clock_step(now, boot), *items]
        self._wall, self._seconds, self._boot_id = now, boot.seconds, boot.id
        return [
            encode(index, kind, data, at=now, monotonic=boot.seconds, boot=boot.id, network=network)
            for index, (kind, data) in enumerate(items, first)
        ]

    def _clock_step(self, now: datetime, boot: Boot) -> list[Item]:
        """Return a record if the wall clock was set since the last one.

        Within a run of the machine both clocks must agree; after a restart only a step back shows.
        """
        if self._wall is None:
            return []
        same_run = bool(boot.id) and boot.id == self._boot_id and boot.seconds >= self._seconds
        expected = self._wall + timedelta(seconds=boot.seconds - self._seconds) if same_run else self._wall
        step = now - expected
        if step >= -_STEP and (not same_run or step <= _STEP):
            return []
        return [("clock-step", {"from": timestamp(expected), "to": timestamp(now), "seconds": step.total_seconds()})]


def _reason(recovered: Recovered | None) -> str:
    if recovered is None:
        return "killed"
    return "journal lost" if recovered.lost else "torn" if recovered.torn else "killed"
