"""Settings of a person are replaced where they really are, rights kept."""

import os
import stat

import pytest

from weighbridge.host.home_file import (
    LARGEST,
    missing_folders,
    read_home_file,
    remove_empty_folders,
    remove_home_file,
    write_home_file,
)


def test_a_file_that_is_a_link_stays_one(tmp_path):
    (tmp_path / "dotfiles").mkdir()
    real, link = tmp_path / "dotfiles" / "bashrc", tmp_path / ".bashrc"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    write_home_file(os.fsencode(link), "new")
    assert link.is_symlink()
    assert real.read_text() == read_home_file(os.fsencode(link)) == "new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert os.listdir(tmp_path / "dotfiles") == ["bashrc"]


def test_a_new_file_is_made_with_its_folder(tmp_path):
    path = tmp_path / "a" / "b"
    assert read_home_file(os.fsencode(path)) is None
    write_home_file(os.fsencode(path), "x", private=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    remove_home_file(os.fsencode(path))
    remove_home_file(os.fsencode(path))
    assert not path.exists()


def test_folders_that_were_made_go_when_they_are_empty(tmp_path):
    path = os.fsencode(tmp_path / "a" / "b" / "c")
    made = missing_folders(path)
    assert made == [os.fsencode(tmp_path / "a"), os.fsencode(tmp_path / "a" / "b")]
    write_home_file(path, "x")
    assert missing_folders(path) == []
    (tmp_path / "a" / "mine").write_text("")
    remove_empty_folders(made)
    assert os.path.exists(path)
    remove_home_file(path)
    remove_empty_folders(made)
    assert os.listdir(tmp_path / "a") == ["mine"]


@pytest.mark.parametrize("content", [b"\xff", b"x" * (LARGEST + 1)])
def test_what_is_no_settings_is_left_alone(tmp_path, content):
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(OSError, match="is"):
        read_home_file(os.fsencode(path))
    assert path.read_bytes() == content
