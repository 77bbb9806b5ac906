"""What the records themselves say about how they were written: order, clocks, gaps, pruning. Values in, values out."""

from datetime import datetime, timedelta

from weighbridge.ledger.entry import Record, decode, moment

_MOST_NOTES = 200
_TOLERANCE = timedelta(seconds=3)


class Chronicle:
    """Follows the records of a log in order."""

    def __init__(self) -> None:
        self.pruned = 0
        """The highest index below which a record says that entries were pruned."""
        self.key_changes: set[str] = set()
        """Statements about keys that records carry."""
        self._notes: list[str] = []
        self._more = 0
        self._wall: datetime | None = None
        self._boot, self._seconds = "", 0.0
        self._stepped = False

    @property
    def notes(self) -> tuple[str, ...]:
        """What should be known, in order; sentences."""
        return (*self._notes, f"and {self._more:,} more") if self._more else tuple(self._notes)

    def take(self, index: int, entry: bytes) -> str | None:
        """Take one entry; return what is wrong with it. Entries that are no records of ours are passed over."""
        found = decode(entry)
        if found is None:
            return None
        if found.sequence != index:
            return f"states that it is record {found.sequence:,}"
        trouble = self._clock(found)
        if found.kind == "gap":
            self.tell(f"record {index:,}: nothing was recorded until {found.at} ({_word(found, 'reason')})")
        elif found.kind == "clock-step":
            self.tell(f"record {index:,}: the clock was set by {_number(found, 'seconds'):+.0f} s to {found.at}")
            self._stepped = True
        elif found.kind == "prune":
            self.pruned = max(self.pruned, int(_number(found, "minimum")))
            self.tell(f"record {index:,}: records below {self.pruned:,} were removed ({_word(found, 'why')})")
        elif found.kind == "key-change":
            statement = found.data.get("statement")
            self.key_changes.add(statement if isinstance(statement, str) else "")
            self.tell(f"record {index:,}: another key signs from here on ({_word(found, 'why')})")
        return trouble

    def _clock(self, found: Record) -> str | None:
        at = moment(found.at)
        before, self._wall = self._wall, at
        boot, seconds, stepped = self._boot, self._seconds, self._stepped
        self._boot, self._seconds, self._stepped = found.boot, found.monotonic, False
        if found.kind == "clock-step" or before is None or at is None:
            return None
        if found.boot and found.boot == boot and found.monotonic < seconds:
            return "is older than the one before it, in the same run of the machine"
        if at < before - _TOLERANCE and not stepped:
            return "states an earlier time than the one before it, and no record says that the clock was set"
        return None

    def tell(self, text: str) -> None:
        """Add something that should be known, a sentence."""
        if len(self._notes) < _MOST_NOTES:
            self._notes.append(text)
        else:
            self._more += 1


def _word(found: Record, key: str) -> str:
    value = found.data.get(key)
    return value[:200] if isinstance(value, str) else "no reason given"


def _number(found: Record, key: str) -> float:
    value = found.data.get(key)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0
