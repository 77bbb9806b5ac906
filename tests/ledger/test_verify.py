"""Red team: whatever is done to the files of a log, verification says so and names the records."""

import random

import pytest
from tests.ledger.logs import KEY, numbered, opened, reader

from weighbridge.host.durable import DurableFolder
from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_disk import FakeDisk
from weighbridge.ledger.checkpoint import Checkpoint
from weighbridge.ledger.log import Log
from weighbridge.ledger.note import Note, parse, signed
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.ledger.reader import LogError
from weighbridge.ledger.recorder import Recorder
from weighbridge.ledger.tiles import bundle, entries_of
from weighbridge.ledger.tree import leaf_hash
from weighbridge.ledger.verify import Verification, verify_log


def filled(count: int = 1000) -> FakeDisk:
    disk = FakeDisk()
    with opened(disk) as log:
        log.append(numbered(0, count))
    return disk


def verified(disk: FakeDisk, against: tuple[Note, ...] = ()) -> Verification:
    return verify_log(reader(disk), [KEY.public], against)


def said(found: Verification) -> list[tuple[str, int | None, int | None]]:
    return [(problem.reason, problem.first, problem.last) for problem in found.problems]


def change_entry(disk: FakeDisk, number: int, at: int, entry: bytes) -> None:
    name = next(name for name in disk.files() if name.startswith(f"tile/entries/{number:03}"))
    entries = entries_of(disk.content(name))
    entries[at] = entry
    disk.change(name, bundle(entries))


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 1000, 70_000])
def test_an_honest_log_holds(count: int) -> None:
    found = verified(filled(count))
    assert (found.holds, found.size, found.intact, found.signed_by) == (True, count, count, (KEY.name,))


def test_records_that_are_not_signed_yet_are_counted() -> None:
    disk = filled(300)
    log = opened(disk)
    log.append(numbered(300, 305))
    found = verified(disk)
    assert (found.holds, found.size, found.unsigned, found.intact) == (True, 300, 5, 305)


@pytest.mark.parametrize(("number", "at"), [(0, 0), (1, 7), (3, 231)])
def test_an_edited_record_is_named(number: int, at: int) -> None:
    disk = filled()
    change_entry(disk, number, at, b"edited")
    found = verified(disk)
    index = number * 256 + at
    assert said(found) == [("is not what was signed", index, index)]
    assert found.intact == index


def test_an_edited_record_with_its_hash_is_named_by_its_tile() -> None:
    disk = filled()
    change_entry(disk, 1, 7, b"edited")
    tile = disk.content("tile/0/001")
    disk.change("tile/0/001", tile[: 7 * 32] + leaf_hash(b"edited") + tile[8 * 32 :])
    assert said(verified(disk)) == [("have hashes that are not those that were signed", 256, 511)]


def test_a_whole_tree_made_anew_does_not_lead_to_what_was_signed() -> None:
    disk, other = filled(), FakeDisk()
    with opened(other) as log:
        log.append([b"edited", *numbered(1, 1000)])
    disk.restore(other.files() | {"checkpoint": disk.content("checkpoint")})
    found = verified(disk)
    assert not found.holds
    assert found.intact == 0
    assert "the hashes do not lead to the root that was signed" in [reason for reason, *_ in said(found)]


def test_a_damaged_hash_at_the_edge_does_not_accuse_records() -> None:
    disk = filled()
    name = next(name for name in disk.files() if name.startswith("tile/0/003.p/"))
    disk.change(name, bytes(32) + disk.content(name)[32:])
    assert said(verified(disk)) == [("the hashes do not lead to the root that was signed", None, None)]


def test_swapped_records_are_both_named() -> None:
    disk = filled()
    change_entry(disk, 0, 3, b"entry 9")
    change_entry(disk, 0, 9, b"entry 3")
    assert [first for _, first, _ in said(verified(disk))] == [3, 9]


def test_missing_files_are_named() -> None:
    for name, first, last in (("tile/entries/001", 256, 511), ("tile/0/002", 512, 767)):
        disk = filled()
        files = disk.files()
        del files[name]
        disk.restore(files)
        ((reason, *records),) = said(verified(disk))
        assert name in reason
        assert records == [first, last]


