from weighbridge.fleet import epoch


def test_a_new_database_has_none_and_the_last_one_begun_counts(store):
    assert store.read_now(epoch.current) is None
    first = store.write_now(lambda connection: epoch.begin(connection, 1_000, "first start"))
    assert store.read_now(epoch.current) == first
    # The clock was set back between the two.
    second = store.write_now(lambda connection: epoch.begin(connection, 10, "restored from a backup"))
    assert store.read_now(epoch.current) == second != first
