"""The disk in memory forgets what a real one may forget, and keeps what a real one must keep."""

import random

import pytest

from weighbridge.host.durable import DurableFolder
from weighbridge.host.fake_disk import FakeDisk, PowerLoss


def after_power_loss(prepare, seeds: int = 60) -> set[bytes | None]:
    """Return every content that the file `one` can have afterwards, over many chances."""
    left: set[bytes | None] = set()
    for seed in range(seeds):
        disk = FakeDisk()
        prepare(disk)
        disk.cut(random.Random(seed))
        left.add(disk.files().get("one"))
    return left


def written(disk: FakeDisk, content: bytes = b"abc"):
    handle = disk.open("one", new=False)
    handle.write(content)
    return handle


def test_a_new_name_may_be_lost_until_its_folder_is_synchronized() -> None:
    assert None in after_power_loss(lambda disk: written(disk).sync())

    def both(disk: FakeDisk) -> None:
        written(disk).sync()
        disk.sync_folder("")

    assert after_power_loss(both) == {b"abc"}


def test_bytes_that_were_not_synchronized_are_torn_or_zero() -> None:
    def prepare(disk: FakeDisk) -> None:
        handle = written(disk, b"a" * 600)
        handle.sync()
        disk.sync_folder("")
        handle.write(b"b" * 1200)

    left = after_power_loss(prepare)
    assert all(content is not None and content.startswith(b"a" * 600) for content in left)
    assert len(left) > 10
    assert any(content and b"\0" in content for content in left)


def test_a_replaced_file_is_old_or_new() -> None:
    def prepare(disk: FakeDisk) -> None:
        folder = DurableFolder(disk)
        folder.replace({"one": b"old"})
        disk.stop_at = disk.steps + 5
        try:
            folder.replace({"one": b"new"})
        except PowerLoss:
            return
        raise AssertionError("the power was to go before the end")

    assert after_power_loss(prepare) == {b"old", b"new"}


def test_steps_are_counted_and_a_full_disk_takes_a_part() -> None:
    disk = FakeDisk()
    disk.capacity = 2
    handle = disk.open("one", new=True)
    with pytest.raises(OSError, match="space"):
        handle.write(b"abc")
    assert (disk.files(), handle.size, disk.steps) == ({"one": b"ab"}, 2, 2)
    disk.fail_sync = True
    with pytest.raises(OSError):
        handle.sync()
    handle.sync()
    assert disk.syncs == 2


def test_a_snapshot_comes_back_as_it_was() -> None:
    disk = FakeDisk()
    DurableFolder(disk).replace({"deep/one": b"1"})
    files = disk.files()
    disk.change("deep/one", b"2")
    disk.restore(files)
    assert disk.content("deep/one") == b"1"
    assert disk.names("deep") == ["one"]
