"""Attacks from outside, each on the files alone: what was done is detected, or put right with nothing lost."""

import random
import struct
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

import pytest
from tests.ledger.logs import KEY

from weighbridge.host.durable import DurableFolder
from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_disk import FakeDisk
from weighbridge.ledger.batch import Position, Refused, Taken, batch_after, take
from weighbridge.ledger.cosignature import CosignerKey, EdCosigner
from weighbridge.ledger.entry import decode
from weighbridge.ledger.journal import MARK, frame
from weighbridge.ledger.log import Log
from weighbridge.ledger.note import Note
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.ledger.reader import Head, LogError, LogReader
from weighbridge.ledger.recorder import Recorder
from weighbridge.ledger.tiles import bundle, entries_of
from weighbridge.ledger.verify import Verification, verify_log
from weighbridge.ledger.witness import InProcess, Witness
from weighbridge.ledger.witness_client import RollbackError, submit
from weighbridge.model.errors import WeighbridgeError

COSIGNER = EdCosigner("w.example", b"w" * 32)


def recorder(machine: FakeMachine, key: PrivateKey = KEY) -> Recorder:
    return Recorder(Log.open(machine.durable_folder("ledger"), key), machine.now, machine.boot, lambda: "offline")


def log_of(machine: FakeMachine) -> LogReader:
    return LogReader(machine.durable_folder("ledger"))


def recorded(count: int = 700) -> FakeMachine:
    machine = FakeMachine()
    with recorder(machine) as recording:
        recording.record_all([("sighting", {"path": f"/{number}"}) for number in range(count)])
    return machine


def verified(machine: FakeMachine, kept: tuple[Note, ...] = ()) -> Verification:
    return verify_log(log_of(machine), [KEY.public], kept, is_own=True)


def kinds(machine: FakeMachine) -> list[str]:
    found = [decode(entry) for entry in log_of(machine).entries(0, 1 << 40)]
    return [record.kind for record in found if record is not None]


def test_records_that_are_exchanged_with_their_hashes_are_named_by_the_root() -> None:
    """Two records change places, and so do their hashes: only the tile above knows."""
    machine = recorded()
    disk = machine.disks["ledger"]
    entries = entries_of(disk.content("tile/entries/001"))
    hashes = bytearray(disk.content("tile/0/001"))
    entries[3], entries[4] = entries[4], entries[3]
    hashes[96:128], hashes[128:160] = hashes[128:160], hashes[96:128]
    disk.change("tile/entries/001", bundle(entries))
    disk.change("tile/0/001", bytes(hashes))
    found = verified(machine)
    assert not found.holds
    assert (found.problems[0].first, found.problems[0].last) == (256, 511)


def test_any_bit_of_any_file_is_noticed() -> None:
    machine = recorded(300)
    disk, chance = machine.disks["ledger"], random.Random(20261121)
    for name, content in disk.files().items():
        if name in ("lock", "journal"):
            continue
        for _ in range(12):
            at, bit = chance.randrange(len(content)), 1 << chance.randrange(8)
            disk.change(name, content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :])
            try:
                assert not verified(machine).holds, (name, at, bit)
            except LogError:
                pass
            disk.change(name, content)
    assert verified(machine).holds


def test_a_removed_journal_is_noticed_before_and_after_recording_goes_on() -> None:
    machine = recorded()
    recorder(machine).record("sighting", {"path": "/only in the journal"})
    disk = machine.disks["ledger"]
    disk.kill()
    files = disk.files()
    del files["journal"]
    disk.restore(files)
    assert ["the journal is missing" in one.reason for one in verified(machine).problems] == [True]
    with recorder(machine) as recording:
        recording.record("sighting", {"path": "/later"})
    found = verified(machine)
    assert found.holds
    assert any("nothing was recorded until" in note and "journal lost" in note for note in found.notes)


@pytest.mark.parametrize("left", [0, 1, 20])
def test_an_emptied_journal_cannot_hide_that_recording_ended_badly(left: int) -> None:
    machine = recorded()
    recorder(machine).record("sighting", {"path": "/only in the journal"})
    disk = machine.disks["ledger"]
    disk.kill()
    disk.change("journal", disk.content("journal")[:left])
    recorder(machine).close()
    assert kinds(machine)[-3:] == ["start", "gap", "stop"]
    assert verified(machine).holds


