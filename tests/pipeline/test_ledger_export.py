import pytest
from tests.ledger.logs import KEY, numbered, opened, reader
from tests.ledger.test_verify import filled

from weighbridge.host.fake_disk import FakeDisk
from weighbridge.ledger.reader import LogError, LogReader
from weighbridge.ledger.tiles import tiles_of
from weighbridge.ledger.verify import verify_log
from weighbridge.pipeline.ledger_export import exported_files


def exported(disk: FakeDisk) -> FakeDisk:
    copy = FakeDisk()
    copy.restore(dict(exported_files(reader(disk), KEY.public.text)))
    return copy


@pytest.mark.parametrize("count", [0, 1, 256, 700])
def test_an_export_is_exactly_the_tiles_of_its_checkpoint(count: int) -> None:
    disk = filled(count)
    log = opened(disk)
    log.append([b"not signed yet"])
    copy = exported(disk)
    assert set(copy.files()) == {tile.path for tile in tiles_of(count)} | {"checkpoint", "key"}
    found = verify_log(LogReader(copy), [KEY.public])
    assert (found.holds, found.size, found.unsigned) == (True, count, 0)


def test_a_pruned_log_is_exported_without_what_is_gone() -> None:
    disk = filled(700)
    with opened(disk) as log:
        log.prune(300)
    files = exported(disk).files()
    assert "tile/entries/000" not in files
    assert files["minimum-index"] == b"256\n"


def test_a_damaged_log_is_not_exported() -> None:
    disk = filled(700)
    disk.change("tile/entries/001", b"\xff")
    with pytest.raises(LogError):
        exported(disk)
    assert numbered(0, 1)
