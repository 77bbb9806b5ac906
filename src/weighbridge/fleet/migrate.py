"""Brings the tables of a database to what this version of Weighbridge expects, or back.

The statements are Alembic's, and the revision stands where Alembic keeps it (table `alembic_version`), so its own tools
can be used on a database. Which migrations there are is a list in `migrations`, not a folder that is searched. All of a
change happens in one transaction on either database, and two servers that start at once wait for each other.
"""

from types import ModuleType

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from weighbridge.fleet.migrations import MIGRATIONS
from weighbridge.fleet.store import Store
from weighbridge.fleet.store_errors import said
from weighbridge.model.errors import WeighbridgeError

_LOCK = 7_105_233_862_145
"""Names our lock among all of a PostgreSQL database (pg_advisory_xact_lock); any number that nobody else uses."""

LONGEST_NAME = 32
"""Characters of a revision: what Alembic's column holds, which PostgreSQL enforces and SQLite does not."""


def names() -> list[str]:
    """Return the revisions in order."""
    return [_name(migration) for migration in MIGRATIONS]


def revision(store: Store) -> str | None:
    """Return the revision of a database; None if nothing was ever made in it. Raises `E-store-read`."""
    return store.read_now(lambda connection: MigrationContext.configure(connection).get_current_revision())


def migrate(store: Store, wanted: str | None = None) -> list[str]:
    """Bring a database to a revision, all the way or not at all; return the revisions that it went through.

    Args:
        store: whose database. Nobody else should be writing.
        wanted: a revision, `base` for none; the newest if None.

    Raises:
        WeighbridgeError: `E-store-revision` if the database, or what is wanted, is unknown to this version;
            `E-store-migration` if a step failed, and nothing was changed.
    """
    try:
        with store.database.engine.begin() as connection:
            return _moved(connection, wanted)
    except SQLAlchemyError as error:
        raise WeighbridgeError(
            "E-store-migration",
            f"the tables of the database could not be changed: {said(error)}",
            "nothing was changed; back up the database, then report this",
            exit_code=1,
        ) from error


def _moved(connection: Connection, wanted: str | None) -> list[str]:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    context = MigrationContext.configure(connection, opts={"transactional_ddl": True})
    operations = Operations(context)
    known = names()
    at = _index(known, context.get_current_revision())
    to = len(known) if wanted is None else _index(known, None if wanted == "base" else wanted)
    done = []
    context._ensure_version_table()
    for step in range(at, to):
        MIGRATIONS[step].upgrade(operations)
        done.append(known[step])
    for step in range(at - 1, to - 1, -1):
        MIGRATIONS[step].downgrade(operations)
        done.append(known[step])
    if done:
        connection.execute(text("DELETE FROM alembic_version"))
        if to:
            connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": known[to - 1]})
    return done


def _index(known: list[str], name: str | None) -> int:
    """Return how many migrations lead to a revision."""
    if name is None:
        return 0
    if name not in known:
        raise WeighbridgeError(
            "E-store-revision",
            f"this version of Weighbridge knows no state of the database called {name}",
            f"it knows {known[0]} to {known[-1]}; a newer Weighbridge made this database, so run that one",
        )
    return known.index(name) + 1


def _name(migration: ModuleType) -> str:
    return migration.__name__.rpartition(".")[2]
