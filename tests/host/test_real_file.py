"""An open file of this machine: bounded reads, few system calls, changes noticed."""

import os

import pytest

from weighbridge.host import real_file
from weighbridge.host.real_file import WINDOW, RealFile, open_regular, read_whole
from weighbridge.model.source import LimitReached, SourceError


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(bytes(range(256)) * 2000)
    return os.fsencode(path)


def test_small_reads_share_one_fetch(path, monkeypatch):
    fetched = []
    plain = real_file.read_at
    monkeypatch.setattr(
        real_file, "read_at", lambda fd, length, at: fetched.append((at, length)) or plain(fd, length, at)
    )
    source = RealFile(path)
    for offset in range(0, WINDOW - 8, 8):
        source.read(offset, 8)
    source.read(WINDOW - 4, 8)
    source.read(0, WINDOW * 2)
    source.close()
    assert fetched == [(0, WINDOW), (WINDOW - 4, WINDOW), (0, WINDOW * 2)]


def test_a_huge_length_allocates_no_more_than_the_file(path):
    source = RealFile(path)
    assert len(source.read(0, 1 << 62)) == 512_000
    assert source.read(1 << 62, 5) == b""
    source.close()


def test_a_chmod_counts_as_a_change(path):
    source = RealFile(path)
    os.chmod(path, 0o600)
    with pytest.raises(SourceError, match="changed"):
        source.read(0, 10)
    source.close()


def test_a_closed_file_is_a_source_error(path):
    source = RealFile(path)
    source.close()
    with pytest.raises(SourceError, match="closed"):
        source.read(0, 1)


@pytest.mark.skipif(os.name != "posix", reason="devices")
def test_a_device_is_not_even_opened(monkeypatch):
    def opened(*_: object) -> int:
        raise AssertionError("opened")

    monkeypatch.setattr(os, "open", opened)
    with pytest.raises(OSError, match="not a regular file"):
        open_regular(os.fsencode(os.devnull))


def test_a_device_is_refused():
    with pytest.raises(OSError, match="regular"):
        RealFile(b"/dev/zero")


def test_a_whole_file_up_to_a_limit(tmp_path):
    path = os.fsencode(tmp_path / "file")
    (tmp_path / "file").write_bytes(b"x" * 10)
    assert read_whole(path, 10) == b"x" * 10
    with pytest.raises(LimitReached):
        read_whole(path, 9)
