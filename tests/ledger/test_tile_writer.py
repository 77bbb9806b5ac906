import pytest
from tests.ledger.logs import numbered, opened, reader
from tests.ledger.test_tree import naive_root

from weighbridge.host.fake_disk import FakeDisk
from weighbridge.ledger.reader import LogError
from weighbridge.ledger.tile_writer import TileWriter
from weighbridge.ledger.tiles import tile_of, tiles_of


@pytest.mark.parametrize(("old", "new"), [(0, 1), (1, 255), (255, 256), (256, 257), (300, 1100), (511, 512)])
def test_a_step_writes_what_differs(old: int, new: int) -> None:
    disk = FakeDisk()
    with opened(disk) as log:
        log.append(numbered(0, old))
    writer = TileWriter(reader(disk), reader(disk).head().checkpoint)
    step = writer.step(numbered(old, new))
    assert (step.size, step.root, writer.size) == (new, naive_root(numbered(0, new)), old)
    assert {tile_of(name) for name in step.files} == set(tiles_of(new)) - set(tiles_of(old))
    assert set(step.superseded) == {tile for tile in tiles_of(old) if tile.width < 256} - set(tiles_of(new))
    writer.done(step)
    assert writer.size == new


def test_tiles_that_do_not_lead_to_the_root_are_refused() -> None:
    disk = FakeDisk()
    with opened(disk) as log:
        log.append(numbered(0, 10))
    checkpoint = reader(disk).head().checkpoint
    with pytest.raises(LogError, match="do not fit"):
        TileWriter(reader(disk), checkpoint._replace(root=bytes(32)))
