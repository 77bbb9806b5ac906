"""The endpoint loses power, or its disk is full, at any step of enrolling and sending: every record comes once."""

import random

import pytest
from tests.fleet.test_exchange import kept, own_entries
from tests.fleet.wire import Device, Server, sighting

from weighbridge.fleet import endpoints
from weighbridge.fleet.store import Store
from weighbridge.host.fake_disk import FakeDisk, PowerLoss
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.membership import FOLDER

STEPS = 60
"""More than enrolling and sending take; a round that reaches its end is the last."""


def finished(device: Device, token: str) -> None:
    """Enroll, record, send; as somebody would again after each crash."""
    device.enroll(token)
    device.record(sighting())
    device.sync_all()


def test_power_loss_at_every_step(store: Store) -> None:
    server = Server(store)
    token = server.token(most_uses=STEPS)
    for step in range(1, STEPS):
        device = Device(server, f"laptop-{step}")
        disk = device.machine.disks[FOLDER] = FakeDisk()
        disk.stop_at = step
        try:
            finished(device, token)
        except PowerLoss:
            disk.cut(random.Random(step))
        else:
            disk.stop_at = None
            break
        finished(device, token)
        assert kept(store, device) == own_entries(device)
        names = [one.name for one in store.read_now(endpoints.page)]
        assert names.count(device.name) == 1
    else:
        raise AssertionError("no round reached its end")
    assert step > 10


def test_a_full_disk_is_said_and_passes(store: Store) -> None:
    server = Server(store)
    device = Device(server)
    device.enroll(server.token())
    device.record(sighting())
    disk = device.machine.disks[FOLDER]
    disk.capacity = sum(map(len, disk.files().values()))
    with pytest.raises(WeighbridgeError) as caught:
        device.sync()
    assert caught.value.code == "E-ledger-write"
    disk.capacity = None
    assert device.sync_all().code == ""
    assert kept(store, device) == own_entries(device)
