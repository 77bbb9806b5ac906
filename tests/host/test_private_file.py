import os
import stat
import sys

import pytest

from weighbridge.host.private_file import make_private


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
