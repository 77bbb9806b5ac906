"""Headers of streams without fixed first bytes."""

import lzma
import zlib

import pytest

from weighbridge.formats.compressed_start import ZLIB_BEGINNINGS, could_be_lzma, could_be_zlib


@pytest.mark.parametrize("level", range(10))
def test_zlib(level: int) -> None:
    packed = zlib.compress(b"weights" * 9, level)
    assert could_be_zlib(packed)
    assert packed[0] in ZLIB_BEGINNINGS
    assert not could_be_zlib(b"x" + packed[1:2] + b"\1" + packed[2:][:4])
    assert not could_be_zlib(b"xylophone")


@pytest.mark.parametrize("preset", range(10))
def test_lzma(preset: int) -> None:
    packed = lzma.compress(b"weights" * 9, lzma.FORMAT_ALONE, preset=preset)
    assert could_be_lzma(packed)
    assert not could_be_lzma(packed[:13] + b"\1" + packed[14:])
    assert not could_be_lzma(b"]ordinary text in brackets[")
