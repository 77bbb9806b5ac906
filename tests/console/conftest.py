"""The stores and servers of tests/fleet serve these tests, too."""

import pytest
from tests.fleet.conftest import (  # noqa: F401
    _full_postgresql,
    _full_sqlite,
    _postgresql,
    postgresql,
    quick_folder,
    store,
    store_url,
)
from tests.fleet.serving import running
from tests.fleet.small_fleet import fill


@pytest.fixture
def served(store):  # noqa: F811  (the fixture above)
    """A server over a small fleet."""
    store.write_now(fill)
    with running(store) as started:
        yield started
