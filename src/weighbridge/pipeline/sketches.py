"""Sketches of files that were scanned before, so that weights are sampled once: a memory that can be rebuilt."""

from weighbridge.host.machine import Machine
from weighbridge.host.state import StateDatabase, StateError
from weighbridge.lineage.sketch import Sketch
from weighbridge.lineage.sketch_text import from_bytes, to_bytes

MOST_KEPT = 2_000
"""Sketches; at most 16 KB each."""
_SCHEMA = ("CREATE TABLE IF NOT EXISTS seen (sha256 TEXT PRIMARY KEY, used INTEGER, sketch BLOB)",)


class Sketches:
    """Sketches by digest. No method raises: what cannot be kept is made again.

    Args:
        database: opened with this module's schema.
        now: seconds; what was asked for longest ago is forgotten first.
    """

    def __init__(self, database: StateDatabase, now: int) -> None:
        self._database = database
        self._now = now
        self._used: list[tuple[int, str]] = []
        self._made: list[tuple[str, int, bytes]] = []

    def seen(self, sha256: str) -> Sketch | None:
        """Return the sketch that was made of these bytes in an earlier run."""
        try:
            rows = self._database.query("SELECT sketch FROM seen WHERE sha256 = ?", (sha256,))
        except StateError:
            return None
        kept = from_bytes(rows[0][0]) if rows and isinstance(rows[0][0], bytes) else None
        if kept is not None:
            self._used.append((self._now, sha256))
        return kept

    def keep(self, sha256: str, sketch: Sketch) -> None:
        """Keep a sketch for later runs, from `close` on."""
        self._made.append((sha256, self._now, to_bytes(sketch)))

    def close(self) -> None:
        """Write what is new, and forget what was not asked for the longest beyond `MOST_KEPT`."""
        try:
            if self._used:
                self._database.write("UPDATE seen SET used = ? WHERE sha256 = ?", self._used)
            if self._made:
                self._database.write("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", self._made)
                oldest = "SELECT sha256 FROM seen ORDER BY used DESC, sha256 LIMIT -1 OFFSET ?"
                self._database.write(f"DELETE FROM seen WHERE sha256 IN ({oldest})", [(MOST_KEPT,)])  # noqa: S608
        except StateError:
            pass
        self._database.close()


def open_sketches(machine: Machine) -> Sketches:
    """Return the sketches that `machine` remembers."""
    return Sketches(machine.state_database("sketches", _SCHEMA), int(machine.now().timestamp()))
