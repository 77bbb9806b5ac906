import os
from pathlib import Path

import pytest

from weighbridge.host.zip_folder import ZipFolder, write_zip
from weighbridge.model.source import LimitReached

FILES = [("tile/0/000", b"\0" * 1000), ("tile/1/000", b"1"), ("checkpoint", b"text")]


@pytest.fixture
def path(tmp_path: Path) -> bytes:
    return os.fsencode(tmp_path / "pack.zip")


def test_what_is_written_is_read(path: bytes) -> None:
    assert write_zip(path, iter(FILES)) == 3
    folder = ZipFolder(path)
    assert [folder.read(name, 5000) for name, _ in FILES] == [content for _, content in FILES]
    assert folder.names("tile/0") == ["000"]
    assert folder.names("nowhere") == []
    with pytest.raises(FileNotFoundError):
        folder.read("other", 10)
    with pytest.raises(LimitReached):
        folder.read("tile/0/000", 999)


def test_equal_content_gives_equal_files(path: bytes) -> None:
    write_zip(path, FILES)
    first = Path(os.fsdecode(path)).read_bytes()
    write_zip(path, FILES)
    assert Path(os.fsdecode(path)).read_bytes() == first


def test_a_failure_leaves_nothing(path: bytes) -> None:
    def failing():
        yield "one", b"1"
        raise OSError("no space")

    with pytest.raises(OSError):
        write_zip(path, failing())
    assert os.listdir(os.path.dirname(path)) == []


def test_a_damaged_file_is_an_os_error(path: bytes) -> None:
    write_zip(path, FILES)
    content = bytearray(Path(os.fsdecode(path)).read_bytes())
    for at in range(0, len(content)):
        changed = bytearray(content)
        changed[at] ^= 0xFF
        Path(os.fsdecode(path)).write_bytes(bytes(changed))
        try:
            folder = ZipFolder(path)
            for name, _ in FILES:
                folder.read(name, 5000)
        except OSError:
            pass
    Path(os.fsdecode(path)).write_bytes(b"no zip")
    with pytest.raises(OSError, match="no ZIP"):
        ZipFolder(path)
