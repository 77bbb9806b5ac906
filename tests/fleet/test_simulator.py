"""The simulator of endpoints says what real ones say, and a small fleet of it loses and doubles nothing."""

import asyncio
import random

import msgspec
from bench.fleet_devices import SimulatedDevice, digest_of, fleet
from sqlalchemy import func, select
from tests.fleet.wire import Server

from weighbridge.fleet import endpoints, sightings
from weighbridge.fleet.records import RECORDS
from weighbridge.fleet.store import Store
from weighbridge.sync.messages import SYNC_PATH, Synced


def enrolled(server, device: SimulatedDevice) -> dict[str, object]:
    return {
        "endpoint_id": device.endpoint_id,
        "public_key": device.key.public.public,
        "ledger_key": device.ledger_key.public.text,
        "state": "active",
        "reason": "",
        "name": f"laptop-{device.number}",
        "platform": "linux",
        "release": "",
        "architecture": "x86_64",
        "owner": "",
        "group_name": "",
        "labels": "{}",
        "token_id": "",
        "enrolled_at": server.now,
        "changed_at": server.now,
    }


def test_a_fleet_that_loses_and_doubles_messages_is_stored_once(store: Store) -> None:
    server, chance = Server(store), random.Random(1)
    devices = list(fleet(12, models=4))
    for device in devices:
        row = enrolled(server, device)
        store.write_now(lambda connection, row=row: endpoints.add(connection, row))

    async def rounds() -> None:
        for _ in range(6):
            await asyncio.gather(*map(one, devices))

    async def one(device: SimulatedDevice) -> None:
        device.work(chance.randrange(8))
        body, fields = device.request(int(server.clock))
        if chance.random() < 0.2:
            return
        reply = await server.answer(SYNC_PATH, body, fields)
        if chance.random() < 0.2:
            await server.answer(SYNC_PATH, body, fields)
        if chance.random() < 0.2:
            return
        assert reply.status == 200, reply
        device.take(msgspec.json.decode(reply.body, type=Synced))

    asyncio.run(rounds())
    for device in devices:
        for _ in range(3):
            reply = server.ask(SYNC_PATH, *device.request(int(server.clock)))
            device.take(msgspec.json.decode(reply.body, type=Synced))
    counted = select(RECORDS.c.endpoint_id, func.count(), func.max(RECORDS.c.record_index))
    rows = store.read_now(lambda connection: connection.execute(counted.group_by(RECORDS.c.endpoint_id)).all())
    assert {row[0]: (row[1], row[2] + 1) for row in rows} == {
        device.endpoint_id: (device.size, device.size) for device in devices
    }
    found = store.read_now(lambda connection: sightings.of_digest(connection, digest_of(0)))
    assert all(one.measured for one in found)
