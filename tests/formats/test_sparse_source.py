import pytest

from weighbridge.formats.sparse_source import SparseSource
from weighbridge.model.source import BytesSource, SourceError

PARENT = BytesSource(b"....abcdef")


def test_pieces_and_holes():
    source = SparseSource(PARENT, 4, ((2, 3), (8, 3)), 12, b"x")
    assert source.read(0, 99) == b"\0\0abc\0\0\0def\0"
    assert source.read(4, 5) == b"c\0\0\0d"
    assert source.read(20, 1) == b""


def test_one_piece_is_the_content():
    source = SparseSource(PARENT, 4, ((0, 6),), 6, b"x")
    assert source.read(1, 3) == b"bcd"


def test_pieces_that_go_back_are_dropped():
    assert SparseSource(PARENT, 4, ((2, 2), (1, 2)), 6, b"x").read(0, 6) == b"\0\0ab\0\0"


def test_impossible_ranges():
    with pytest.raises(SourceError):
        SparseSource(PARENT, 4, ((0, 6),), 6, b"x").read(-1, 2)