def test_a_journal_that_somebody_appends_to_shows_where_it_skips_or_repeats() -> None:
    """What was signed cannot be said again otherwise, and nothing can be left out."""
    machine = recorded(5)
    disk, size = machine.disks["ledger"], log_of(machine).head().size
    for first in (size + 1, size + 500):
        disk.change("journal", frame(first, [b"forged"]))
        with pytest.raises(LogError, match="does not continue"):
            log_of(machine).head()
        with pytest.raises(WeighbridgeError, match="does not continue"):
            recorder(machine)
    disk.change("journal", frame(0, [b"forged"]))
    assert next(log_of(machine).entries(0, 1 << 20)) != b"forged"
    disk.change("journal", MARK * 100_000)
    with pytest.raises(LogError, match="damaged journal"):
        log_of(machine).head()


@pytest.mark.parametrize("name", ["key-changes/0001", "witnessed", "minimum-index"])
def test_rubbish_beside_the_tree_is_told_and_the_records_are_looked_at_all_the_same(name: str) -> None:
    machine = recorded()
    disk = machine.disks["ledger"]
    disk.change(name, b"\xff?")
    entries = entries_of(disk.content("tile/entries/001"))
    disk.change("tile/entries/001", bundle([b"edited", *entries[1:]]))
    found = verified(machine)
    assert [one.first for one in found.problems] == [None, 256]
    assert name.split("/")[0].replace("-", " ") in found.problems[0].reason.replace("-", " ")
    if name == "minimum-index":
        with pytest.raises(WeighbridgeError, match="damaged minimum index"):
            recorder(machine)
    else:
        recorder(machine).close()


def test_a_snapshot_that_is_put_back_is_found_by_the_witness_and_by_the_copy() -> None:
    machine = recorded()
    disk = machine.disks["ledger"]
    snapshot = disk.files()
    asked = Witness([COSIGNER], {KEY.name: [KEY.public]}, InProcess(), lambda: 1_800_000_000)
    with recorder(machine) as recording:
        recording.record_all([("finding", {"n": number}) for number in range(40)])
        submit(recording.log, asked.add_checkpoint, [CosignerKey(COSIGNER.text)])
    kept = log_of(machine).witnessed()
    batch = batch_after(log_of(machine), 0, 0)
    copy = take(batch, Position(KEY.public.text))
    assert isinstance(copy, Taken)
    assert kept is not None
    disk.restore(snapshot)
    assert verified(machine).holds, "alone it cannot tell"
    found = verified(machine, (kept,))
    assert [(one.first, one.last) for one in found.problems] == [(702, 742)]
    disk.change("witnessed", bytes(kept))
    assert not verified(machine).holds, "the cosigned checkpoint was forgotten beside it"
    with pytest.raises(RollbackError):
        batch_after(log_of(machine), copy.position.size, copy.position.cosigned)
    with recorder(machine) as recording, pytest.raises(RollbackError):
        submit(recording.log, asked.add_checkpoint, [CosignerKey(COSIGNER.text)])


def test_a_folder_that_is_copied_to_a_second_machine_is_two_histories_at_the_second_contact() -> None:
    first = recorded()
    second = FakeMachine()
    second.boot_id = "another machine"
    second.durable_folder("ledger")
    second.disks["ledger"].restore(first.disks["ledger"].files())
    positions = []
    for machine, path in ((first, "/here"), (second, "/there")):
        with recorder(machine) as recording:
            recording.record_all([("sighting", {"path": path})] * 9)
        assert verified(machine).holds
    position = Position(KEY.public.text)
    found = take(batch_after(log_of(first), 0, 0), position)
    assert isinstance(found, Taken)
    positions.append(found.position)
    answer = take(batch_after(log_of(second), found.position.size, found.position.cosigned), found.position)
    assert isinstance(answer, Refused)
    assert (answer.status, answer.is_fork) == (409, True)
    with recorder(second) as recording:
        recording.record("sighting", {"path": "/more"})
    answer = take(batch_after(log_of(second), found.position.size, found.position.cosigned), found.position)
    assert isinstance(answer, Refused)
    assert (answer.status, answer.is_fork) == (422, True)


def test_the_clock_set_back_and_forth_between_runs_and_within_one() -> None:
    machine = recorded(3)
    for hours in (-5, 2):
        machine.clock += timedelta(hours=hours)
        machine.boot_id += "x"
        recorder(machine).close()
    with recorder(machine) as recording:
        machine.clock -= timedelta(days=400)
        machine.started -= timedelta(days=400)
        recording.record("sighting", {"path": "/back"})
        machine.clock += timedelta(days=800)
        machine.started += timedelta(days=800)
        recording.record("sighting", {"path": "/forth"})
    assert kinds(machine).count("clock-step") == 3, "forward while nothing ran looks like a pause"
    found = verified(machine)
    assert found.holds
    assert sum("the clock was set by" in note for note in found.notes) == 3


