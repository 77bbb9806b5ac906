"""What psutil does not tell is said by an error; the rest is in the contract suite."""

import os
from pathlib import Path

import pytest

from weighbridge.host.psutil_live import PsutilLive


def test_what_it_cannot_tell_raises() -> None:
    live = PsutilLive()
    with pytest.raises(NotImplementedError):
        live.routes()
    with pytest.raises(ProcessLookupError):
        live.routes(2**30)
    assert live.blind_spots()
    assert live.accelerators()[1]


def test_another_file_at_the_path_is_not_taken_for_the_one_that_is_open(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"first")
    with path.open("rb"):
        live = PsutilLive()
        (handle,) = [one for one in live.open_files(os.getpid()) if one.path == os.fsencode(path)]
        (tmp_path / "other").write_bytes(b"second")
        (tmp_path / "other").replace(path)
        with pytest.raises(FileNotFoundError, match="another file"):
            live.open_handle(os.getpid(), handle)
