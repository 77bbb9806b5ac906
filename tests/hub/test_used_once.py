"""What was used is not used again, and is forgotten when it would not be taken anyway."""

from sqlalchemy import func, select

from weighbridge.fleet.store import Store
from weighbridge.hub import used_once


def test_each_is_taken_once_until_its_time_is_over(store: Store) -> None:
    def take(what: str, now: int) -> bool:
        return store.write_now(lambda c: used_once.take(c, now, what, 100))

    assert [take("a", 1), take("a", 2), take("b", 2), take("a", 99)] == [True, False, True, False]
    assert store.write_now(lambda c: used_once.take(c, 100, "c", 200))
    kept = select(func.count()).select_from(used_once.USED_ONCE)
    assert store.read_now(lambda c: c.execute(kept).scalar_one()) == 1
