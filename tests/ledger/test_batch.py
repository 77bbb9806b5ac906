"""A copy takes what continues it, in any number of steps, and nothing else."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.logs import KEY, numbered, opened, reader
from tests.ledger.test_tree import naive_root

from weighbridge.host.fake_disk import FakeDisk
from weighbridge.ledger.batch import Batch, Position, Refused, Taken, batch_after, take
from weighbridge.ledger.checkpoint import Checkpoint
from weighbridge.ledger.log import Log
from weighbridge.ledger.note import signed
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.ledger.tiles import bundled
from weighbridge.ledger.tree import EMPTY_ROOT
from weighbridge.ledger.witness_client import RollbackError

NEW = Position(KEY.public.text)


def log_of(count: int) -> tuple[FakeDisk, Log]:
    disk = FakeDisk()
    log = opened(disk)
    log.append(numbered(0, count))
    log.checkpoint()
    return disk, log


def sent(disk: FakeDisk, position: Position, most: int = 1 << 20) -> Batch:
    return batch_after(reader(disk), position.size, position.cosigned, most)


def taken(batch: Batch, position: Position) -> Taken:
    found = take(batch, position)
    assert isinstance(found, Taken), found
    return found


def refused(batch: Batch, position: Position) -> Refused:
    found = take(batch, position)
    assert isinstance(found, Refused), found
    assert found.position == position
    return found


def synced(disk: FakeDisk, position: Position, copy: list[bytes], most: int = 1 << 20) -> Position:
    """Send and take until nothing remains."""
    while True:
        found = taken(sent(disk, position, most), position)
        copy += found.entries
        position = found.position
        if not found.remaining:
            return position


def test_a_copy_grows_with_its_log() -> None:
    disk, log = log_of(0)
    position, copy = NEW, list[bytes]()
    for begin, end in ((0, 0), (0, 1), (1, 3), (3, 300), (300, 301), (301, 1500)):
        log.append(numbered(begin, end))
        log.checkpoint()
        position = synced(disk, position, copy)
        assert copy == numbered(0, end)
        assert (position.size, position.cosigned, position.root) == (end, end, naive_root(copy) if end else EMPTY_ROOT)
        assert not taken(sent(disk, position), position).entries


@pytest.mark.parametrize("most", [0, 50, 2000])
def test_it_comes_in_pieces_while_the_log_grows(most: int) -> None:
    disk, log = log_of(5)
    position, copy, chance = NEW, list[bytes](), random.Random(most)
    for _ in range(120):
        if log.size < 400 and chance.random() < 0.4:
            log.append(numbered(log.size, log.size + chance.randrange(1, 40)))
            log.checkpoint()
        batch = sent(disk, position, most)
        found = taken(batch, position)
        copy += found.entries
        assert found.position.cosigned == found.position.size + found.remaining == log.size
        assert len(found.entries) <= max(1, most // 9)
        position = found.position
    assert copy == numbered(0, len(copy))
    synced(disk, position, copy)
    assert copy == numbered(0, log.size)


def test_only_signed_entries_are_sent() -> None:
    disk, log = log_of(3)
    log.append([b"not signed yet"])
    assert taken(sent(disk, NEW), NEW).entries == tuple(numbered(0, 3))


def test_what_retention_removed_is_skipped_and_shows() -> None:
    disk, log = log_of(2000)
    position = synced(disk, NEW, [])._replace()
    late = taken(sent(disk, NEW, 700), NEW).position
    log.append(numbered(2000, 2500))
    log.checkpoint()
    log.prune(1800)
    for before in (late, NEW):
        found = taken(sent(disk, before), before)
        assert (found.first, found.entries) == (1792, tuple(numbered(1792, 2500)))
        assert found.position.root == naive_root(numbered(0, 2500))
    assert taken(sent(disk, position), position).first == 2000


def test_the_same_batch_twice_is_refused_with_where_to_go_on() -> None:
    disk, log = log_of(9)
    batch = sent(disk, NEW)
    position = taken(batch, NEW).position
    answer = refused(batch, position)
    assert (answer.status, answer.position.size, answer.position.cosigned) == (409, 9, 9)
    assert not answer.is_fork
    log.append(numbered(9, 12))
    log.checkpoint()
    assert taken(sent(disk, answer.position), position).entries == tuple(numbered(9, 12))


def test_a_log_that_was_put_back_says_so_itself() -> None:
    disk, _ = log_of(9)
    position = synced(disk, NEW, [])
    old, _ = log_of(4)
    with pytest.raises(RollbackError, match="records 4 to 8 were witnessed"):
        sent(old, position)


def test_another_history_is_refused_and_is_evidence() -> None:
    disk, _ = log_of(9)
    position = synced(disk, NEW, [])
    for count in (9, 20):
        other = FakeDisk()
        log = opened(other)
        log.append([b"another", *numbered(1, count)])
        log.checkpoint()
        answer = refused(sent(other, position), position)
        assert (answer.status, answer.is_fork) == (409 if count == 9 else 422, True)


def test_each_refusal_has_its_status() -> None:
    disk, _ = log_of(9)
    good = sent(disk, NEW)
    other = PrivateKey("other.example", bytes(32))
    thief = PrivateKey(KEY.name, bytes(32))
    text = Checkpoint(KEY.name, 9, naive_root(numbered(0, 9))).text
    for bad, status in (
        (good._replace(note=b"no note"), 400),
        (good._replace(entries=good.entries[:-1]), 400),
        (good._replace(continues=(b"short",)), 400),
        (good._replace(covers=(bytes(32),) * 64), 400),
        (good._replace(skipped=(bytes(32),)), 400),
        (good._replace(first=3), 400),
        (good._replace(key_changes=(b"?",)), 400),
        (good._replace(note=bytes(signed(Checkpoint(other.name, 9, bytes(32)).text, other))), 404),
        (good._replace(note=bytes(signed(text, thief))), 403),
        (good._replace(cosigned=10), 400),
        (good._replace(cosigned=3), 409),
        (good._replace(size=3), 409),
        (good._replace(entries=bundled([b"edited", *numbered(1, 9)])), 422),
        (good._replace(entries=bundled(numbered(0, 8))), 422),
        (good._replace(entries=bundled(numbered(0, 10))), 422),
    ):
        assert refused(bad, NEW).status == status, bad


@given(
    st.integers(-5, 1 << 70), st.integers(-5, 1 << 70), st.integers(-5, 1 << 70), st.binary(max_size=40),
    st.lists(st.binary(min_size=32, max_size=32), max_size=4),
)  # fmt: skip
def test_whatever_comes_in_is_answered(size: int, cosigned: int, first: int, noise: bytes, hashes: list[bytes]) -> None:
    note = bytes(signed(Checkpoint(KEY.name, 9, naive_root(numbered(0, 9))).text, KEY))
    some = tuple(hashes)
    for text in (note, noise):
        found = take(Batch(size, cosigned, text, some, some, first, noise, some), NEW)
        assert isinstance(found, Refused) or not found.entries