def test_a_truncated_log_cannot_be_signed_without_the_key_and_shows_against_a_kept_checkpoint_with_it() -> None:
    disk = filled(500)
    small = disk.files()
    with opened(disk) as log:
        log.append(numbered(500, 600))
    kept = parse(disk.content("checkpoint"))
    whole = disk.files()
    disk.restore(small | {"checkpoint": whole["checkpoint"]})
    assert not verified(disk).holds
    disk.restore(small)
    assert verified(disk).holds, "a snapshot is a log like any other, until something else remembers more"
    assert said(verified(disk, (kept,))) == [("were signed once and are not here any more", 500, 599)]


def test_a_rewritten_history_shows_against_a_kept_checkpoint() -> None:
    disk = filled(500)
    kept = parse(disk.content("checkpoint"))
    other = FakeDisk()
    with opened(other) as log:
        log.append([*numbered(0, 499), b"edited", *numbered(500, 700)])
    assert verified(other).holds
    ((reason, *records),) = said(verified(other, (kept,)))
    assert "rewritten" in reason
    assert records == [0, 499]
    with opened(disk) as log:
        log.append(numbered(500, 700))
    assert verified(disk, (kept,)).holds


def test_what_was_kept_must_be_of_this_log() -> None:
    disk = filled(5)
    other = PrivateKey("other.example", bytes(32))
    stranger = FakeDisk()
    Log.open(DurableFolder(stranger), other).close()
    found = verified(disk, (parse(stranger.content("checkpoint")),))
    assert said(found) == [("the checkpoint that was kept is not one of this log", None, None)]


def test_the_signature_must_be_of_a_trusted_key() -> None:
    disk = filled(5)
    for keys in ([], [PrivateKey("other.example", bytes(32)).public]):
        assert not verify_log(reader(disk), keys).holds
    text = disk.content("checkpoint")
    disk.change("checkpoint", text.replace(b"\n5\n", b"\n6\n"))
    assert "does not hold" in said(verified(disk))[0][0]
    disk.change("checkpoint", b"nothing")
    with pytest.raises(LogError, match="damaged checkpoint"):
        verified(disk)


def recorded(machine: FakeMachine) -> Recorder:
    return Recorder(Log.open(machine.durable_folder("ledger"), KEY), machine.now, machine.boot, lambda: "offline")


def test_pruning_holds_only_with_its_record() -> None:
    machine = FakeMachine()
    with recorded(machine) as recording:
        recording.record_all([("artifact", {})] * 700)
        recording.prune(600, "older than 30 days")
    disk = machine.disks["ledger"]
    found = verified(disk)
    assert (found.holds, found.minimum) == (True, 512)
    assert found.notes == ("record 701: records below 512 were removed (older than 30 days)",)
    bare = filled(700)
    files = {name: content for name, content in bare.files().items() if name != "tile/entries/000"}
    bare.restore(files | {"minimum-index": b"256\n"})
    assert said(verified(bare)) == [("are missing, and no later record says that they were pruned", 0, 255)]


def test_a_log_written_with_the_key_but_out_of_order_is_told_of() -> None:
    machine = FakeMachine()
    with recorded(machine) as recording:
        recording.record("artifact", {})
    entries = list(reader(machine.disks["ledger"]).entries(0, 9))
    disk = FakeDisk()
    with opened(disk) as log:
        log.append([entries[0], entries[2], entries[1]])
    assert said(verified(disk)) == [
        ("states that it is record 2", 1, 1),
        ("states that it is record 1", 2, 2),
    ]


def test_any_changed_byte_is_noticed(request: pytest.FixtureRequest) -> None:
    disk = filled(600)
    files = disk.files()
    chance = random.Random(7)
    for _ in range(2000 if request.config.getoption("--deep") else 150):
        name = chance.choice([name for name, content in files.items() if content and name != "lock"])
        content = bytearray(files[name])
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        disk.restore(files | {name: bytes(content)})
        try:
            assert not verified(disk).holds, name
        except LogError:
            pass


def test_a_checkpoint_that_states_any_size_does_not_keep_anybody_busy() -> None:
    disk = filled(5)
    disk.change("checkpoint", bytes(signed(Checkpoint(KEY.name, 1 << 62, bytes(32)).text, KEY)))
    found = verified(disk)
    assert len(found.problems) <= 1002
    assert said(found)[-1] == ("were not looked at any more", found.problems[-1].first, (1 << 62) - 1)
