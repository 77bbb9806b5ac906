"""One suite for the disk of this machine and the one in memory."""

import os
import subprocess
import sys

import pytest

from weighbridge.host.durable import BusyError, Disk, DurableFolder
from weighbridge.host.durable_disk import RealDisk
from weighbridge.host.fake_disk import FakeDisk
from weighbridge.model.source import LimitReached


@pytest.fixture(params=["real", "fake"])
def disk(request: pytest.FixtureRequest, tmp_path) -> Disk:
    return FakeDisk() if request.param == "fake" else RealDisk(os.fsencode(tmp_path / "a" / "folder"))


def test_files_are_replaced_listed_and_removed(disk: Disk) -> None:
    folder = DurableFolder(disk)
    assert folder.names("") == []
    folder.replace({"one": b"1", "deep/er/two": b"2", **{f"many/{number}": b"x" for number in range(150)}})
    folder.replace({"one": b"new"})
    assert folder.read("one", 3) == b"new"
    assert folder.read("deep/er/two", 9) == b"2"
    assert folder.names("deep") == ["er"]
    assert len(folder.names("many")) == 150
    assert folder.names("temporary") == []
    folder.remove(["one", "never there", "nor/this", *(f"many/{number}" for number in range(150))])
    with pytest.raises(FileNotFoundError):
        folder.read("one", 3)
    folder.remove_empty_folder("many")
    folder.remove_empty_folder("deep")
    assert folder.names("many") == []
    assert folder.names("deep") == ["er"]
    folder.replace({"many/again": b"x"})
    with pytest.raises(LimitReached):
        folder.read("many/again", 0)


def test_a_file_is_created_once(disk: Disk) -> None:
    folder = DurableFolder(disk)
    folder.create("key", b"secret")
    with pytest.raises(FileExistsError):
        folder.create("key", b"other")
    assert folder.read("key", 99) == b"secret"


def test_appending_goes_on_where_it_ended(disk: Disk) -> None:
    folder = DurableFolder(disk)
    first = folder.appending("journal")
    first.write(b"abc")
    first.sync()
    first.close()
    second = folder.appending("journal")
    assert second.size == 3
    second.write(b"def")
    second.truncate(4)
    second.write(b"!")
    assert (second.size, folder.read("journal", 99)) == (5, b"abcd!")
    second.close()


def test_one_holder_of_a_lock(disk: Disk) -> None:
    folder = DurableFolder(disk)
    lock = folder.lock("lock")
    with pytest.raises(BusyError):
        folder.lock("lock")
    lock.close()
    lock.close()
    folder.lock("lock").close()


def test_leftovers_of_a_crash_are_cleaned(disk: Disk) -> None:
    folder = DurableFolder(disk)
    folder.replace({"one": b"1"})
    disk.open("temporary/left", new=True).close()
    folder.clean()
    assert folder.names("temporary") == []


@pytest.mark.skipif(os.name != "posix", reason="modes and links are POSIX")
def test_files_are_this_users_alone_and_links_are_not_followed(tmp_path) -> None:
    folder = DurableFolder(RealDisk(os.fsencode(tmp_path / "folder")))
    folder.replace({"sub/one": b"1"})
    folder.create("key", b"x")
    modes = [os.stat(tmp_path / "folder" / name).st_mode & 0o777 for name in ("", "sub", "sub/one", "key")]
    assert modes == [0o700, 0o700, 0o600, 0o600]
    (tmp_path / "target").write_bytes(b"mine")
    os.symlink(tmp_path / "target", tmp_path / "folder" / "link")
    for call in (lambda: folder.appending("link"), lambda: folder.read("link", 9), lambda: folder.create("link", b"")):
        with pytest.raises(OSError):
            call()
    folder.replace({"link": b"new"})
    assert (tmp_path / "target").read_bytes() == b"mine"
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError):
        DurableFolder(RealDisk(os.fsencode(tmp_path / "file"))).replace({"one": b""})


def test_a_lock_ends_with_its_process(tmp_path) -> None:
    program = (
        "import sys\nfrom weighbridge.host.durable import DurableFolder\n"
        "from weighbridge.host.durable_disk import RealDisk\n"
        "lock = DurableFolder(RealDisk(sys.argv[1].encode())).lock('lock')\n"
        "print('held', flush=True)\nsys.stdin.read()\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"held\n"
    folder = DurableFolder(RealDisk(os.fsencode(tmp_path)))
    with pytest.raises(BusyError):
        folder.lock("lock")
    child.kill()
    child.communicate()
    folder.lock("lock").close()
