"""What the cache keeps, what it forgets, and that no damage to it is felt."""

import os
import sqlite3
from datetime import timedelta

import pytest

from weighbridge.discover.sweep import Remembered, sweep
from weighbridge.host.fake import FakeMachine
from weighbridge.host.machine import Digests
from weighbridge.host.real import RealMachine
from weighbridge.pipeline.cache import _PAGE_ROWS, _SCHEMA, Cache, open_cache

KNOWN = Remembered(b"f" * 32, (b"a", b"\xff"))
DIGESTS = Digests("0" * 64, "1" * 64, 5)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    return RealMachine()


@pytest.fixture
def stat():
    machine = FakeMachine()
    machine.add_file(b"/home/ada/file", b"12345")
    return machine.stat(b"/home/ada/file")


def filled(cache, stat):
    cache.remember(b"/x", KNOWN, b"listing")
    cache.remember(b"/x/y", Remembered(b"g" * 32, ()), b"")
    cache.keep_outcome(stat, b"outcome")
    cache.keep_digests(stat, DIGESTS)
    cache.close()


def database_of(machine):
    return os.path.join(machine.state_folder, b"cache.sqlite")


def test_what_was_kept_comes_back(machine, stat):
    filled(open_cache(machine), stat)
    cache = open_cache(machine)
    assert cache.folder(b"/x") == KNOWN
    assert cache.folder(b"/x/y") == Remembered(b"g" * 32, ())
    assert cache.folder(b"/xx") is None
    assert cache.listing(b"/x") == b"listing"
    assert cache.outcome(stat) == b"outcome"
    assert cache.digests(stat) == DIGESTS
    cache.close()


@pytest.mark.parametrize("field", ["st_dev", "st_ino", "st_size", "st_mtime_ns", "st_ctime_ns"])
def test_another_version_of_the_file_is_another_file(machine, stat, field):
    filled(open_cache(machine), stat)
    cache = open_cache(machine)
    other = stat._replace(**{field: getattr(stat, field) + 1})
    assert cache.outcome(other) is None
    assert cache.digests(other) is None
    cache.close()


def test_what_waits_to_be_written_is_known_already(machine, stat):
    cache = open_cache(machine)
    cache.keep_outcome(stat, b"outcome")
    cache.keep_digests(stat, DIGESTS)
    assert (cache.outcome(stat), cache.digests(stat)) == (b"outcome", DIGESTS)
    cache.close()


def test_another_version_of_weighbridge_believes_only_digests(machine, stat):
    filled(open_cache(machine), stat)
    cache = Cache(machine, machine.state_database("cache", _SCHEMA), b"another")
    assert cache.folder(b"/x") is None
    assert cache.outcome(stat) is None
    assert cache.digests(stat) == DIGESTS
    cache.close()


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_corrupt_database_is_replaced(machine, stat, damage):
    filled(open_cache(machine), stat)
    for suffix in (b"-wal", b"-shm"):
        if os.path.exists(database_of(machine) + suffix):
            os.unlink(database_of(machine) + suffix)
    with open(database_of(machine), "wb") as out:
        out.write(damage)
    cache = open_cache(machine)
    assert cache.folder(b"/x") is None
    filled(cache, stat)
    cache = open_cache(machine)
    assert cache.outcome(stat) == b"outcome"
    cache.close()


def test_damage_in_the_middle_of_the_file_is_not_felt(machine, stat):
    filled(open_cache(machine), stat)
    with open(database_of(machine), "r+b") as out:
        out.seek(4096)
        out.write(b"\xee" * (os.path.getsize(database_of(machine)) - 4096))
    cache = open_cache(machine)
    cache.folder(b"/x")
    cache.outcome(stat)
    cache.keep_outcome(stat, b"again")
    cache.close()


def test_a_database_locked_by_another_process_is_not_felt(machine, stat):
    open_cache(machine).close()
    other = sqlite3.connect(os.fsdecode(database_of(machine)))
    other.execute("BEGIN EXCLUSIVE")
    cache = open_cache(machine)
    cache.keep_outcome(stat, b"outcome")
    assert cache.outcome(stat) == b"outcome"
    cache.close()
    other.rollback()
    other.close()


def test_a_state_folder_that_cannot_be_made_is_not_felt(tmp_path, monkeypatch, stat):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "file" / "state"))
    cache = open_cache(RealMachine())
    cache.keep_outcome(stat, b"outcome")
    assert cache.outcome(stat) == b"outcome"
    cache.close()


def test_a_sweep_with_this_cache_reads_nothing_twice():
    machine = FakeMachine()
    for number in range(30):
        machine.add_file(b"/home/ada/%d/model" % number, b"MODEL")
    machine.clock += timedelta(hours=1)

    def paths():
        cache = open_cache(machine)
        items = list(sweep(machine, [b"/home/ada"], (), lambda _n, _s, head, _t: head == b"MODEL", memory=cache))
        cache.close()
        return [item.candidate.path for item in items]

    first = paths()
    machine.reads.clear()
    assert paths() == first
    assert not [read for read in machine.reads if read.operation == "peek"]


def test_the_database_is_for_its_owner_alone(machine, stat):
    filled(open_cache(machine), stat)
    assert os.stat(machine.state_folder).st_mode & 0o077 == 0


def test_folders_are_found_page_by_page_in_any_order(machine):
    cache = open_cache(machine)
    paths = [b"/x/%04d" % number for number in range(3 * _PAGE_ROWS)]
    for path in paths:
        cache.remember(path, KNOWN, b"")
    cache.close()
    cache = open_cache(machine)
    for path in [*paths[::-777], *paths[::500], b"/x/0001-", b"/a", b"/z"]:
        assert cache.folder(path) == (KNOWN if path in paths else None)
    cache.close()
