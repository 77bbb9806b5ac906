import signal
import threading
import time

import pytest
from tests.ledger.logs import KEY, numbered, opened, reader
from tests.ledger.test_tree import naive_root

from weighbridge.host.fake_disk import FakeDisk
from weighbridge.ledger.checkpoint import Checkpoint, checkpoint_of
from weighbridge.ledger.note import signed, verified
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.ledger.tree import consistency_holds, inclusion_holds, leaf_hash
from weighbridge.model.errors import WeighbridgeError


def code(caught: pytest.ExceptionInfo[WeighbridgeError]) -> str:
    return caught.value.code


def test_what_is_appended_is_read_signed_and_proven() -> None:
    disk = FakeDisk()
    log = opened(disk)
    assert log.append(numbered(0, 3)) == range(3)
    assert log.append([]) == range(3, 3)
    assert log.append(numbered(3, 700)) == range(3, 700)
    assert (log.size, log.entries(1, 4), log.recovered) == (700, numbered(1, 4), None)
    note = log.checkpoint()
    checkpoint = checkpoint_of(note.text)
    assert verified(note, [KEY.public])
    assert checkpoint == (KEY.name, 700, naive_root(numbered(0, 700)), ())
    for index in (0, 255, 256, 699):
        proof = log.prove_inclusion(index)
        assert inclusion_holds(leaf_hash(b"entry %d" % index), index, 700, proof, checkpoint.root)
    assert consistency_holds(3, 700, naive_root(numbered(0, 3)), checkpoint.root, log.prove_consistency(3))
    log.append(numbered(700, 710))
    assert log.entries(690, 1000) == numbered(690, 710)
    log.close()
    assert list(reader(disk).entries(0, 1000)) == numbered(0, 710)


@pytest.mark.parametrize("sizes", [(1, 1, 1), (255, 1, 1), (256, 256), (300, 600, 3), (5000, 1)])
def test_a_log_goes_on_when_it_is_opened_again(sizes: tuple[int, ...]) -> None:
    disk, total = FakeDisk(), 0
    for size in sizes:
        with opened(disk) as log:
            assert log.size == total
            log.append(numbered(total, total + size))
            total += size
    head = reader(disk).head()
    assert (head.size, head.tail, head.checkpoint.root) == (total, (), naive_root(numbered(0, total)))
    partial = [name for name in disk.files() if ".p/" in name]
    assert len(partial) <= 3, "partial tiles of earlier checkpoints are gone"


def test_a_checkpoint_that_changes_nothing_writes_nothing() -> None:
    disk = FakeDisk()
    log = opened(disk)
    log.append([b"one"])
    note, steps = log.checkpoint(), disk.steps
    assert log.checkpoint() == note
    assert disk.steps == steps


def test_one_append_waits_for_the_disk_once_and_many_share_it() -> None:
    disk = FakeDisk()
    log = opened(disk)
    syncs = disk.syncs
    log.append([b"one"])
    assert disk.syncs == syncs + 1
    log.append(numbered(0, 4000))
    assert disk.syncs == syncs + 2


def test_threads_that_wait_together_share_one_commit() -> None:
    disk = FakeDisk()
    log = opened(disk)
    syncs = disk.syncs
    indices: list[int] = []

    def work(number: int) -> None:
        for at in range(50):
            (index,) = log.append([b"%d %d" % (number, at)])
            indices.append(index)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    with log._committing:  # everybody queues meanwhile
        for thread in threads:
            thread.start()
        while len(log._group._queue) < 8:
            pass
    for thread in threads:
        thread.join()
    assert sorted(indices) == list(range(400))
    assert disk.syncs - syncs <= 393
    entries = log.entries(0, 400)
    for number in range(8):
        mine = [entry for entry in entries if entry.startswith(b"%d " % number)]
        assert mine == [b"%d %d" % (number, at) for at in range(50)], "one thread's order is kept"


