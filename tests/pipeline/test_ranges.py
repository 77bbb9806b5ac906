import hashlib
from pathlib import Path

import blake3
import pytest

from weighbridge.host.real import RealMachine
from weighbridge.pipeline.ranges import range_digests


def test_ranges_and_whole_files(tmp_path: Path) -> None:
    content = bytes(range(256)) * 10
    (tmp_path / "w").write_bytes(content)
    path, machine, done = bytes(tmp_path / "w"), RealMachine(), []
    assert range_digests(machine, path, "sha256", 1000, done.append) == {
        (0, 1000): hashlib.sha256(content[:1000]).hexdigest(),
        (1000, 2000): hashlib.sha256(content[1000:2000]).hexdigest(),
        (2000, 2560): hashlib.sha256(content[2000:]).hexdigest(),
    }
    assert sum(done) == 2560
    assert range_digests(machine, path, "blake2b", None) == {(0, None): hashlib.blake2b(content).hexdigest()}
    assert range_digests(machine, path, "blake3", None) == {(0, None): blake3.blake3(content).hexdigest()}


def test_an_empty_file_has_no_range(tmp_path: Path) -> None:
    (tmp_path / "w").write_bytes(b"")
    assert range_digests(RealMachine(), bytes(tmp_path / "w"), "sha256", 10) == {}
    with pytest.raises(OSError, match="No such file"):
        range_digests(RealMachine(), bytes(tmp_path / "v"), "sha256", 10)
