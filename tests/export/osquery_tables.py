"""osquery's tables as empty tables of SQLite, so that a wrong table or column fails (osquery 5 schema, specs/)."""

import sqlite3

TABLES = {
    "file": "path directory filename inode uid gid mode device size block_size atime mtime ctime btime hard_links "
    "symlink type",
    "hash": "path directory md5 sha1 sha256",
    "listening_ports": "pid port protocol family address net_namespace fd socket path",
    "process_memory_map": "pid start end permissions offset device inode path pseudo",
    "process_open_files": "pid fd path",
    "processes": "pid name path cmdline state cwd root uid gid euid egid suid sgid on_disk wired_size resident_size "
    "total_size user_time system_time disk_bytes_read disk_bytes_written start_time parent pgroup threads nice",
}


def database() -> sqlite3.Connection:
    """Return a database with these tables."""
    made = sqlite3.connect(":memory:")
    for table, columns in TABLES.items():
        made.execute(f"CREATE TABLE {table} ({', '.join(chr(34) + name + chr(34) for name in columns.split())})")
    return made


def fill(made: sqlite3.Connection, table: str, **values: object) -> None:
    """Add a row."""
    names = ", ".join(f'"{name}"' for name in values)
    made.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", tuple(values.values()))