def test_one_writer_many_readers() -> None:
    disk = FakeDisk()
    log = opened(disk)
    log.append([b"one"])
    with pytest.raises(WeighbridgeError) as caught:
        opened(disk)
    assert code(caught) == "E-ledger-busy"
    assert list(reader(disk).entries(0, 9)) == [b"one"]
    log.close()
    opened(disk).close()
    with pytest.raises(WeighbridgeError, match="closed"):
        log.append([b"two"])


def test_a_killed_process_leaves_everything_that_was_acknowledged() -> None:
    disk = FakeDisk()
    log = opened(disk)
    log.append(numbered(0, 10))
    log.checkpoint()
    log.append(numbered(10, 12))
    disk.kill()
    again = opened(disk)
    assert (again.size, again.recovered) == (12, (2, 0, False))
    assert checkpoint_of(again.checkpoint().text).size == 12
    assert again.entries(0, 99) == numbered(0, 12)


def test_a_torn_end_is_cut_and_reported() -> None:
    disk = FakeDisk()
    log = opened(disk)
    log.append([b"one"])
    disk.kill()
    disk.change("journal", disk.content("journal") + b"\xff\x00WBJ1\x00\xff torn")
    assert reader(disk).head().torn == 13
    again = opened(disk)
    assert again.recovered == (1, 13, False)
    assert disk.content("journal") == b""
    assert again.append([b"two"]) == range(1, 2)


def test_a_full_disk_is_an_error_and_acknowledges_nothing() -> None:
    disk = FakeDisk()
    log = opened(disk)
    log.append([b"one"])
    disk.capacity = sum(map(len, disk.files().values())) + 100
    with pytest.raises(WeighbridgeError, match=r"(?i)no space") as caught:
        log.append([b"x" * 500])
    assert code(caught) == "E-ledger-write"
    assert log.is_usable
    assert (log.size, log.append([b"short"])) == (1, range(1, 2))
    with pytest.raises(WeighbridgeError):
        log.checkpoint()
    disk.capacity = None
    assert log.append([b"three"]) == range(2, 3)
    log.close()
    assert list(reader(disk).entries(0, 9)) == [b"one", b"short", b"three"]


def test_who_queued_behind_a_failure_fails_too() -> None:
    disk = FakeDisk()
    log = opened(disk)
    disk.capacity = 300
    errors: list[str] = []

    def work() -> None:
        with pytest.raises(WeighbridgeError) as caught:
            log.append([b"x" * 400])
        errors.append(code(caught))

    threads = [threading.Thread(target=work) for _ in range(3)]
    with log._committing:
        for thread in threads:
            thread.start()
        while len(log._group._queue) < 3:
            pass
    for thread in threads:
        thread.join()
    assert errors == ["E-ledger-write"] * 3
    disk.capacity = None
    assert log.append([b"one"]) == range(1)


def test_after_a_failed_synchronization_only_opening_anew_helps() -> None:
    disk = FakeDisk()
    log = opened(disk)
    log.append([b"one"])
    disk.fail_sync = True
    for _ in range(2):
        with pytest.raises(WeighbridgeError) as caught:
            log.append([b"two"])
        assert code(caught) == "E-ledger-write"
    assert not log.is_usable
    log.close()
    again = opened(disk)
    assert again.entries(0, 9) == [b"one"]
    assert again.append([b"three"]) == range(1, 2)


def test_a_long_entry_is_refused_before_anything_is_written() -> None:
    log = opened(FakeDisk())
    with pytest.raises(ValueError):
        log.append([b"short", b"x" * 65536])
    assert log.append([b"x" * 65535]) == range(1)


def test_many_entries_are_signed_without_being_asked() -> None:
    disk = FakeDisk()
    log = opened(disk)
    log.append(numbered(0, 5000))
    assert reader(disk).head().checkpoint.size == 5000
    log.append([b"x" * 60000] * 150)
    assert reader(disk).head().checkpoint.size == 5150


