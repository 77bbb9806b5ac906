"""A database of a fleet for tests of `wb fleet`, with three endpoints in it."""

import pytest
from tests.cli_runs import wb
from tests.fleet.small_fleet import fill

from weighbridge.fleet.store import Store
from weighbridge.hub.schema import METADATA


@pytest.fixture
def database(tmp_path, monkeypatch):
    """The address of a database that `wb fleet` works on."""
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    url = f"sqlite:///{tmp_path}/fleet.db"
    store = Store.open(url)
    METADATA.create_all(store.database.engine)
    store.write_now(fill)
    store.close()
    monkeypatch.setenv("WEIGHBRIDGE_SERVE_DATABASE", url)
    return url


def read(url, job):
    """Run a job on the database."""
    store = Store.open(url)
    try:
        return store.read_now(job)
    finally:
        store.close()


__all__ = ["database", "read", "wb"]
