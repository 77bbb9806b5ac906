"""What only the real machine does; the rest is in tests/contract/test_machine.py."""

import os
from pathlib import Path

import pytest

from weighbridge.host.real import RealMachine


def test_state_goes_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    assert RealMachine().state_folder == os.fsencode(tmp_path / "state")


def test_the_own_home_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert RealMachine().homes()[0] == os.fsencode(tmp_path)


def test_mounts_name_their_filesystems() -> None:
    mounts = RealMachine().mounts()
    assert {mount.path for mount in mounts} & {b"/", b"/proc"}  # a changed root shows only what is mounted below it
    assert all(mount.filesystem for mount in mounts)


def test_a_final_link_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to("file")
    with pytest.raises(OSError, match=r".*"):
        RealMachine().open(os.fsencode(tmp_path / "link"))


def test_the_clock_is_utc() -> None:
    assert RealMachine().now().utcoffset().total_seconds() == 0
