from sqlalchemy import Connection
from tests.fleet.told import NOW, tell_all

from weighbridge.fleet import dead_letters, outbox
from weighbridge.fleet.store import Store


def test_letters_are_kept_marked_and_forgotten_by_target(store: Store) -> None:
    store.write_now(tell_all)

    def bury(connection: Connection) -> None:
        for row in outbox.after(connection, 0, 10):
            dead_letters.bury(connection, NOW + row.position, "one", row, "no" * 1000)
            dead_letters.bury(connection, NOW + row.position, "one", row, f"refused {row.position}")
        dead_letters.bury(connection, NOW, "two", outbox.after(connection, 0, 1)[0], "no")

    store.write_now(bury)
    assert store.read_now(dead_letters.counts) == {"one": 3, "two": 1}
    listed = store.read_now(lambda c: dead_letters.listed(c, "one"))
    assert [letter.error for letter in listed] == ["refused 3", "refused 2", "refused 1"]
    assert store.read_now(lambda c: dead_letters.to_send(c, "one", 10)) == []
    assert store.write_now(lambda c: dead_letters.send_again(c, "one")) == 3
    waiting = store.read_now(lambda c: dead_letters.to_send(c, "one", 2))
    assert waiting == [(letter.endpoint_id, letter.row_id) for letter in listed[:0:-1]]
    store.write_now(lambda c: dead_letters.forget(c, "one", *waiting[0]))
    assert store.read_now(dead_letters.counts) == {"one": 2, "two": 1}
    store.write_now(lambda c: dead_letters.forget(c, "one"))
    assert store.read_now(dead_letters.counts) == {"two": 1}
