"""A page of Python that shares no line with Weighbridge accepts our exports and refuses what was changed in them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.house.files import ROOT
from tests.ledger.logs import KEY, numbered

from weighbridge.host.durable import DurableFolder
from weighbridge.host.durable_disk import RealDisk
from weighbridge.ledger.key_change import state_change
from weighbridge.ledger.log import Log
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.ledger.reader import LogReader
from weighbridge.ledger.tiles import bundle, entries_of
from weighbridge.pipeline.ledger_export import exported_files

NEXT = PrivateKey(KEY.name, b"n" * 32)


def _openssl() -> bool:
    if shutil.which("openssl") is None:
        return False
    version = subprocess.run(["openssl", "version"], capture_output=True, text=True, check=False).stdout
    return version.startswith("OpenSSL ") and not version.startswith(("OpenSSL 0", "OpenSSL 1"))


pytestmark = pytest.mark.skipif(not _openssl(), reason="the program asks OpenSSL 3")


def exported(folder: Path, count: int, *, pruned: int = 0, key: PrivateKey | None = None) -> Path:
    disk = DurableFolder(RealDisk(os.fsencode(folder / "log")))
    with Log.open(disk, KEY) as log:
        log.append(numbered(0, count))
        if key is not None:
            log.change_key(key, bytes(state_change(log.size, KEY, key)))
        log.checkpoint()
        log.prune(pruned)
    for name, content in exported_files(LogReader(disk), (key or KEY).public.text):
        path = folder / "export" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder / "export"


def check(folder: Path, key: PrivateKey = KEY) -> tuple[int, str]:
    (folder.parent / "owner.key").write_text(key.public.text + "\n")
    program = [sys.executable, "-I", ROOT / "examples/check_ledger.py", folder, folder.parent / "owner.key"]
    done = subprocess.run(program, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout.strip() or done.stderr.strip()


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 1500])
def test_it_accepts_what_we_export(tmp_path: Path, count: int) -> None:
    assert check(exported(tmp_path, count)) == (0, f"{count} records, every one as {KEY.name} signed it")


def test_it_accepts_what_retention_left_and_another_key(tmp_path: Path) -> None:
    folder = exported(tmp_path, 1000, pruned=700, key=NEXT)
    assert check(folder, NEXT) == (0, f"1000 records, every one as {KEY.name} signed it; removed below 512")


def test_it_refuses_what_was_changed(tmp_path: Path) -> None:
    folder = exported(tmp_path, 600)
    entries, hashes, head = (folder / name for name in ("tile/entries/001", "tile/0/001", "checkpoint"))
    before = [path.read_bytes() for path in (entries, hashes, head)]
    held = entries_of(before[0])
    for path, content, reason in (
        (entries, bundle([held[0], b"edited", *held[2:]]), "record 257 is not what was signed"),
        (hashes, bytes(32) + before[1][32:], "record 256 is not what was signed"),
        (head, before[2].replace(b"\n600\n", b"\n599\n"), "the checkpoint is not signed with this key"),
    ):
        kept = path.read_bytes()
        path.write_bytes(content)
        assert check(folder) == (1, reason)
        path.write_bytes(kept)
    assert check(folder, PrivateKey(KEY.name, bytes(32)))[1] == "the checkpoint is not signed with this key"
    assert check(folder)[0] == 0
