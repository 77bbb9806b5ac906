"""Backups of a database file, taken while it is served, and putting one back.

A backup is a whole database of one instant, checked before it gets its name. A database that was put back begins a new
epoch, by which endpoints notice that what they were told was stored may be gone, and send it again.

PostgreSQL has tools of its own for this (`pg_dump`, `pg_basebackup`, archives of the write-ahead log); what they put
back only needs the new epoch. Source: sqlite.org, "SQLite Backup API" and "PRAGMA quick_check".
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing

from sqlalchemy import Connection

from weighbridge.fleet import audit, epoch
from weighbridge.fleet.migrate import migrate
from weighbridge.fleet.opening import file_of, hold_file
from weighbridge.fleet.store import Store
from weighbridge.host.private_file import make_private, replace_durably
from weighbridge.model.errors import WeighbridgeError

_PAGES = 2_000
"""Copied at once; in between the server may write."""


def back_up(url: str, target: str) -> int:
    """Write a backup of the database to the file `target`, which must not be there; return its bytes.

    Raises:
        WeighbridgeError: `E-backup`, and nothing is there under that name; `E-store-url`.
    """
    path = file_of(url)
    if path is None:
        raise _refused("this is a PostgreSQL database", "back it up with pg_dump or pg_basebackup")
    if not os.path.isfile(path):
        raise _refused(f"there is no database at {path}", "name the one that the server uses with --database")
    if os.path.lexists(target):
        raise _refused(f"there is something at {target} already", "name a file that is not there yet")
    temporary = f"{target}.{os.getpid()}.part"
    try:
        make_private(os.fsencode(temporary))
        _copy(path, temporary)
        _check(temporary)
        replace_durably(os.fsencode(temporary), os.fsencode(target))
    except (sqlite3.Error, OSError) as error:
        raise _refused(f"the backup could not be written: {error}", "name a folder with room on it") from error
    finally:
        _remove(temporary)
    return os.path.getsize(target)


def put_back(url: str, source: str | None, now: int, confirm: Callable[[], None] = lambda: None) -> str:
    """Put a backup in the place of a database and begin a new epoch; return that.

    Args:
        url: of the database. Nobody may be serving it, where it is a file.
        source: the backup; None if the database's own tools put it back already.
        now: milliseconds since 1970, UTC.
        confirm: called once the backup is known to be good, before anything is replaced.

    Raises:
        WeighbridgeError: `E-backup`, and the old database is as it was; `E-store-served`, `E-store-open`.
    """
    path = file_of(url)
    lock = hold_file(url, make_folder=source is not None)
    try:
        if source is not None:
            if path is None:
                hint = "put it back with its own tools, then run this without FILE"
                raise _refused("this is a PostgreSQL database", hint)
            _replace(path, source, confirm)
        store = Store.open(url)
        try:
            migrate(store)

            def job(connection: Connection) -> str:
                begun = epoch.begin(connection, now, "put back from a backup")
                audit.note(connection, now, None, "database.restore", begun)
                return begun

            return store.write_now(job)
        finally:
            store.close()
    finally:
        if lock is not None:
            lock.close()


def _replace(path: str, source: str, confirm: Callable[[], None]) -> None:
    if not os.path.isfile(source):
        raise _refused(f"there is no file {source}", "name a file that `wb fleet backup` wrote")
    temporary = f"{path}.{os.getpid()}.part"
    try:
        make_private(os.fsencode(temporary))
        _copy(source, temporary)
        _check(temporary)
        confirm()
        for suffix in ("-wal", "-shm"):
            # They belong to the old file; beside the new one they would damage it.
            _remove(path + suffix)
        replace_durably(os.fsencode(temporary), os.fsencode(path))
    except (sqlite3.Error, OSError) as error:
        raise _refused(
            f"{source} could not be put back: {error}", "give a file that `wb fleet backup` wrote"
        ) from error
    finally:
        _remove(temporary)


def _copy(source: str, target: str) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.execute("PRAGMA trusted_schema=OFF")
        old.backup(new, pages=_PAGES)


def _check(path: str) -> None:
    """Refuse what is no whole database of a fleet. Raises WeighbridgeError `E-backup`, sqlite3.Error."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA trusted_schema=OFF")
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise _refused(f"the copy is damaged: {str(found)[:100]}", "try again, or take an older backup")
        ours = connection.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('alembic_version', 'epochs')")
        if ours.fetchone() != (2,):
            raise _refused("this is no database of a fleet", "give a file that `wb fleet backup` wrote")


def _remove(path: str) -> None:
    if os.path.lexists(path):
        os.unlink(path)


def _refused(message: str, hint: str) -> WeighbridgeError:
    return WeighbridgeError("E-backup", message, hint, exit_code=1)
