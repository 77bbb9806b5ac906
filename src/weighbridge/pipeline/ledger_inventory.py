"""The inventory of this machine as the ledger tells it: every thing that was recorded and has not ended.

A projection: what it holds follows from the log alone. It lies in a database of the state folder so that a long log is
not read again each time; when the log was exchanged, cut or put back, or the database is gone, it is made anew.
"""

from collections.abc import Iterator

from weighbridge.host.machine import Machine
from weighbridge.host.state import StateDatabase, StateError
from weighbridge.ledger.entry import Record, decode
from weighbridge.ledger.reader import Head, LogReader
from weighbridge.ledger.tree import leaf_hash
from weighbridge.pipeline.watch_decide import Known, subject_of
from weighbridge.sync.inventory_sum import added, digest, part

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS things (subject TEXT PRIMARY KEY, kind TEXT, first INTEGER, last INTEGER, entry BLOB)",
    "CREATE TABLE IF NOT EXISTS applied (id INTEGER PRIMARY KEY CHECK (id = 0), size INTEGER, mark BLOB)",
)
_CHUNK = 4096

_Row = tuple[str, str, int, int, bytes]


class Inventory:
    """What there is, by the records.

    Args:
        machine: whose state folder.
        log: its ledger.
    """

    def __init__(self, machine: Machine, log: LogReader) -> None:
        self._machine, self._log = machine, log
        self._database = machine.state_database("inventory", _SCHEMA)
        self._last: Record | None = None
        self.lost: int | None = None
        """How many records were known of a ledger that was put back or exchanged; None if it goes on from them."""
        self.size = 0
        """Records that are taken into account."""

    def update(self) -> int:
        """Bring it up to the log; return how many records were read.

        Raises:
            LogError: the log cannot be read.
        """
        try:
            return self._updated(self._database)
        except StateError:
            # Somebody else holds the database or it broke: this run keeps its own in memory.
            self._database = StateDatabase(None, _SCHEMA)
            return self._updated(self._database)

    def rebuild(self) -> int:
        """Make it anew from the log; return how many records were read.

        Raises:
            LogError: the log cannot be read.
            StateError: the database cannot be written now, or does not last.
        """
        if self._database.trouble is not None:
            raise StateError(self._database.trouble)
        self._database.write("DELETE FROM applied", [()])
        return self._updated(self._database)

    def current(self, *kinds: str) -> Iterator[Record]:
        """Yield the last record of each thing, of all kinds or of some, in the order of the log."""
        for (entry,) in self._database.query("SELECT entry FROM things ORDER BY last"):
            found = decode(entry) if isinstance(entry, bytes) else None
            if found is not None and (not kinds or found.kind in kinds):
                yield found

    def sum(self) -> bytes:
        """Return one number over all things, which the fleet server compares with its own (`sync.inventory_sum`)."""
        total = 0
        for subject, entry in self._database.query("SELECT subject, entry FROM things"):
            if isinstance(subject, str) and isinstance(entry, bytes):
                total = added(total, part(subject, leaf_hash(entry)))
        return digest(total)

    def page(self, after: int, most: int, most_bytes: int) -> tuple[list[bytes], int | None]:
        """Return last entries of things, those later in the log than `after`, and where to go on; None at the end."""
        found: list[bytes] = []
        room, last = most_bytes, after
        rows = self._database.query(
            "SELECT last, entry FROM things WHERE last > ? OR ? = 0 ORDER BY last LIMIT ?", [after, after, most + 1]
        )
        for index, entry in rows:
            if not isinstance(entry, bytes) or not isinstance(index, int):
                continue
            room -= len(entry)
            if found and (len(found) == most or room < 0):
                return found, last
            found.append(entry)
            last = index
        return found, None

    def first_seen(self, record: Record) -> int | None:
        """Return the index of the first record of the same thing since it was not there."""
        rows = self._database.query("SELECT first FROM things WHERE subject = ?", [subject_of(record)])
        return int(rows[0][0]) if rows and isinstance(rows[0][0], int) else None

    def known(self) -> Known:
        """Return what is known, as the sensor compares it with what it sees."""
        known = Known()
        for record in self.current():
            known.replay(record)
        if self._last is not None:
            known.boot, known.last = self._last.boot, (self._last.kind, self._last.at)
        return known

    def _updated(self, database: StateDatabase) -> int:
        head = self._log.head()
        done = self._applied(database, head)
        if done is None:
            done = self._log.minimum()
            database.write("DELETE FROM things", [()])
        begun = done
        while done < head.size:
            entries = list(self._log.entries(done, min(head.size, done + _CHUNK), head))
            self._apply(database, done, entries)
            done += len(entries)
            database.write("REPLACE INTO applied VALUES (0, ?, ?)", [(done, leaf_hash(entries[-1]))])
        self.size = head.size
        if head.size:
            self._last = decode(next(self._log.entries(head.size - 1, head.size, head)))
        return done - begun

    def _applied(self, database: StateDatabase, head: Head) -> int | None:
        """Return how many records of this very log the database has taken in; None if it must begin anew."""
        rows = database.query("SELECT size, mark FROM applied")
        size, mark = rows[0] if rows else (None, None)
        if not isinstance(size, int) or size <= self._log.minimum():
            return None  # what ended in records that retention removed would stay for ever
        if size <= head.size and leaf_hash(next(self._log.entries(size - 1, size, head))) == mark:
            return size
        self.lost = size
        return None

    def _apply(self, database: StateDatabase, first: int, entries: list[bytes]) -> None:
        now: dict[str, _Row] = {}
        ended: set[str] = set()
        for index, entry in enumerate(entries, first):
            record = decode(entry)
            subject = subject_of(record) if record is not None else None
            if record is None or subject is None:
                continue
            if record.kind.endswith("-end"):
                now.pop(subject, None)
                ended.add(subject)
            else:
                before = now.get(subject)
                now[subject] = (subject, record.kind, before[2] if before else index, index, entry)
        database.write("DELETE FROM things WHERE subject = ?", [(subject,) for subject in ended])
        database.write(
            "INSERT INTO things VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT(subject) DO UPDATE SET last = excluded.last, entry = excluded.entry",
            list(now.values()),
        )
