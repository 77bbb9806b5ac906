"""The sum over everything that there is: no order, no history, one difference shows."""

from hypothesis import given
from hypothesis import strategies as st

from weighbridge.sync.inventory_sum import added, digest, part, removed, total_of

THINGS = st.dictionaries(st.text(), st.binary(min_size=32, max_size=32), max_size=20)


def total(things: dict[str, bytes]) -> int:
    result = 0
    for subject, leaf in things.items():
        result = added(result, part(subject, leaf))
    return result


@given(THINGS, st.randoms())
def test_neither_order_nor_history_matters(things: dict[str, bytes], chance: object) -> None:
    shuffled = dict(sorted(things.items(), reverse=True))
    assert total(things) == total(shuffled)
    result = total(things)
    for subject, leaf in things.items():
        result = removed(result, part(subject, leaf))
    assert result == 0


@given(THINGS)
def test_one_difference_shows(things: dict[str, bytes]) -> None:
    assert total(things | {"new": bytes(32)}) != total({**things, "new": b"\1" * 32})


@given(st.integers(0, (1 << 256) - 1))
def test_a_digest_holds_the_sum(value: int) -> None:
    assert total_of(digest(value)) == value
