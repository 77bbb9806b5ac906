"""Where the bytes of a hub lie: as the settings say, or in the state folder, for this user alone."""

import os
import stat
import sys

import pytest
from tests.fleet.serving import Running

from weighbridge.fleet.settings import Settings
from weighbridge.hub.opening import blobs_url, open_hub
from weighbridge.model.errors import WeighbridgeError


def test_bytes_lie_in_the_state_folder(served: Running, tmp_path):
    hub = open_hub(served.server, os.fsencode(tmp_path / "state"))
    assert hub.folder == str(tmp_path / "state")
    assert blobs_url(Settings(), os.fsencode(tmp_path)) == str(tmp_path / "hub")
    if sys.platform != "win32":
        assert stat.S_IMODE(os.stat(tmp_path / "state" / "hub").st_mode) == 0o700


def test_bytes_lie_where_the_settings_say(served: Running, tmp_path):
    served.server.settings = Settings(blob_store=str(tmp_path / "elsewhere"))
    open_hub(served.server, os.fsencode(tmp_path / "state"))
    assert (tmp_path / "elsewhere").is_dir()
    assert not (tmp_path / "state").exists()


def test_a_place_that_cannot_be_used_is_said(served: Running, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    served.server.settings = Settings(blob_store=str(tmp_path / "file" / "below"))
    with pytest.raises(WeighbridgeError) as caught:
        open_hub(served.server, os.fsencode(tmp_path))
    assert caught.value.code == "E-blob-store"
