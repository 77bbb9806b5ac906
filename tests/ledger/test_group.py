import threading

import pytest

from weighbridge.ledger.group import Group, Ticket


def joined(group: Group, *entries: bytes) -> Ticket:
    with group.locked:
        return group.join(lambda _: entries)


def test_the_first_leads_and_takes_along_who_came_meanwhile() -> None:
    group = Group(5)
    first, second, third = joined(group, b"a"), joined(group, b"b", b"c"), joined(group, b"d")
    assert [one.first for one in (first, second, third)] == [5, 6, 8]
    assert [one.leads for one in (first, second, third)] == [True, False, False]
    assert group.take() == [first, second, third]
    later = joined(group, b"e")
    for one in (first, second, third):
        one.finish()
        assert one.wait() is None
    group.hand_over()
    assert (later.leads, later.wait(), later.done) == (True, None, False)
    assert group.take() == [later]
    group.hand_over()
    assert joined(group, b"f").leads, "who comes when nobody commits leads"


def test_who_fails_takes_along_those_with_later_indices() -> None:
    group = Group(0)
    leader = joined(group, b"a")
    tickets = group.take()
    behind = joined(group, b"b")
    trouble = OSError("no space")
    with group.locked:
        group.fail(tickets, trouble, 0)
    assert [leader.error, behind.error] == [trouble, trouble]
    assert behind.wait() is None
    group.hand_over()
    again = joined(group, b"c")
    assert (again.first, again.leads) == (0, True)


def test_an_entry_that_is_too_long_queues_nothing() -> None:
    group = Group(0)
    with pytest.raises(ValueError, match="longer than"):
        joined(group, b"ok", bytes(65_536))
    assert (joined(group, b"x").first, len(group.take())) == (0, 1)


def test_who_waits_sleeps_until_it_is_its_turn() -> None:
    group = Group(0)
    joined(group, b"a")
    follower = joined(group, b"b")
    seen: list[bool] = []
    thread = threading.Thread(target=lambda: seen.append(follower.wait() is None))
    thread.start()
    assert seen == []
    follower.finish()
    thread.join(60)
    assert seen == [True]
