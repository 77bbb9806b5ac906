import pytest
from tests.ledger.logs import numbered, opened, reader

from weighbridge.host.fake_disk import FakeDisk
from weighbridge.ledger.reader import LogError, PrunedError


@pytest.fixture
def disk() -> FakeDisk:
    disk = FakeDisk()
    with opened(disk) as log:
        log.append(numbered(0, 600))
    return disk


def test_ranges_are_cut_to_what_is_there(disk: FakeDisk) -> None:
    read = reader(disk)
    assert list(read.entries(-5, 3)) == numbered(0, 3)
    assert list(read.entries(254, 514)) == numbered(254, 514)
    assert list(read.entries(598, 10**9)) == numbered(598, 600)
    assert list(read.entries(700, 800)) == []


def test_a_narrow_tile_comes_out_of_a_wider_one(disk: FakeDisk) -> None:
    assert reader(disk).root(300) == reader(disk).root(300)
    with opened(disk) as log:
        log.append(numbered(600, 601))
    assert len(reader(disk).consistency(600, 601)) > 0


@pytest.mark.parametrize(
    ("name", "says"),
    [("tile/entries/001", "lacks tile/entries/001"), ("checkpoint", "no checkpoint")],
)
def test_what_is_missing_is_named(disk: FakeDisk, name: str, says: str) -> None:
    files = disk.files()
    del files[name]
    disk.restore(files)
    with pytest.raises(LogError, match=says):
        list(reader(disk).entries(0, 600))


def test_what_is_damaged_is_named(disk: FakeDisk) -> None:
    disk.change("tile/entries/001", b"\xff\xff")
    with pytest.raises(LogError, match="damaged tile/entries/001"):
        list(reader(disk).entries(300, 301))
    disk.change("minimum-index", b"x")
    with pytest.raises(LogError, match="minimum"):
        reader(disk).minimum()
    disk.change("tile/0/000", b"short")
    with pytest.raises(LogError, match="lacks tile/0/000"):
        reader(disk).inclusion(5, 600)
    disk.change("checkpoint", b"x" * (2 << 20))
    with pytest.raises(LogError, match="too large"):
        reader(disk).head()


def test_a_pruned_entry_is_not_a_missing_one(disk: FakeDisk) -> None:
    with opened(disk) as log:
        assert log.prune(300) == 256
        assert log.prune(100) == 256
        assert log.prove_inclusion(5) == reader(disk).inclusion(5, 600)
    with pytest.raises(PrunedError):
        next(reader(disk).entries(0, 1))
    assert list(reader(disk).entries(256, 258)) == numbered(256, 258)
