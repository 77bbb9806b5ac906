"""The stores and servers of tests/fleet serve these tests, too."""

from tests.fleet.conftest import (  # noqa: F401
    _full_postgresql,
    _full_sqlite,
    _postgresql,
    database_url,
    postgresql,
    quick_folder,
    served,
    store,
    store_url,
)
