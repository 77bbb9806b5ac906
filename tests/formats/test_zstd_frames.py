import pytest
import zstandard

from weighbridge.formats.zstd_frames import expand_zstd
from weighbridge.model.source import SourceError


def expand(packed: bytes) -> bytes:
    view = memoryview(packed)

    def pull(amount: int) -> bytes:
        nonlocal view
        block, view = bytes(view[:amount]), view[amount:]
        return block

    return b"".join(expand_zstd(pull))


@pytest.mark.parametrize("options", [{}, {"write_checksum": True}, {"write_content_size": False}, {"level": 19}])
def test_every_kind_of_frame(options):
    packed = zstandard.ZstdCompressor(**options).compress(b"weights " * 60_000)
    assert expand(packed) == b"weights " * 60_000


@pytest.mark.parametrize("cut", [3, 5, 9, 40, -1])
def test_an_early_end_is_told(cut):
    packed = zstandard.ZstdCompressor(write_checksum=True).compress(bytes(range(256)) * 40)
    with pytest.raises(SourceError):
        expand(packed[:cut])


def test_other_content_is_refused():
    with pytest.raises(SourceError, match="no zstd frame"):
        expand(b"plain text")
