"""Which files a process may open once the kernel was told; without Landlock nothing changes, and that is answered."""

import subprocess
import sys

import pytest

from weighbridge.host import landlock

_SCRIPT = """
import os, sys
from weighbridge.host.landlock import allow_files
print(allow_files([sys.argv[1]], [sys.argv[2]]))
for act in sys.argv[3:]:
    kind, path = act.split(" ", 1)
    try:
        open(path, {"read": "r", "write": "w"}[kind]).close() if kind != "list" else os.listdir(path)
        print("did it")
    except PermissionError:
        print("refused")
"""


@pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")
def test_what_may_be_read_and_written(tmp_path) -> None:
    for name in ("read", "write", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("x")
    acts = [
        f"read {tmp_path}/read/file", f"list {tmp_path}/read", f"write {tmp_path}/read/file",
        f"write {tmp_path}/write/new", f"read {tmp_path}/write/file", f"read {tmp_path}/other/file",
        f"write {tmp_path}/other/new", f"list {tmp_path}",
    ]  # fmt: skip
    command = [sys.executable, "-c", _SCRIPT, f"{tmp_path}/read", f"{tmp_path}/write", *acts]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert said == ["True", "did it", "did it", "refused", "did it", "did it", "refused", "refused", "refused"]


def test_without_it_nothing_is_refused_and_that_is_answered(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(landlock, "_SYSTEM", "darwin")
    assert landlock.version() == 0
    assert landlock.allow_files([]) is False
    (tmp_path / "file").write_text("x")


def test_a_kernel_that_has_it_and_fails_is_an_error(monkeypatch) -> None:
    monkeypatch.setattr(landlock, "version", lambda: 1)
    monkeypatch.setattr(landlock, "_call", lambda *_: (-1, 1))
    with pytest.raises(OSError, match="not permitted"):
        landlock.allow_files([])
