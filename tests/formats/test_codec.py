import bz2
import gzip
import lzma
import zlib

import lz4.frame
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from tests.samples.packing import xz_asking_for

from weighbridge.formats import codec
from weighbridge.formats.zstd_frames import expand_zstd
from weighbridge.model.budget import Budget, Limits
from weighbridge.model.source import BytesSource, LimitReached, SourceError

TEXT = b"all work and no play " * 5000
CODECS = {
    "gzip": (codec.expand_gzip, gzip.compress),
    "bzip2": (codec.expand_bzip2, bz2.compress),
    "xz": (codec.expand_xz, lzma.compress),
    "lzma": (codec.expand_lzma_alone, lambda content: lzma.compress(content, lzma.FORMAT_ALONE)),
    "zlib": (codec.expand_zlib, zlib.compress),
    "lz4": (codec.expand_lz4, lz4.frame.compress),
    "zstd": (expand_zstd, zstandard.compress),
}
every = pytest.mark.parametrize("name", CODECS)


def expanded(name: str, packed: bytes) -> tuple[bytes, str | None]:
    source = codec.stream(BytesSource(packed), CODECS[name][0], Budget())
    return source.read(0, 1 << 20), source.damage


@every
def test_expands_what_its_library_packs(name):
    packed = CODECS[name][1](TEXT)
    assert expanded(name, packed) == (TEXT, None)
    assert expanded(name, CODECS[name][1](b""))[1] is None


@pytest.mark.parametrize("name", ["gzip", "bzip2", "xz", "lz4", "zstd"])
def test_takes_streams_in_a_row(name):
    pack = CODECS[name][1]
    assert expanded(name, pack(TEXT) + pack(b"more")) == (TEXT + b"more", None)


@every
@pytest.mark.parametrize("tail", [b"x", b"garbage!" * 9])
def test_data_after_the_end_is_damage(name, tail):
    content, damage = expanded(name, CODECS[name][1](TEXT) + tail)
    assert content == TEXT
    assert damage is not None


@every
@given(data=st.data())
def test_damage_never_raises_anything_else(name, data):
    packed = bytearray(CODECS[name][1](TEXT[: data.draw(st.integers(0, 4000))]))
    for _ in range(data.draw(st.integers(1, 3))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(packed)))
    source = codec.stream(BytesSource(bytes(packed[:cut])), CODECS[name][0], Budget(Limits(expanded_bytes=1 << 20)))
    try:
        source.read(0, 1 << 20)
    except (SourceError, LimitReached):
        pass


@every
def test_pieces_stay_small_however_well_the_content_packs(name):
    packed = BytesSource(CODECS[name][1](bytes(8 << 20)))
    position = 0

    def pull(amount: int) -> bytes:
        nonlocal position
        block = packed.read(position, amount)
        position += len(block)
        return block

    assert max(len(piece) for piece in CODECS[name][0](pull)) <= 1 << 20


def test_decoders_that_ask_for_too_much_memory_are_refused():
    with pytest.raises(SourceError, match="Memory"):
        expanded("xz", xz_asking_for(1 << 30, b"a" * 100))
    raw = codec.raw_lzma([{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 30}])
    with pytest.raises(SourceError, match="memory"):
        next(raw(lambda _amount: b""))


def test_codec_of_knows_first_bytes():
    assert codec.codec_of(gzip.compress(b"x"))[0] == "gzip"
    assert codec.codec_of(b"plain") is None


def test_first_piece_needs_only_the_start():
    assert codec.first_piece(BytesSource(gzip.compress(TEXT)), codec.expand_gzip, 8) == TEXT[:8]
    assert codec.first_piece(BytesSource(b"plain text"), codec.expand_gzip, 8) == b""


def test_skippable_frames_are_passed_over():
    packed = b"\x5a\x2a\x4d\x18\x03\0\0\0abc" + zstandard.compress(TEXT)
    assert codec.magic_after_skippable(BytesSource(packed), packed[:100]) == codec.ZSTD
    assert expanded("zstd", packed) == (TEXT, None)
