"""Opening a database: to serve it, which one process at a time may do with a file, or for a single command beside that.

Where a file lies and whether another process serves it matters only for SQLite; PostgreSQL is shared on purpose.
"""

import os
from typing import NamedTuple

from weighbridge.fleet import epoch, links
from weighbridge.fleet.migrate import migrate, names, revision
from weighbridge.fleet.settings import Settings
from weighbridge.fleet.store import Store, parsed
from weighbridge.host.durable import BusyError, Lock
from weighbridge.host.durable_disk import RealDisk
from weighbridge.host.private_file import make_private_folder
from weighbridge.model.errors import WeighbridgeError

FOLDER, FILE = "fleet", "fleet.db"


class Opened(NamedTuple):
    """A database that is ready to be served."""

    store: Store
    lock: Lock | None
    link: str | None
    """The secret of a link for the first administrator, while nobody has been let in; empty if another server of this
    database showed one that works."""

    def close(self) -> None:
        """Finish what was taken, and let others have the database."""
        self.store.close()
        if self.lock is not None:
            self.lock.close()


def database_url(settings: Settings, state_folder: bytes) -> str:
    """Return the address of the database: as told, or a file in the state folder."""
    if settings.database:
        return settings.database
    return f"sqlite:///{os.path.join(os.fsdecode(state_folder), FOLDER, FILE)}"


def open_to_serve(url: str, now: int) -> Opened:
    """Open a database for a server: alone where it is a file, with the newest tables, in an epoch.

    Args:
        url: as `Store.open` takes it.
        now: milliseconds since 1970, UTC.

    Raises:
        WeighbridgeError: `E-store-url`, `E-store-open`, `E-store-served`, `E-store-revision`, `E-store-migration`.
    """
    lock = hold_file(url, make_folder=True)
    try:
        store = Store.open(url)
        try:
            migrate(store)
            store.write_now(lambda connection: epoch.current(connection) or epoch.begin(connection, now, "first start"))
            shared = lock is None
            return Opened(store, lock, store.write_now(lambda connection: links.first(connection, now, shared=shared)))
        except BaseException:
            store.close()
            raise
    except BaseException:
        if lock is not None:
            lock.close()
        raise


def open_beside(url: str) -> Store:
    """Open a database that a server made and may be serving, for a command beside it.

    Raises:
        WeighbridgeError: `E-store-url`, `E-store-open` if no server made it, `E-store-revision` if one of another
            version did.
    """
    path = file_of(url)
    if path is not None and not os.path.isfile(path):
        raise WeighbridgeError(
            "E-store-open",
            f"no server has run here: there is no database {path}",
            "start it once with `wb serve`, or name its database with --database",
            exit_code=1,
        )
    store = Store.open(url)
    try:
        at, newest = revision(store), names()[-1]
        if at != newest:
            raise WeighbridgeError(
                "E-store-revision",
                f"the database is at {at or 'no revision'}, and this version of Weighbridge works with {newest}",
                "let the server of this version start once, or run `wb fleet migrate`",
                exit_code=1,
            )
    except BaseException:
        store.close()
        raise
    return store


def hold_file(url: str, *, make_folder: bool = False) -> Lock | None:
    """Keep other processes from serving a database file; None for PostgreSQL.

    Raises:
        WeighbridgeError: `E-store-served` if another process serves it; `E-store-open`, `E-store-url`.
    """
    path = file_of(url)
    if path is None:
        return None
    folder, name = os.path.split(os.path.abspath(path))
    try:
        if make_folder:
            make_private_folder(os.fsencode(folder))
        return RealDisk(os.fsencode(folder)).lock(f"{name}.lock")
    except BusyError:
        raise WeighbridgeError(
            "E-store-served",
            f"another process serves {path}",
            "stop that server first; several servers share a PostgreSQL database",
            exit_code=1,
        ) from None
    except OSError as error:
        raise WeighbridgeError(
            "E-store-open",
            f"cannot use the folder {folder}: {error.strerror or error}",
            "name a folder that this user may write to",
            exit_code=1,
        ) from error


def file_of(url: str) -> str | None:
    """Return the path of a SQLite database; None for PostgreSQL. Raises `E-store-url`."""
    address = parsed(url)
    return address.database if address.drivername == "sqlite" else None
