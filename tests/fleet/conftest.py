"""The stores that every test of the fleet runs on."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import unavailable
from tests.fleet.postgresql import ForbiddenError, PostgresqlServer, UnavailableError, empty
from tests.fleet.serving import Running, running

from weighbridge.fleet.store import Store
from weighbridge.hub.schema import METADATA


@pytest.fixture(scope="session")
def _postgresql() -> Iterator[PostgresqlServer | str]:
    try:
        server = PostgresqlServer()
    except ForbiddenError as error:
        pytest.skip(str(error))
    except UnavailableError as error:
        yield str(error)
        return
    yield server
    server.close()


@pytest.fixture
def postgresql(_postgresql: PostgresqlServer | str) -> PostgresqlServer:
    """A running PostgreSQL; the test is skipped where there is none, and fails for that in CI."""
    if isinstance(_postgresql, str):
        unavailable(_postgresql)
    assert isinstance(_postgresql, PostgresqlServer)
    return _postgresql


@pytest.fixture(scope="session")
def _full_sqlite(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file with all tables and no row: copying it is quicker than making them for each test."""
    path = tmp_path_factory.mktemp("tables") / "fleet.db"
    opened = Store.open(f"sqlite:///{path}")
    METADATA.create_all(opened.database.engine)
    opened.close()
    return path.read_bytes()


@pytest.fixture(scope="session")
def _full_postgresql(_postgresql: PostgresqlServer | str) -> str:
    """The address of a database with all tables, which every test empties: making one takes half a second."""
    if isinstance(_postgresql, str):
        return ""
    url = _postgresql.new_database()
    opened = Store.open(url)
    METADATA.create_all(opened.database.engine)
    opened.close()
    return url


_IN_MEMORY = Path("/dev/shm")
_ROOM = 1 << 30


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for databases, in memory where that has room: each of ten commits of a test would wait for the disk."""
    if not os.access(_IN_MEMORY, os.W_OK) or shutil.disk_usage(_IN_MEMORY).free < _ROOM:
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="wb-db-", dir=_IN_MEMORY, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, quick_folder: Path) -> str:
    """The address of an empty database: a SQLite file, then a PostgreSQL database."""
    if request.param == "sqlite":
        return f"sqlite:///{quick_folder / 'fleet.db'}"
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, quick_folder: Path) -> str:
    """The address of a database with all tables and no row: a SQLite file, then a PostgreSQL database."""
    if request.param == "sqlite":
        path = quick_folder / "fleet.db"
        path.write_bytes(request.getfixturevalue("_full_sqlite"))
        path.chmod(0o600)
        return f"sqlite:///{path}"
    request.getfixturevalue("postgresql")
    url: str = request.getfixturevalue("_full_postgresql")
    empty(url, list(METADATA.tables))
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store with all tables and no row, on either database."""
    opened = Store.open(store_url)
    yield opened
    opened.close()


@pytest.fixture
def served(_full_sqlite: bytes, quick_folder: Path) -> Iterator[Running]:
    """A whole server over a SQLite file, with a clock that the test turns."""
    path = quick_folder / "fleet.db"
    path.write_bytes(_full_sqlite)
    opened = Store.open(f"sqlite:///{path}")
    with running(opened) as started:
        yield started
    opened.close()
