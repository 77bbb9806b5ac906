"""The stores that every test of the fleet runs on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import unavailable
from tests.fleet.postgresql import PostgresqlServer, UnavailableError

from weighbridge.fleet.schema import METADATA
from weighbridge.fleet.store import Store


@pytest.fixture(scope="session")
def _postgresql() -> Iterator[PostgresqlServer | str]:
    try:
        server = PostgresqlServer()
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


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database: a SQLite file, then a PostgreSQL database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'fleet.db'}"
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store with all tables and no row, on either database."""
    opened = Store.open(database_url)
    METADATA.create_all(opened.database.engine)
    yield opened
    opened.close()
