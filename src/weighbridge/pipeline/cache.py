"""What earlier runs found, so that only what changed is read again.

A file is known by device, inode, size, modification and change time; setting the modification time back does not help,
because the change time moves. Folders are known by a fingerprint over all their files. Everything is forgotten when
the program itself changes; digests are kept, they depend on bytes alone. Whatever is wrong with the database (corrupt,
locked, full, unwritable), a scan goes on without it.
"""

from dataclasses import field

from weighbridge.discover.sweep import Remembered
from weighbridge.host.machine import Digests, Machine, Stat
from weighbridge.host.program import program_fingerprint
from weighbridge.host.state import StateDatabase, StateError, Value
from weighbridge.model.record import draft

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS program (fingerprint BLOB)",
    "CREATE TABLE IF NOT EXISTS folders (path BLOB PRIMARY KEY, fingerprint BLOB, names BLOB) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS listings (path BLOB PRIMARY KEY, listing BLOB)",
    "CREATE TABLE IF NOT EXISTS outcomes (identity BLOB PRIMARY KEY, outcome BLOB)",
    "CREATE TABLE IF NOT EXISTS digests (identity BLOB PRIMARY KEY, sha256 TEXT, blake3 TEXT, size INTEGER)",
    "CREATE TABLE IF NOT EXISTS held (holder BLOB PRIMARY KEY, weights BLOB)",
)
_ROOMS = ("checks", "discover", "formats", "host", "licensing", "model", "pipeline")
"""What an outcome depends on: policy and reports come after it."""
_LARGEST_BYTES = 256 << 20
"""A larger database is mostly about files that are long gone: start anew."""
_PAGE_ROWS = 2000
"""Folders loaded at once: a sweep asks for neighbors one after the other."""
_PAGES = 4
_FLUSH_ROWS = 1000
_MOST_WAITING = 50_000
_FLUSH_SECONDS = 1.0
_SEPARATOR = b"\0"

_INSERTS = {
    "folders": "INSERT OR REPLACE INTO folders VALUES (?, ?, ?)",
    "listings": "INSERT OR REPLACE INTO listings VALUES (?, ?)",
    "outcomes": "INSERT OR REPLACE INTO outcomes VALUES (?, ?)",
    "digests": "INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?)",
    "held": "INSERT OR REPLACE INTO held VALUES (?, ?)",
}


@draft
class _Page:
    """All remembered folders from one path to another; to the end of the table if `last` is None."""

    first: bytes
    last: bytes | None
    rows: dict[bytes, tuple[bytes, bytes]] = field(default_factory=dict)


