import gzip

import pytest

from weighbridge.formats.codec import expand_gzip
from weighbridge.formats.compressed_stream import inner_name, read_compressed
from weighbridge.model.budget import Budget, Limits
from weighbridge.model.source import BytesSource, LimitReached


@pytest.mark.parametrize(
    ("name", "inner"),
    [(b"m.pkl.gz", b"m.pkl"), (b"a.tgz", b"a.tar"), (b"a.TBZ2", b"a.tar"), (b"plain", b"plain"), (b"", b"content")],
)
def test_inner_name(name, inner):
    assert inner_name(name) == inner


def test_ordinary_content_is_expanded_only_at_its_start():
    budget = Budget()
    packed = gzip.compress(b"".join(number.to_bytes(4, "big") for number in range(2_000_000)))
    reading = read_compressed("gzip", expand_gzip, BytesSource(packed, b"a.bin.gz"), budget)
    assert budget.expanded < 3 << 20
    assert [child.member for child in reading.children] == ["a.bin"]


def test_a_bomb_is_expanded_to_the_limit_and_no_farther():
    budget = Budget(Limits(expanded_bytes=16 << 20))
    with pytest.raises(LimitReached):
        read_compressed("gzip", expand_gzip, BytesSource(gzip.compress(bytes(64 << 20))), budget)
    assert budget.expanded < 40 << 20


def test_what_packs_well_but_is_small_is_no_bomb():
    reading = read_compressed("gzip", expand_gzip, BytesSource(gzip.compress(bytes(8 << 20))), Budget())
    assert reading.observations == ()
