"""Files that grow: held by one at a time, named when they are on the disk, never changed after."""

import os
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from weighbridge.host import growing_file
from weighbridge.host.durable import BusyError
from weighbridge.host.growing_file import GrowingFile, move_durably


def test_it_grows_over_several_holders(tmp_path):
    path = str(tmp_path / "incoming" / "one")
    first = GrowingFile(path)
    first.write(b"abc")
    first.close()
    first.close()
    second = GrowingFile(path)
    assert second.size == 3
    second.write(b"def")
    assert (second.size, second.read(3, 1)) == (6, b"bcd")
    second.sync()
    second.close()


def test_one_at_a_time(tmp_path):
    first = GrowingFile(str(tmp_path / "one"))
    with pytest.raises(BusyError):
        GrowingFile(str(tmp_path / "one"))
    first.close()
    GrowingFile(str(tmp_path / "one")).close()


def test_it_gets_its_name_in_place_of_what_had_that(tmp_path):
    target = tmp_path / "kept" / "ab" / "abc"
    for content in (b"old", b"new"):
        file = GrowingFile(str(tmp_path / "one"))
        file.write(content)
        file.finish(str(target))
        file.close()
    assert target.read_bytes() == b"new"
    assert not (tmp_path / "one").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be renamed there")
def test_who_opened_it_before_it_was_named_does_not_get_it_after(tmp_path, monkeypatch):
    path, target = tmp_path / "one", tmp_path / "named"
    path.write_bytes(b"whole")
    take = growing_file.take_lock

    def take_late(descriptor):
        move_durably(str(path), str(target))
        take(descriptor)

    monkeypatch.setattr(growing_file, "take_lock", take_late)
    with pytest.raises(BusyError):
        GrowingFile(str(path))
    assert target.read_bytes() == b"whole"


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not synchronized there")
def test_the_bytes_reach_the_disk_before_the_name_and_the_name_before_the_answer(tmp_path, monkeypatch):
    steps: list[tuple[str, str]] = []
    replace, fsync, flush = os.replace, os.fsync, growing_file.flush
    named = {}

    def name_of(descriptor):
        return named.setdefault(os.fstat(descriptor).st_ino, "file")

    monkeypatch.setattr(growing_file, "flush", lambda d: (steps.append(("flush", name_of(d))), flush(d)))
    monkeypatch.setattr(os, "fsync", lambda d: (steps.append(("sync", name_of(d))), fsync(d)))
    monkeypatch.setattr(os, "replace", lambda a, b: (steps.append(("rename", "")), replace(a, b)))
    (tmp_path / "in").mkdir()
    named |= {os.stat(tmp_path).st_ino: "root", os.stat(tmp_path / "in").st_ino: "in"}
    file = GrowingFile(str(tmp_path / "in" / "one"))
    file.write(b"abc")
    file.finish(str(tmp_path / "kept" / "abc"))
    file.close()
    kept = os.stat(tmp_path / "kept").st_ino
    assert named.pop(kept) == "file"
    # The new folder in its own, the bytes, the name where it is, the name where it was.
    assert steps == [("flush", "file"), ("sync", "root"), ("rename", ""), ("sync", "file"), ("sync", "in")]


def test_what_cannot_be_made_is_an_error(tmp_path):
    Path(tmp_path / "in").write_bytes(b"")
    with pytest.raises(OSError):
        GrowingFile(str(tmp_path / "in" / "one"))


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such rights there")
def test_nobody_else_may_read_it(tmp_path):
    GrowingFile(str(tmp_path / "in" / "one")).close()
    assert os.stat(tmp_path / "in").st_mode & 0o077 == 0
    assert os.stat(tmp_path / "in" / "one").st_mode & 0o077 == 0


def test_it_is_not_closed_under_who_writes(tmp_path, monkeypatch):
    """The number of a closed file is given to the next: what was still written would be in that."""
    file = GrowingFile(str(tmp_path / "one"))
    begun, go_on, write = threading.Event(), threading.Event(), os.write

    def slowly(descriptor, content):
        begun.set()
        assert go_on.wait(60)
        return write(descriptor, content[: max(1, len(content) // 2)])

    monkeypatch.setattr(growing_file, "os", SimpleNamespace(**{**vars(os), "write": slowly}))
    writing = threading.Thread(target=file.write, args=(b"abcdef",))
    closing = threading.Thread(target=file.close)
    writing.start()
    assert begun.wait(60)
    closing.start()
    with pytest.raises(BusyError):
        GrowingFile(str(tmp_path / "one"))
    go_on.set()
    writing.join(60)
    closing.join(60)
    assert (tmp_path / "one").read_bytes() == b"abcdef"
    GrowingFile(str(tmp_path / "one")).close()