def test_retention_and_another_key_while_somebody_verifies_are_no_false_alarm() -> None:
    machine = recorded()
    with recorder(machine) as recording:
        recording.prune(512, "old")
        recording.record_all([("sighting", {"path": f"/{number}"}) for number in range(2000)])
        recording.log.checkpoint()
        done: list[int] = []

        def meanwhile(number: int) -> None:
            if not done:
                recording.change_key(KEY, PrivateKey(KEY.name, b"n" * 32), "a test")
                recording.prune(2000, "older")  # with the record of the pruning before
            done.append(number)

        found = verify_log(log_of(machine), [KEY.public], progress=meanwhile, is_own=True)
        assert (found.holds, found.minimum) == (True, 1792), found.problems
        assert len(done) > 12, "it began anew"


def test_retention_while_a_copy_is_sent_is_skipped() -> None:
    machine = recorded(2000)
    with recorder(machine) as recording:
        recording.log.checkpoint()

        class Slow(LogReader):
            begun = False

            def entries(self, begin: int, end: int, head: Head | None = None) -> Iterator[bytes]:
                if not Slow.begun:
                    Slow.begun = True
                    recording.prune(1000, "old")
                return super().entries(begin, end, head)

        found = take(batch_after(Slow(machine.durable_folder("ledger")), 0, 0), Position(KEY.public.text))
        assert isinstance(found, Taken)
        assert found.first == 768


def test_two_writers_never_write_at_once() -> None:
    machine = recorded(3)
    with recorder(machine):
        with pytest.raises(WeighbridgeError) as caught:
            recorder(machine)
        assert caught.value.code == "E-ledger-busy"
    assert verified(machine).holds


# A ledger of the first version of this format, written down byte by byte without our code: it holds for ever.

FIRST_RECORDS = [
    b'{"at":"2026-11-19T08:00:00.000Z","boot":"b","data":{"before":"new","version":"0.1"},"kind":"start",'
    b'"monotonic":1,"network":"offline","schema":"weighbridge.record/1","sequence":0}',
    b'{"at":"2026-11-19T08:00:01.000Z","boot":"b","data":{"path":"/m.gguf"},"kind":"sighting","monotonic":2.5,'
    b'"network":"offline","schema":"weighbridge.record/1","sequence":1}',
]
PENDING = (
    b'{"at":"2026-11-19T08:00:02.000Z","boot":"b","data":{"path":"/n.gguf"},"kind":"sighting","monotonic":3.5,'
    b'"network":"offline","schema":"weighbridge.record/1","sequence":2}'
)
ROOT = "CAncOltQdeHeszzP6WrJpNO0mTn4X81G3Gr/kLBv/wU="
SIGNATURE = "b/3xwLzHzDOnBYwtogYeh6A5LztUurGXwJr6YcMW66WYpYVgKiyY/SyJzZXmXAqpeToet7zF4TGCG5CqDvB5vDS+FgE="


def first_version() -> dict[str, bytes]:
    leaves = [sha256(b"\0" + one).digest() for one in FIRST_RECORDS]
    framed = struct.pack(">H", len(PENDING)) + PENDING
    head = struct.pack(">QI", 2, len(framed))
    return {
        "checkpoint": f"log.example/test\n2\n{ROOT}\n\n\u2014 log.example/test {SIGNATURE}\n".encode(),
        "tile/0/000.p/2": b"".join(leaves),
        "tile/entries/000.p/2": b"".join(struct.pack(">H", len(one)) + one for one in FIRST_RECORDS),
        "journal": b"\xff\0WBJ1\0\xff" + head + sha256(head + framed).digest() + framed,
    }


def test_a_ledger_of_the_first_version_holds_and_goes_on() -> None:
    machine = FakeMachine()
    machine.durable_folder("ledger")
    machine.disks["ledger"].restore(first_version())
    found = verified(machine)
    assert (found.holds, found.size, found.unsigned) == (True, 2, 1), found.problems
    recorder(machine).close()
    assert kinds(machine) == ["start", "sighting", "sighting", "start", "gap", "stop"]
    assert list(log_of(machine).entries(0, 3)) == [*FIRST_RECORDS, PENDING]
    assert verified(machine).holds


def test_a_folder_without_rights_is_an_error_with_what_to_do() -> None:
    class ReadOnly(FakeDisk):
        def make_folder(self, folder: str) -> bool:
            return False

        def lock(self, name: str) -> "FakeLock":  # type: ignore[name-defined]  # noqa: F821
            raise PermissionError(13, "Permission denied")

    with pytest.raises(WeighbridgeError) as caught:
        Log.open(DurableFolder(ReadOnly()), KEY)
    assert (caught.value.code, "WEIGHBRIDGE_STATE" in (caught.value.hint or "")) == ("E-ledger-write", True)
