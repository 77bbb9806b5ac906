"""A secret that servers share: made once, and the same for all that ask."""

from weighbridge.fleet.store import Store
from weighbridge.hub.server_secret import secret_for


def test_the_first_makes_it_and_the_others_get_it(store: Store) -> None:
    first = store.write_now(lambda connection: secret_for(connection, 1, "links"))
    assert len(first) == 32
    assert store.write_now(lambda connection: secret_for(connection, 2, "links")) == first
    assert store.write_now(lambda connection: secret_for(connection, 2, "others")) != first
