"""Sources that make their bytes when they are read."""

import pytest

from weighbridge.host.fake_file import SparseSource
from weighbridge.model.source import SourceError


def test_pieces_in_zeros():
    source = SparseSource(100 << 30, {0: b"head", 10: b"middle", (100 << 30) - 4: b"tail"})
    assert source.read(0, 20) == b"head" + bytes(6) + b"middle" + bytes(4)
    assert source.read(12, 3) == b"ddl"
    assert source.read(source.size - 6, 100) == b"\0\0tail"
    assert source.read(source.size, 5) == b""
    with pytest.raises(SourceError):
        source.read(-1, 5)
