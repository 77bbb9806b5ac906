import gzip
import itertools
import random
import zlib
from collections.abc import Iterator

import pytest

from weighbridge.formats.codec import expand_gzip
from weighbridge.formats.inflate import Inflating
from weighbridge.model.source import SourceError

NOISE = random.Random(5).randbytes(900_000)
TEXT = NOISE + b"weights " * 200_000 + NOISE


class Pulling:
    def __init__(self, packed: bytes, position: int = 0) -> None:
        self.packed = packed
        self.position = position

    def __call__(self, amount: int) -> bytes:
        block = self.packed[self.position : self.position + amount]
        self.position += len(block)
        return block


def test_pieces_are_short_and_complete() -> None:
    packed = gzip.compress(TEXT) + gzip.compress(b"more") + bytes(700)
    pieces = list(expand_gzip(Pulling(packed)))
    assert b"".join(pieces) == TEXT + b"more"
    assert max(map(len, pieces)) <= 256 << 10


@pytest.mark.parametrize("after", [0, 1, 4, 9])
def test_a_mark_goes_on_where_it_was_made(after: int) -> None:
    pull = Pulling(gzip.compress(TEXT) + gzip.compress(TEXT))
    expanding = expand_gzip(pull)
    assert isinstance(expanding, Inflating)
    before = b"".join(itertools.islice(expanding, after))
    position, mark = pull.position, expanding.mark()
    rest = b"".join(expanding)
    assert before + rest == TEXT + TEXT
    for _ in range(2):
        again: Iterator[bytes] = mark(Pulling(pull.packed, position))
        assert b"".join(again) == rest


@pytest.mark.parametrize(
    ("packed", "said"),
    [
        (gzip.compress(TEXT)[:-9], "ends early"),
        (gzip.compress(TEXT) + b"something else", "data after the end"),
        (gzip.compress(TEXT)[:-8] + bytes(8), "damaged gzip"),
        (b"", "ends early"),
    ],
)
def test_defects_are_told(packed: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        list(expand_gzip(Pulling(packed)))


def test_raw_deflate_takes_one_stream() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(TEXT) + packer.flush()
    assert b"".join(Inflating(Pulling(packed), -15, "deflate", None)) == TEXT
    with pytest.raises(SourceError, match="data after"):
        list(Inflating(Pulling(packed + b"x"), -15, "deflate", None))
