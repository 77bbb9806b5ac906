import os
import stat
import sys

import pytest

from weighbridge.host.private_file import make_private, make_private_folder, replace_durably


def test_only_the_owner_may_read_a_new_file(tmp_path):
    path = tmp_path / "fleet.db"
    make_private(os.fsencode(path))
    assert path.read_bytes() == b""
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_there_stays(tmp_path):
    path = tmp_path / "fleet.db"
    path.write_bytes(b"kept")
    path.chmod(0o640)
    make_private(os.fsencode(path))
    assert path.read_bytes() == b"kept"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640 or sys.platform == "win32"


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        make_private(os.fsencode(tmp_path / "missing" / "fleet.db"))


def test_a_folder_is_made_for_its_owner_alone(tmp_path):
    folder = tmp_path / "a" / "b"
    make_private_folder(os.fsencode(folder))
    make_private_folder(os.fsencode(folder))
    assert folder.is_dir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700 or sys.platform == "win32"


def test_a_file_takes_the_place_of_another(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"old")
    new.write_bytes(b"new")
    replace_durably(os.fsencode(new), os.fsencode(old))
    assert old.read_bytes() == b"new"
    assert not new.exists()
    with pytest.raises(FileNotFoundError):
        replace_durably(os.fsencode(new), os.fsencode(old))
