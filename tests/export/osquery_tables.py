"""osquery's tables as virtual tables of SQLite, planned the way osquery plans them.

A wrong table or column fails. So does a query that gives a table less than it demands: `file` and `hash` return
nothing without a path (osquery 5: `required` in specs/, `xBestIndex` and `xFilter` in osquery/sql/virtual_table.cpp;
of LIKE SQLite hands over the form without ESCAPE only). `%` in a path of `file` stays within one folder, `%%` at the
end does not (osquery documentation, "File Integrity Monitoring": wildcards).
"""

import re
from fnmatch import translate
from typing import Any

import apsw

TABLES = {
    "file": "path! directory! filename inode uid gid mode device size block_size atime mtime ctime btime hard_links "
    "symlink type symlink_target_path",
    "hash": "path! directory! md5 sha1 sha256",
    "listening_ports": "pid port protocol family address fd socket path net_namespace",
    "process_memory_map": "pid+ start end permissions offset device inode path pseudo",
    "processes": "pid+ name path cmdline state cwd root uid gid euid egid suid sgid on_disk wired_size resident_size "
    "total_size user_time system_time disk_bytes_read disk_bytes_written start_time parent pgroup threads nice",
}
"""`!` marks columns of which one must be given, `+` those by which rows are found fast; the first is the key."""
EVERYWHERE = frozenset({"file", "hash", "listening_ports", "processes"})
"""`process_memory_map` is empty on Windows."""
_MOST_COSTLY = 1_000_000.0
_EQUAL, _LIKE = apsw.SQLITE_INDEX_CONSTRAINT_EQ, apsw.SQLITE_INDEX_CONSTRAINT_LIKE


class _Table:
    """One table: its columns and its rows."""

    def __init__(self, columns: str) -> None:
        self.required = {number for number, name in enumerate(columns.split()) if name.endswith("!")}
        self.indexed = {number for number, name in enumerate(columns.split()) if name.endswith(("!", "+"))}
        self.names = [name.rstrip("!+") for name in columns.split()]
        self.key = next((name.rstrip("!+") for name in columns.split() if name.endswith(("!", "+"))), "")
        self.rows: list[tuple[Any, ...]] = []

    def BestIndexObject(self, index: Any) -> bool:  # noqa: N802  (apsw calls it so)
        given: list[str] = []
        cost, satisfied = _MOST_COSTLY, not self.required
        for number in range(index.nConstraint):
            column = index.get_aConstraint_iColumn(number)
            if not index.get_aConstraint_usable(number) or column not in self.indexed:
                continue
            satisfied = satisfied or column in self.required
            cost = 1.0
            given.append(f"{column}:{index.get_aConstraint_op(number)}")
            index.set_aConstraintUsage_argvIndex(number, len(given))
        index.estimatedCost = cost if satisfied else _MOST_COSTLY
        index.idxStr = ",".join(given)
        return True

    def Open(self) -> "_Cursor":  # noqa: N802
        return _Cursor(self)

    def Disconnect(self) -> None:  # noqa: N802
        pass

    Destroy = Disconnect


class _Cursor:
    """The rows of one look at a table."""

    def __init__(self, table: _Table) -> None:
        self._table = table
        self._rows: list[tuple[Any, ...]] = []
        self._at = 0

    def Filter(self, _number: int, given: str, values: tuple[Any, ...]) -> None:  # noqa: N802
        asked = [tuple(map(int, one.split(":"))) for one in given.split(",") if one]
        if self._table.required and not any(column in self._table.required for column, _ in asked):
            raise AssertionError("osquery returns nothing: the query gives no path")
        wanted = list(zip(asked, values, strict=True))
        self._rows = [row for row in self._table.rows if all(_fits(row[one], op, to) for (one, op), to in wanted)]
        self._at = 0

    def Eof(self) -> bool:  # noqa: N802
        return self._at >= len(self._rows)

    def Next(self) -> None:  # noqa: N802
        self._at += 1

    def Column(self, number: int) -> Any:  # noqa: N802
        return self._at if number < 0 else self._rows[self._at][number]

    def Rowid(self) -> int:  # noqa: N802
        return self._at

    def Close(self) -> None:  # noqa: N802
        pass


def _fits(value: Any, operator: int, wanted: Any) -> bool:
    if operator == _EQUAL:
        return bool(value == wanted)
    if operator == _LIKE:
        return _within(str(value), str(wanted))
    return True


def _within(path: str, pattern: str) -> bool:
    """Tell whether osquery finds a path by a pattern."""
    whole = pattern.endswith("%%")
    plain = pattern.removesuffix("%%") if whole else pattern
    assert "%%" not in plain, "osquery goes into folders of folders at the end of a pattern only"
    slash = "\\" if "\\" in pattern else "/"
    parts, found = plain.split(slash), path.split(slash)
    if whole:
        found = [*found[: len(parts) - 1], ""] if len(found) >= len(parts) else found
    return len(parts) == len(found) and all(
        re.fullmatch(translate(one.replace("%", "*")), other) for one, other in zip(parts, found, strict=True)
    )


class _Module:
    def __init__(self, tables: dict[str, _Table]) -> None:
        self._tables = tables

    def Create(self, _db: Any, _module: str, _schema: str, name: str) -> tuple[str, _Table]:  # noqa: N802
        table = self._tables[name]
        columns = ", ".join(f'"{one}"' for one in table.names)
        if not table.key:
            return f"CREATE TABLE x({columns})", table
        return f"CREATE TABLE x({columns}, PRIMARY KEY ({table.key})) WITHOUT ROWID", table

    Connect = Create


class Database:
    """A database with these tables."""

    def __init__(self, names: frozenset[str] = frozenset(TABLES)) -> None:
        self._tables = {name: _Table(TABLES[name]) for name in names}
        self._connection = apsw.Connection(":memory:")
        self._connection.create_module("osquery", _Module(self._tables), use_bestindex_object=True)  # type: ignore[arg-type]  # what apsw calls is there
        for name in self._tables:
            self._connection.execute(f"CREATE VIRTUAL TABLE {name} USING osquery()")

    def execute(self, query: str) -> apsw.Cursor:
        """Run a query."""
        return self._connection.execute(query)

    def fill(self, table: str, values: dict[str, object]) -> None:
        """Add a row."""
        names = self._tables[table].names
        assert set(values) <= set(names)
        self._tables[table].rows.append(tuple(values.get(name) for name in names))


def database() -> Database:
    """Return a database with all tables."""
    return Database()


def fill(made: Database, table: str, **values: object) -> None:
    """Add a row."""
    made.fill(table, values)
