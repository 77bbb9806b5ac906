"""Failed proofs of who one is are counted over all servers of a database."""

import asyncio

import pytest

from weighbridge.fleet import strangers
from weighbridge.fleet.store import Store
from weighbridge.fleet.strangers import Strangers


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000.0

    def milliseconds(self) -> int:
        return int(self.seconds * 1000)

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def servers(store: Store, clock: Clock) -> list[Strangers]:
    """Two servers of one database."""
    return [Strangers(store, clock.milliseconds, clock, 36) for _ in range(2)]


def fail(server: Strangers, times: int, address: str = "192.0.2.1") -> None:
    async def job() -> None:
        for _ in range(times):
            await server.failed(address)

    asyncio.run(job())


def test_one_server_lets_an_address_fail_so_often(servers: list[Strangers], clock: Clock) -> None:
    first, _ = servers
    fail(first, 35)
    assert first.wait("192.0.2.1") == 0
    fail(first, 1)
    assert first.wait("192.0.2.1") > 0
    assert first.wait("192.0.2.2") == 0
    clock.seconds += 60
    assert first.wait("192.0.2.1") == 0


def test_two_servers_allow_no_more_than_one(servers: list[Strangers], clock: Clock) -> None:
    first, second = servers
    fail(first, 24)
    fail(second, 12)
    assert [one.wait("192.0.2.1") for one in servers] == [0, 0]
    fail(second, 12)
    assert second.wait("192.0.2.1") == 60
    assert second.wait("192.0.2.2") == 0
    clock.seconds += 60
    assert second.wait("192.0.2.1") == 0


def test_a_typing_error_costs_no_statement(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Strangers(store, clock.milliseconds, clock)

    def counted(*_: object) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(strangers.sign_in_attempts, "take", counted)
    for number in range(100):
        fail(server, 11, f"192.0.2.{number}")


def test_memory_is_bounded(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "_MOST", 5)
    server = Strangers(store, clock.milliseconds, clock)
    for number in range(20):
        fail(server, 1, str(number))
    assert len(server._uncounted) == 5
