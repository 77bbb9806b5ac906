from weighbridge.fleet import config_applied
from weighbridge.fleet.config_applied import Applied


def one(item, **body):
    return Applied("groups", item, body, "groups.yaml:2", 5, "ada")


def test_what_files_said_is_replaced_as_a_whole(store):
    store.write_now(
        lambda connection: config_applied.remember(connection, ["groups"], [one("b", rule="x", n=[1]), one("a")])
    )
    assert store.read_now(config_applied.every) == [one("a"), one("b", rule="x", n=[1])]
    assert store.read_now(lambda connection: config_applied.is_managed(connection, "groups", "a"))
    assert not store.read_now(lambda connection: config_applied.is_managed(connection, "labels", "a"))
    store.write_now(lambda connection: config_applied.remember(connection, ["groups"], [one("c")]))
    assert [item.item for item in store.read_now(config_applied.every)] == ["c"]
