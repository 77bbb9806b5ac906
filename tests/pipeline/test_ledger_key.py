"""The key changes; whoever knew an old one goes on verifying, whatever happens in between."""

import random

import pytest

from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_disk import PowerLoss
from weighbridge.ledger.batch import Position, Taken, batch_after, take
from weighbridge.ledger.entry import decode
from weighbridge.ledger.note import parse
from weighbridge.ledger.note_keys import PrivateKey, PublicKey
from weighbridge.ledger.verify import Verification, verify_log
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.ledger_key import change_key, private_key, public_key
from weighbridge.pipeline.ledger_open import ledger_reader, open_ledger


def key_of(machine: FakeMachine) -> PublicKey:
    found = public_key(machine)
    assert found is not None
    return found


def recorded() -> FakeMachine:
    machine = FakeMachine()
    with open_ledger(machine) as recorder:
        recorder.record("sighting", {"path": "/a"})
    return machine


def rotated(machine: FakeMachine, why: str = "rotated") -> PublicKey:
    with open_ledger(machine) as recorder:
        change_key(machine, recorder, why)
    return key_of(machine)


def verified(machine: FakeMachine, key: PublicKey) -> Verification:
    return verify_log(ledger_reader(machine), [key])


def test_every_key_of_the_chain_verifies_what_the_last_one_signed() -> None:
    machine = recorded()
    keys = [key_of(machine), rotated(machine, "an employee left"), rotated(machine)]
    assert len({key.text for key in keys}) == 3
    assert len({key.name for key in keys}) == 1, "the origin stays"
    for key in keys:
        found = verified(machine, key)
        assert (found.holds, found.signed_by) == (True, (key.name,)), found.problems
        assert any("another key signs from here on (an employee left)" in note for note in found.notes)
    stranger = PublicKey(keys[0].name, bytes(31) + b"\1")
    assert not verified(machine, stranger).holds
    assert sorted(machine.disks["ledger-key"].files()) == ["lock", "private", "public"]


def test_the_replaced_key_signs_nothing_any_more() -> None:
    machine = recorded()
    old = private_key(machine, is_new=False)
    rotated(machine)
    log = ledger_reader(machine)
    from weighbridge.ledger.note import signed

    machine.disks["ledger"].change("checkpoint", bytes(signed(log.note().text, old)))
    (problem,) = verified(machine, old.public).problems
    assert problem.reason == "the checkpoint is signed by a key that was replaced by another before"


def test_a_statement_without_its_record_and_a_record_without_its_statement_show() -> None:
    machine = recorded()
    old, disk = key_of(machine), machine.disks["ledger"]
    new = rotated(machine)
    statement = disk.content("key-changes/0001")
    files = disk.files()
    del files["key-changes/0001"]
    disk.restore(files)
    assert not verified(machine, old).holds
    assert verified(machine, new).holds, "the new key needs no statement"
    before = recorded()
    before.disks["ledger"].change("key-changes/0001", statement)
    assert "the key was changed, and no record says so" in [one.reason for one in verified(before, old).problems]


def test_checkpoints_that_were_kept_before_the_change_are_compared() -> None:
    machine = recorded()
    kept = parse(machine.disks["ledger"].content("checkpoint"))
    old, new = key_of(machine), rotated(machine)
    for key in (old, new):
        assert verify_log(ledger_reader(machine), [key], [kept]).holds


def test_a_copy_follows_the_key() -> None:
    machine = recorded()
    position = Position(key_of(machine).text)
    for _ in range(3):
        batch = batch_after(ledger_reader(machine), position.size, position.cosigned, 300)
        found = take(batch, position)
        assert isinstance(found, Taken), found
        position = found.position
        assert position.key == key_of(machine).text
        rotated(machine)
        rotated(machine)


def test_a_change_that_was_cut_short_is_finished_or_dropped() -> None:
    chance = random.Random(20261121)
    finished = set()
    for number in range(80):
        machine = recorded()
        old = key_of(machine)
        disks = [machine.disks["ledger"], machine.disks["ledger-key"]]
        disk = disks[number % 2]
        recorder = open_ledger(machine)
        disk.stop_at = disk.steps + number // 2 + 1
        done = False
        try:
            change_key(machine, recorder, "rotated")
            done = True
        except PowerLoss:
            pass
        for one in disks:
            one.cut(chance)
        with open_ledger(machine) as again:
            again.record("sighting", {"path": "/b"})
        found = [decode(entry) for entry in ledger_reader(machine).entries(0, 1 << 20)]
        changes = [record for record in found if record is not None and record.kind == "key-change"]
        now = key_of(machine)
        assert (now.text != old.text) == bool(changes), number
        assert not done or changes, number
        assert private_key(machine, is_new=False).public.text == now.text
        assert "next" not in machine.disks["ledger-key"].files()
        for key in (old, now):
            assert verified(machine, key).holds, (number, verified(machine, key).problems)
        finished.add((done, bool(changes)))
    assert finished == {(True, True), (False, True), (False, False)}


def test_a_lost_key_is_said_with_what_to_do() -> None:
    machine = recorded()
    machine.disks["ledger-key"].restore({})
    with pytest.raises(WeighbridgeError, match="missing") as caught:
        private_key(machine, is_new=False)
    assert caught.value.code == "E-ledger-key"
    assert "bring back ledger-key/" in (caught.value.hint or "")


def test_a_key_that_another_process_changed_meanwhile_is_read_again() -> None:
    machine = recorded()
    disk = machine.disks["ledger-key"]
    before = disk.files()
    after = rotated(machine)
    now = disk.files()
    disk.restore(before)
    read = disk.read

    def changed(name: str, limit: int) -> bytes:
        content = read(name, limit)
        if name == "private" and disk.files() != now:
            disk.restore(now)
        return content

    disk.read = changed  # type: ignore[method-assign]
    open_ledger(machine).close()
    assert verified(machine, after).holds
    assert isinstance(private_key(machine, is_new=False), PrivateKey)


def test_a_key_that_power_loss_tore_is_made_anew_while_nothing_is_signed() -> None:
    machine = FakeMachine()
    folder = machine.durable_folder("ledger-key")
    for torn in (b"", b"PRIVATE+KEY+", b"\0" * 100):
        folder.replace({"private": torn})
        assert private_key(machine, is_new=True).public.text == key_of(machine).text
        folder.remove(["private", "public"])


def test_a_damaged_key_of_a_ledger_with_records_is_said_and_left_alone() -> None:
    machine = recorded()
    folder = machine.durable_folder("ledger-key")
    folder.replace({"private": b"torn"})
    with pytest.raises(WeighbridgeError) as refused:
        open_ledger(machine)
    assert refused.value.code == "E-ledger-key"
    assert folder.read("private", 100) == b"torn"
