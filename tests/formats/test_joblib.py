"""Compressed pickles are recognized by what comes out of them."""

import bz2
import gzip
import lzma
import zlib

import pytest
from tests.samples.joblib_arrays import zfile
from tests.samples.pickle_assembly import SYSTEM, stream

from weighbridge.formats.joblib import READER, could_be, read, recognize
from weighbridge.formats.reader import Role
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource

EVIL = stream(SYSTEM, 3)


@pytest.mark.parametrize(
    "packed",
    [
        zlib.compress(EVIL),
        gzip.compress(EVIL, mtime=0),
        bz2.compress(EVIL),
        lzma.compress(EVIL),
        lzma.compress(EVIL, lzma.FORMAT_ALONE),
        zfile(EVIL),
        zfile(EVIL)[:21] + b" " + zfile(EVIL)[21:],
    ],
)
def test_every_compressor(packed: bytes) -> None:
    source = BytesSource(packed, b"model.joblib.gz")
    assert could_be(packed)
    assert recognize(source, packed[:4096])
    (child,) = read(source, Budget()).children
    assert child.role is Role.PART
    assert child.expect == "pickle"
    assert child.source.read(0, 100) == EVIL


@pytest.mark.parametrize("content", [gzip.compress(b"plain text", mtime=0), zlib.compress(b"\0" * 99), b"ZF0xzz"])
def test_other_compressed_content(content: bytes) -> None:
    assert not READER.recognize(BytesSource(content), content)
