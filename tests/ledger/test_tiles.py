import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.test_tree import naive_root, nodes_of, some

from weighbridge.ledger.tiles import (
    ENTRIES,
    WIDTH,
    Tile,
    bundle,
    entries_of,
    levels,
    nodes,
    row,
    spans,
    tile_of,
    tiles_of,
)
from weighbridge.ledger.tree import inclusion_proof, tree_root


def test_paths_are_those_of_the_specification() -> None:
    assert Tile(0, 1234067, WIDTH).path == "tile/0/x001/x234/067"
    assert Tile(ENTRIES, 5, 17).path == "tile/entries/005.p/17"
    assert Tile(2, 1000, 255).path == "tile/2/x001/000.p/255"


def test_the_tiles_of_seventy_thousand_are_those_of_the_specification() -> None:
    tiles = list(tiles_of(70_000))
    assert [tile.width for tile in tiles if tile.level == 0] == [WIDTH] * 273 + [112]
    assert [tile.width for tile in tiles if tile.level == 1] == [WIDTH, 17]
    assert [tile.width for tile in tiles if tile.level == 2] == [1]
    assert [tile.width for tile in tiles if tile.level == ENTRIES] == [WIDTH] * 273 + [112]
    assert len(levels(70_000)) == 3
    assert [(tile.level, tile.width) for tile in tiles_of(256)] == [(ENTRIES, 256), (0, 256), (1, 1)]
    assert list(tiles_of(0)) == []


@given(st.integers(-1, 63), st.integers(0, 10**15), st.integers(1, 256))
def test_a_path_names_one_tile(level: int, number: int, width: int) -> None:
    tile = Tile(level, number, width)
    assert tile_of(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    ["tile/0/0", "tile/00/000", "tile/0/x000/000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/64/000", "tile/0/000/",
     "tile/0/../000", "tile/0/000.p/01", "checkpoint", ""],
)  # fmt: skip
def test_other_paths_name_none(path: str) -> None:
    assert tile_of(path) is None


@given(st.integers(0, 70_000), st.integers(0, 70_000))
def test_a_row_is_what_changed(first: int, second: int) -> None:
    begin, end = sorted((first, second))
    changed = {tile for level in (ENTRIES, *levels(end)) for tile in row(level, begin, end)}
    assert changed == set(tiles_of(end)) - set(tiles_of(begin))


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 600])
def test_hashes_come_out_of_tiles_as_out_of_the_tree(size: int) -> None:
    leaves = some(size)
    node = nodes_of(leaves)
    tiles = {
        tile: b"".join(node(tile.level * 8, tile.number * WIDTH + at) for at in range(tile.width))
        for tile in tiles_of(size)
        if tile.level != ENTRIES
    }
    read = nodes(tiles.__getitem__, size)
    assert tree_root(size, read) == naive_root(leaves)
    for index in (0, size // 2, size - 1):
        assert inclusion_proof(index, size, read) == inclusion_proof(index, size, node)
    with pytest.raises(ValueError, match="does not hold"):
        tree_root(size, nodes(lambda tile: tiles[tile][:-1], size))


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    content = bundle(entries)
    assert entries_of(content, len(entries)) == entries
    with pytest.raises(ValueError, match="instead of"):
        entries_of(content, len(entries) + 1)
    if entries and entries[-1]:
        with pytest.raises(ValueError, match="cut off"):
            entries_of(content[:-1], 1)


def test_a_bundle_is_lengths_and_entries() -> None:
    assert bundle([b"", b"ab"]) == b"\0\0\0\2ab"
    assert hashlib.sha256(bundle([b"x" * 65535])).digest() == hashlib.sha256(b"\xff\xff" + b"x" * 65535).digest()
    with pytest.raises(ValueError):
        bundle([b"x" * 65536])
    with pytest.raises(ValueError):
        entries_of(b"\0", 0)


def test_spans_stay_inside_bundles() -> None:
    assert list(spans(5, 5)) == []
    assert list(spans(250, 600)) == [(250, 256), (256, 512), (512, 600)]
    assert list(spans(256, 512)) == [(256, 512)]
