"""The server as a witness: what it cosigns, and what shows that a ledger was changed."""

import copy

import pytest
from tests.fleet.test_inventory import joined
from tests.fleet.wire import Device, sighting

from weighbridge.fleet import endpoints, findings, witness
from weighbridge.fleet.endpoints import FORKED
from weighbridge.fleet.store import Store
from weighbridge.ledger.cosignature import CosignerKey, cosigned_at
from weighbridge.ledger.note import parse, verified
from weighbridge.pipeline.ledger_open import ledger_reader
from weighbridge.pipeline.membership import WITNESSED


def state(store: Store, device: Device) -> tuple[str, list[str]]:
    name = device.endpoint_id
    found = store.read_now(lambda connection: endpoints.endpoint(connection, name))
    checks = store.read_now(lambda connection: findings.of_endpoint(connection, name))
    assert found is not None
    return found.state, [one.check_id for one in checks]


def snapshot(device: Device) -> dict:
    return copy.deepcopy(device.machine.disks)


def test_the_endpoint_keeps_the_cosigned_checkpoint(store: Store) -> None:
    server, device = joined(store)
    device.record(sighting())
    device.sync_all()
    note = parse(device.machine.durable_folder("membership").read(WITNESSED, 10_000))
    key = CosignerKey(server.cosigner.text)
    assert verified(note, [key])
    assert cosigned_at(note.signatures[-1].content) == int(server.clock)
    assert note.text == ledger_reader(device.machine).note().text


def test_a_clone_that_goes_its_own_way_is_found(store: Store) -> None:
    _, device = joined(store)
    device.record(sighting("/a"))
    device.sync_all()
    clone = Device(device.line.server, "clone")
    clone.machine.disks = snapshot(device)
    clone.machine.clock = device.machine.clock
    device.record(sighting("/b"))
    device.sync_all()
    clone.record(sighting("/c"), sighting("/d"), sighting("/e"))
    assert clone.sync_all().code == "forked"
    assert state(store, device) == (FORKED, ["ledger-forked"])
    device.record(sighting("/f"))
    assert device.sync_all().code == "forked"  # nobody knows which of the two is the true one


def test_a_clone_that_is_shorter_is_found(store: Store) -> None:
    _, device = joined(store)
    device.record(sighting("/a"))
    device.sync_all()
    clone = Device(device.line.server, "clone")
    clone.machine.disks = snapshot(device)
    device.record(*(sighting(f"/{number}") for number in range(20)))
    device.sync_all()
    clone.record(sighting("/c"))
    assert clone.sync_all().code == "forked"
    assert state(store, device)[1] == ["ledger-rolled-back"]


def test_an_old_state_that_was_put_back_is_found_with_the_lost_range(store: Store) -> None:
    _, device = joined(store)
    device.record(sighting("/a"))
    device.sync_all()
    before = snapshot(device)
    device.record(sighting("/b"), sighting("/c"))
    device.sync_all()
    size = ledger_reader(device.machine).head().size
    kept = device.machine.disks["membership"]
    device.machine.disks = before | {"membership": kept}
    attempt = device.sync()
    assert attempt.code == "forked"
    assert f"to {size - 1:,} were witnessed" in attempt.reason
    assert state(store, device) == (FORKED, ["ledger-rolled-back"])


def test_what_was_not_sent_yet_can_be_lost_without_a_sign_of_it(store: Store) -> None:
    """A near miss: nobody but the endpoint ever knew of those records."""
    _, device = joined(store)
    device.record(sighting("/a"))
    device.sync_all()
    before = snapshot(device)
    device.record(sighting("/b"))
    device.machine.disks = before
    device.record(sighting("/c"))
    assert device.sync_all().code == ""
    assert state(store, device) == ("active", [])


def test_a_late_copy_of_an_old_message_accuses_nobody(store: Store) -> None:
    server, device = joined(store)
    for number in range(3):
        device.record(sighting(f"/{number}"))
        device.sync_all()
    for path, body, headers in list(device.line.sent):
        server.restart()  # it does not know the nonces any more
        server.ask(path, body, headers)
    assert state(store, device) == ("active", [])
    assert device.sync_all().code == ""


@pytest.mark.parametrize("empty", [True, False])
def test_nobody_is_accused_without_the_key_of_the_ledger(store: Store, empty: bool) -> None:
    _, device = joined(store)
    device.record(sighting())
    device.sync_all()
    name = device.endpoint_id
    held = store.read_now(lambda connection: witness.copy_of(connection, name, ""))
    assert held.position.cosigned > 0
    other = Device(device.line.server, "other")
    other.enroll(device.line.server.token())
    other.record()
    batch = other.machine.durable_folder("ledger").read("checkpoint", 10_000)
    empty_batch = witness.Batch(0, 0, b"" if empty else batch, (), (), 0, b"", ())
    assert witness.rolled_back(empty_batch, held) is None
