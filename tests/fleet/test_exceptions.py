"""Exceptions as they are kept: who sees which, what people sign of them, when they end."""

import pytest
from tests.fleet.ruling_people import viewer
from tests.fleet.small_fleet import AT, DESKTOP, LAPTOP, LLAMA, POET, SERVER, fill

from weighbridge.fleet import exceptions
from weighbridge.fleet.exception_asking import Asking, ask
from weighbridge.fleet.exception_deciding import decide
from weighbridge.fleet.exceptions import GRANTED
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.store import Store
from weighbridge.sync.rulings import exceptions_text

DAY = 86_400_000


def granted(store: Store, **asked: object):
    usual = {"rule": "warn-review", "sha256": LLAMA, "scope_of": LAPTOP, "reason": "Audit.", "owner": "grace"}

    def job(connection):
        one = ask(connection, AT, viewer("bob"), Asking(**(usual | asked)))
        return decide(connection, AT, viewer(), one.exception_id, GRANTED, "")

    return store.write_now(job)


def test_each_sees_what_touches_their_endpoints(store: Store) -> None:
    store.write_now(fill)
    laptop = granted(store)
    ops = granted(store, scope="group", scope_of="ops")
    everywhere = granted(store, scope="fleet", scope_of="")

    def seen(scope: Scope) -> set[str]:
        return {one.exception_id for one in store.read_now(lambda c: exceptions.listed(c, scope))}

    ids = {one.exception_id for one in (laptop, ops, everywhere)}
    assert seen(EVERYTHING) == ids
    assert seen(Scope(endpoint_id=LAPTOP)) == {laptop.exception_id, everywhere.exception_id}
    assert seen(Scope(endpoint_id=SERVER)) == {ops.exception_id, everywhere.exception_id}
    assert seen(Scope(groups=("lab",))) == {laptop.exception_id, everywhere.exception_id}
    assert seen(Scope(groups=())) == {everywhere.exception_id}
    with pytest.raises(RefusedError) as caught:
        store.read_now(lambda c: exceptions.one_of(c, Scope(endpoint_id=DESKTOP), laptop.exception_id))
    assert caught.value.status == 404
    of_llama = store.read_now(lambda c: exceptions.listed(c, EVERYTHING, sha256=LLAMA, state=GRANTED))
    assert len(of_llama) == 3
    assert store.read_now(lambda c: exceptions.listed(c, EVERYTHING, sha256=POET)) == []


def test_what_people_sign_ends_by_itself(store: Store) -> None:
    store.write_now(fill)
    granted(store, days=1)
    granted(store, rule="deny-noncommercial", days=30)

    def until(now: int) -> list[str]:
        return sorted(one.until for one in store.read_now(lambda c: exceptions.to_text(c, now)))

    assert until(AT) == ["2026-11-22", "2026-12-21"]
    assert until(AT + DAY) == ["2026-11-22", "2026-12-21"], "it holds on its last day"
    assert until(AT + 2 * DAY) == ["2026-12-21"]
    assert until(AT + 31 * DAY) == []
    assert exceptions_text(1, store.read_now(lambda c: exceptions.to_text(c, AT)))


def test_the_longest_one_is_as_long_as_endpoints_believe(store: Store) -> None:
    from datetime import date

    from weighbridge.sync.rulings import too_long

    store.write_now(fill)
    granted(store, days=366)
    (one,) = store.read_now(lambda c: exceptions.to_text(c, AT))
    assert not too_long(one.until, date(2026, 11, 21))


def test_a_group_becomes_its_endpoints(store: Store) -> None:
    store.write_now(fill)
    granted(store, scope="group", scope_of="lab")
    granted(store, scope="fleet", scope_of="")
    found = {one.endpoints for one in store.read_now(lambda c: exceptions.to_text(c, AT))}
    assert found == {(LAPTOP, DESKTOP), None}


def test_a_group_that_is_too_large_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.write_now(fill)
    granted(store, scope="group", scope_of="lab")
    monkeypatch.setattr(exceptions, "MOST_ENDPOINTS", 1)
    with pytest.raises(ValueError, match="has over 1 endpoints"):
        store.read_now(lambda c: exceptions.to_text(c, AT))


def test_what_is_signed_is_noted_once(store: Store) -> None:
    store.write_now(fill)
    one = granted(store)
    signed = store.read_now(lambda c: exceptions.to_text(c, AT))
    for at in (AT + 1, AT + 2):
        store.write_now(lambda c, at=at: exceptions.note_signed(c, at, signed))
    found = store.read_now(lambda c: exceptions.one_of(c, EVERYTHING, one.exception_id))
    assert (found.signed_at, found.holds(AT), found.holds(AT + 40 * DAY)) == (AT + 1, True, False)
