"""Attempts to sign in count once, however many servers of one database are asked."""

import asyncio

import pytest
from sqlalchemy import func, select
from tests.fleet.serving import BEGINNING, PASSWORD, Running

from weighbridge.fleet import sign_in
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.sign_in import Client
from weighbridge.fleet.sign_in_attempts import ATTEMPTS, TooOftenError, give_back, sweep, take

NAME, ADDRESS = "name ada", "from 192.0.2.1"
SECOND = 1_000


def taken(store, now, keys=(NAME,), per_minute=10):
    """Return 0 if permits were taken, else how long to wait."""
    try:
        store.write_now(lambda connection: take(connection, now, keys, per_minute))
    except TooOftenError as refused:
        return refused.wait
    return 0


def kept(store):
    return store.read_now(
        lambda connection: connection.execute(select(func.count()).select_from(ATTEMPTS)).scalar_one()
    )


def test_permits_run_out_and_come_back_one_by_one(store):
    now = BEGINNING
    assert [taken(store, now) for _ in range(10)] == [0] * 10
    assert taken(store, now) == pytest.approx(6)
    assert taken(store, now + 5 * SECOND) == pytest.approx(1)
    assert taken(store, now + 6 * SECOND) == 0
    assert taken(store, now + 6 * SECOND) == pytest.approx(6)
    assert [taken(store, now + 600 * SECOND) for _ in range(11)][:10] == [0] * 10


def test_one_key_that_has_none_left_takes_nothing_of_the_others(store):
    for number in range(10):
        assert taken(store, BEGINNING, (f"from {number}", NAME)) == 0
    before = kept(store)
    assert taken(store, BEGINNING, (ADDRESS, NAME)) > 0
    assert kept(store) == before
    assert taken(store, BEGINNING, (ADDRESS,)) == 0


def test_who_signed_in_has_the_permit_back(store):
    for _ in range(50):
        assert taken(store, BEGINNING, (ADDRESS, NAME)) == 0
        store.write_now(lambda connection: give_back(connection, (ADDRESS, NAME), 10))


def test_a_clock_that_was_wrong_locks_nobody_out(store):
    year = 365 * 86_400 * SECOND
    assert [taken(store, BEGINNING + year) for _ in range(11)][10] > 0
    assert taken(store, BEGINNING) == 0


def test_what_has_all_permits_is_forgotten(store):
    taken(store, BEGINNING, (ADDRESS, NAME))
    store.write_now(lambda connection: sweep(connection, BEGINNING))
    assert kept(store) == 2
    store.write_now(lambda connection: sweep(connection, BEGINNING + 7 * SECOND))
    assert kept(store) == 0


def test_two_servers_of_one_database_allow_no_more_than_one(store):
    servers = [Running(store), Running(store)]
    servers[0].account("ada")

    def attempt(number, password="wrong"):
        client = Client(f"192.0.2.{number}", "")
        with pytest.raises(RefusedError) as caught:
            asyncio.run(sign_in.by_password(servers[number % 2].server, "ada", password, client))
        return caught.value.status

    assert [attempt(number) for number in range(12)] == [401] * 10 + [429] * 2
    assert attempt(13, PASSWORD) == 429
    for one in servers:
        one.server.close()


def test_many_at_once_are_counted_before_any_of_them_is_answered(store):
    running = Running(store)
    running.account("ada")

    async def flood():
        tries = (sign_in.by_password(running.server, "ada", "wrong", Client(f"192.0.2.{n}", "")) for n in range(14))
        return await asyncio.gather(*tries, return_exceptions=True)

    assert sorted(one.status for one in asyncio.run(flood())) == [401] * 10 + [429] * 4
    running.server.close()