@pytest.mark.parametrize("name", ["checkpoint", "tile/0/000.p/10", "tile/entries/000.p/10"])
def test_a_log_that_was_changed_is_not_continued(name: str) -> None:
    disk = FakeDisk()
    with opened(disk) as log:
        log.append(numbered(0, 10))
    content = disk.content(name)
    disk.change(name, content[:20] + bytes([content[20] ^ 1]) + content[21:])
    with pytest.raises(WeighbridgeError) as caught:
        opened(disk)
    assert code(caught) == "E-ledger-damaged"
    disk.change(name, content)
    opened(disk).close()


def test_a_journal_that_was_changed_is_not_continued() -> None:
    disk = FakeDisk()
    log = opened(disk)
    log.append([b"one"])
    first = disk.content("journal")
    log.append([b"two"])
    disk.kill()
    whole = disk.content("journal")
    for changed in (first[:-1] + b"!" + whole[len(first) :], whole[len(first) :]):
        disk.change("journal", changed)
        with pytest.raises(WeighbridgeError, match="journal") as caught:
            opened(disk)
        assert code(caught) == "E-ledger-damaged"


def test_another_key_cannot_continue_a_log() -> None:
    disk = FakeDisk()
    opened(disk).close()
    from weighbridge.host.durable import DurableFolder
    from weighbridge.ledger.log import Log

    for other in (PrivateKey("other.example", bytes(32)), PrivateKey(KEY.name, bytes(32))):
        with pytest.raises(WeighbridgeError, match="did not sign"):
            Log.open(DurableFolder(disk), other)


def test_a_log_without_its_checkpoint_is_damaged_not_new() -> None:
    disk = FakeDisk()
    with opened(disk) as log:
        log.append([b"one"])
    files = disk.files()
    disk.restore({name: content for name, content in files.items() if name != "checkpoint"})
    with pytest.raises(WeighbridgeError, match="no checkpoint"):
        opened(disk)


def test_cosignatures_are_kept_with_the_checkpoint() -> None:
    disk = FakeDisk()
    log = opened(disk)
    log.append([b"one"])
    note = log.checkpoint()
    witness = PrivateKey("w.example", b"w" * 32)
    both = note._replace(signatures=(*note.signatures, *signed(note.text, witness).signatures))
    log.cosign(both)
    assert bytes(both) == disk.content("checkpoint") == disk.content("witnessed")
    log.append([b"two"])
    later = log.checkpoint()
    assert bytes(both) == disk.content("witnessed") != disk.content("checkpoint")
    log.cosign(later)
    log.cosign(both)
    assert bytes(later) == disk.content("witnessed") == disk.content("checkpoint")
    forged = signed(Checkpoint(KEY.name, 1, bytes(32)).text, KEY)
    other = signed(both.text, PrivateKey(KEY.name, bytes(32)))
    for bad in (forged, other, signed(Checkpoint(KEY.name, 9, bytes(32)).text, KEY)):
        with pytest.raises(ValueError):
            log.cosign(bad)


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="signals a thread")
def test_ctrl_c_while_waiting_lets_the_others_go_on() -> None:
    log = opened(FakeDisk())
    taken, queued = threading.Event(), threading.Event()

    def hold() -> None:
        with log._committing:
            taken.set()
            queued.wait()
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    def work() -> None:
        log.append([b"worker"])

    def until_queued(count: int) -> None:
        while len(log._group._queue) < count:
            time.sleep(0.001)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(4)]
    holder = threading.Thread(target=hold, daemon=True)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        holder.start()
        taken.wait()
        for thread in threads:
            thread.start()
        until_queued(4)
        threading.Thread(target=lambda: (until_queued(5), queued.set()), daemon=True).start()
        with pytest.raises(KeyboardInterrupt):
            log.append([b"main"])
    finally:
        signal.signal(signal.SIGINT, before)
    for thread in (*threads, holder):
        thread.join(60)
    assert sorted(log.entries(0, 9)) == [b"main"] + [b"worker"] * 4
