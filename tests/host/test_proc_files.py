"""Files that processes hold: what the contract suite cannot ask of a machine in memory."""

import mmap
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from weighbridge.host.proc_files import HeldFile, open_files, open_mapped
from weighbridge.host.proc_maps import parse_maps

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
OWN = b"/proc/%d" % os.getpid()


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "weights"
    path.write_bytes(b"weights " * 1000)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ):
        yield path


def test_a_device_or_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (b"/dev/null", os.fsencode(tmp_path / "pipe")):
        with pytest.raises(OSError, match="not a regular file"):
            HeldFile(path, path)


def test_without_privilege_the_path_is_taken_if_the_same_file_is_there(
    held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mapped,) = [one for one in parse_maps(Path("/proc/self/maps").read_bytes()) if one.path == os.fsencode(held)]
    real = os.open

    def refused(path: bytes, *arguments: int) -> int:
        if b"/map_files/" in path:
            raise PermissionError(1, "Operation not permitted")
        return real(path, *arguments)

    monkeypatch.setattr(os, "open", refused)
    opened = open_mapped(OWN, mapped)
    assert opened.read(0, 8) == b"weights "
    opened.close()
    os.replace(held, held.with_name("moved"))
    held.write_bytes(b"other")
    with pytest.raises(FileNotFoundError, match="another file"):
        open_mapped(OWN, mapped)
    with pytest.raises(PermissionError):
        open_mapped(OWN, mapped._replace(deleted=True))


def test_files_that_are_only_written_are_not_listed(tmp_path: Path) -> None:
    (tmp_path / "read").write_bytes(b"x")
    with (tmp_path / "read").open("rb"), (tmp_path / "written").open("wb"), (tmp_path / "both").open("w+b"):
        found = {one.path: one for one in open_files(OWN)}
    assert os.fsencode(tmp_path / "read") in found
    assert os.fsencode(tmp_path / "both") in found
    assert os.fsencode(tmp_path / "written") not in found


def test_a_name_that_looks_deleted_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "weights (deleted)"
    path.write_bytes(b"x")
    with path.open("rb"):
        (handle,) = [one for one in open_files(OWN) if one.path.startswith(os.fsencode(tmp_path))]
    assert (handle.path, handle.deleted) == (os.fsencode(path), False)
