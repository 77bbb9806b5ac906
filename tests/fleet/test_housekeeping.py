import asyncio
import time

from weighbridge.fleet import housekeeping, sessions
from weighbridge.fleet.store_errors import cannot_write


def test_sessions_that_ended_are_swept(served):
    account = served.account("ada")
    served.session(account)
    served.clock.pass_seconds(3_600)
    asyncio.run(housekeeping.sweep(served.server))
    assert served.store.read_now(lambda c: sessions.of_account(c, account.account_id)) == []


def test_a_sweep_that_fails_is_tried_again(served, monkeypatch):
    tried = []

    def failing(_job):
        tried.append(1)
        raise cannot_write(OSError("full"))

    monkeypatch.setattr(served.store.database, "submit", failing)
    monkeypatch.setattr(housekeeping, "_SWEEP_SECONDS", 0.0)

    async def twice():
        task = asyncio.create_task(housekeeping.sweep_now_and_then(served.server))
        while len(tried) < 2:
            await asyncio.sleep(0)
        task.cancel()

    asyncio.run(asyncio.wait_for(twice(), 60))


def test_a_call_that_holds_the_event_loop_is_noticed(served, monkeypatch):
    monkeypatch.setattr(housekeeping, "_BEAT_SECONDS", 0.001)
    monkeypatch.setattr(housekeeping, "_LONG_LAG_SECONDS", 0.05)
    monkeypatch.setattr(served.server, "monotonic", time.monotonic)

    async def held():
        task = asyncio.create_task(housekeeping.watch_loop(served.server))
        await asyncio.sleep(0.01)
        time.sleep(0.1)
        while not any("held up" in line for line in served.lines):
            await asyncio.sleep(0)
        task.cancel()

    asyncio.run(asyncio.wait_for(held(), 60))
    assert served.server.metrics.value("weighbridge_loop_lag_seconds") >= 0.05


def test_a_server_keeps_house_while_it_runs(served):
    with served.client() as client:
        assert client.get("/health/live").status_code == 200