class Cache:
    """A sweep's `Memory`, results by file, digests by file. No method raises.

    Args:
        machine: for its clock.
        database: opened with this module's schema.
        program: what is remembered is forgotten if this changes.
    """

    def __init__(self, machine: Machine, database: StateDatabase, program: bytes) -> None:
        self._machine = machine
        self._database = database
        self._waiting: dict[str, dict[bytes, tuple[Value, ...]]] = {table: {} for table in _INSERTS}
        self._flushed_at = machine.monotonic()
        self._pages: list[_Page] = []
        self._forget_unless(program)

    # Folders

    def folder(self, path: bytes) -> Remembered | None:
        """Return what is known of a folder."""
        row = self._page(path).rows.get(path)
        if row is None:
            return None
        fingerprint, names = row
        return Remembered(fingerprint, tuple(names.split(_SEPARATOR)) if names else ())

    def listing(self, path: bytes) -> bytes | None:
        """Return the listing that belongs to the remembered fingerprint."""
        rows = self._query("SELECT listing FROM listings WHERE path = ?", path)
        return rows[0][0] if rows and isinstance(rows[0][0], bytes) else None

    def remember(self, path: bytes, remembered: Remembered, listing: bytes) -> None:
        """Keep what is known of a folder from now on."""
        names = _SEPARATOR.join(remembered.names)
        self._keep("listings", path, (path, listing))
        self._keep("folders", path, (path, remembered.fingerprint, names))

    # Files

    def outcome(self, stat: Stat) -> bytes | None:
        """Return what `keep_outcome` was given for this very version of a file."""
        identity = _identity(stat)
        waiting = self._waiting["outcomes"].get(identity)
        rows = [waiting[1:]] if waiting else self._query("SELECT outcome FROM outcomes WHERE identity = ?", identity)
        return rows[0][0] if rows and isinstance(rows[0][0], bytes) else None

    def keep_outcome(self, stat: Stat, outcome: bytes) -> None:
        """Keep the result of looking at this version of a file."""
        identity = _identity(stat)
        self._keep("outcomes", identity, (identity, outcome))

    def digests(self, stat: Stat) -> Digests | None:
        """Return the digests that were measured of this version of a file."""
        identity = _identity(stat)
        waiting = self._waiting["digests"].get(identity)
        statement = "SELECT sha256, blake3, size FROM digests WHERE identity = ?"
        for row in [waiting[1:]] if waiting else self._query(statement, identity):
            sha256, blake3, size = row
            if isinstance(sha256, str) and isinstance(size, int) and len(sha256) == 64:
                return Digests(sha256, blake3 if isinstance(blake3, str) else None, size)
        return None

    def keep_digests(self, stat: Stat, digests: Digests) -> None:
        """Keep what was measured of this version of a file."""
        identity = _identity(stat)
        self._keep("digests", identity, (identity, *digests))

    # Processes

    def held(self, holder: bytes) -> bytes | None:
        """Return what `keep_held` was given for this holder."""
        waiting = self._waiting["held"].get(holder)
        rows = [waiting[1:]] if waiting else self._query("SELECT weights FROM held WHERE holder = ?", holder)
        return rows[0][0] if rows and isinstance(rows[0][0], bytes) else None

    def keep_held(self, holder: bytes, weights: bytes) -> None:
        """Keep what a process holds."""
        self._keep("held", holder, (holder, weights))

    def sizes(self) -> dict[int, str]:
        """Return the digest for each size of which exactly one file content was measured."""
        statement = "SELECT size, min(sha256) FROM digests GROUP BY size HAVING count(DISTINCT sha256) = 1"
        return {
            size: sha256
            for size, sha256 in self._query(statement)
            if isinstance(size, int) and isinstance(sha256, str) and len(sha256) == 64
        }

    def close(self) -> None:
        """Write what still waits and close the database."""
        self._flush()
        self._database.close()

    def _forget_unless(self, program: bytes) -> None:
        try:
            known = self._database.query("SELECT fingerprint FROM program")
            pages = self._database.query("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            large = isinstance(pages[0][0], int) and pages[0][0] > _LARGEST_BYTES
            if known == [(program,)] and not large:
                return
            tables = [*_INSERTS, "program"] if large else ["folders", "listings", "outcomes", "program"]
            for table in tables:
                self._database.write(f"DELETE FROM {table}", [()])  # noqa: S608  (our own table names)
            self._database.write("INSERT INTO program VALUES (?)", [(program,)])
        except StateError:
            # Locked by another process of another version, or damaged: believe nothing, keep nothing.
            self._database.close()
            self._database = StateDatabase(None, _SCHEMA)

    def _page(self, path: bytes) -> "_Page":
        """Return the part of the table, in byte order of paths, in which `path` stands or would stand."""
        for number, page in enumerate(self._pages):
            if page.first <= path and (page.last is None or path <= page.last):
                self._pages.insert(0, self._pages.pop(number))
                return page
        rows = self._query(
            "SELECT path, fingerprint, names FROM folders WHERE path >= ? ORDER BY path LIMIT ?", path, _PAGE_ROWS
        )
        page = _Page(first=path, last=None)
        for row in rows:
            if isinstance(row[0], bytes) and isinstance(row[1], bytes) and isinstance(row[2], bytes):
                page.rows[row[0]] = (row[1], row[2])
                page.last = row[0]
        if len(rows) < _PAGE_ROWS:
            page.last = None
        self._pages = [page, *self._pages[: _PAGES - 1]]
        return page

    def _query(self, statement: str, *parameters: Value) -> list[tuple[Value, ...]]:
        try:
            return self._database.query(statement, parameters)
        except StateError:
            return []

    def _keep(self, table: str, key: bytes, row: tuple[Value, ...]) -> None:
        self._waiting[table][key] = row
        now = self._machine.monotonic()
        if now - self._flushed_at > _FLUSH_SECONDS or sum(map(len, self._waiting.values())) >= _FLUSH_ROWS:
            self._flush()

    def _flush(self) -> None:
        """Write what waits; what cannot be written now waits on, up to a limit."""
        self._flushed_at = self._machine.monotonic()
        for table in ("outcomes", "digests", "held", "listings", "folders"):
            rows = self._waiting[table]
            if not rows:
                continue
            try:
                self._database.write(_INSERTS[table], rows.values())
            except StateError:
                if len(rows) < _MOST_WAITING:
                    continue
            rows.clear()


def open_cache(machine: Machine) -> Cache:
    """Return the cache of `machine`."""
    return Cache(machine, machine.state_database("cache", _SCHEMA), program_fingerprint(*_ROOMS))


def _identity(stat: Stat) -> bytes:
    return b"%d.%d.%d.%d.%d" % (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
