import gzip
import hashlib
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.formats.codec import expand_deflate, expand_gzip, expand_zlib
from weighbridge.model.budget import Budget, Limits
from weighbridge.model.source import BytesSource, LimitReached, SourceError
from weighbridge.model.stream_source import LIVE_STREAMS, RESTARTS, WINDOW_BYTES, StreamSource, joined

TEXT = bytes(random.Random(1).choices(b"abcdefgh", k=6 << 20))
PACKED = gzip.compress(TEXT, 1)


class Counted(BytesSource):
    """Counts the bytes that were read."""

    __slots__ = ("taken",)

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.taken = 0

    def read(self, offset: int, length: int) -> bytes:
        block = super().read(offset, length)
        self.taken += len(block)
        return block


def stream(packed: bytes = PACKED, **options: object) -> StreamSource:
    return StreamSource(BytesSource(packed), expand_gzip, options.pop("budget", None) or Budget(), **options)


@given(st.lists(st.tuples(st.integers(0, len(TEXT) + 10), st.integers(0, 5000)), max_size=6))
def test_reads_like_the_expanded_bytes(ranges):
    source = stream()
    for offset, length in ranges:
        assert source.read(offset, length) == TEXT[offset : offset + length]


def test_the_start_costs_only_the_start():
    parent = Counted(PACKED)
    source = StreamSource(parent, expand_gzip, Budget())
    assert source.read(0, 4096) == TEXT[:4096]
    assert parent.taken < 16 << 10


def test_size_is_found_by_one_pass_and_kept():
    budget = Budget()
    source = stream(budget=budget)
    assert source.size == len(TEXT) == source.size
    assert budget.expanded == len(TEXT)


def test_a_near_end_is_given_and_a_far_one_is_not():
    assert stream(gzip.compress(b"x" * 5000)).tail(4, 1 << 20) == b"xxxx"
    budget = Budget()
    assert stream(budget=budget).tail(4, 1 << 20) == b""
    assert budget.expanded < 3 << 20


def test_a_read_behind_the_window_starts_again_and_is_counted():
    budget = Budget()
    source = stream(budget=budget)
    source.read(len(TEXT) - 1, 1)
    source.read(WINDOW_BYTES, 1)
    assert len(TEXT) + WINDOW_BYTES <= budget.expanded <= 2 * len(TEXT)


def test_restarts_are_bounded():
    source = stream(gzip.compress(bytes(4 << 20)), budget=Budget(Limits(expanded_bytes=1 << 40)))
    for _ in range(RESTARTS):
        source.read((4 << 20) - 1, 1)
        source.read(1 << 20, 1)
    source.read((4 << 20) - 1, 1)
    with pytest.raises(SourceError, match="more than"):
        source.read(1 << 20, 1)


def test_bytes_before_a_defect_are_readable_and_the_defect_is_named():
    source = stream(PACKED[:-100])
    assert source.read(0, 10) == TEXT[:10]
    assert 0 < source.size < len(TEXT)
    assert source.damage == "gzip data ends early"
    with pytest.raises(SourceError, match="ends early"):
        source.read(source.size, 1)


@pytest.mark.parametrize(
    ("declared", "damage"), [(len(TEXT) - 5, "more than the declared"), (len(TEXT) + 5, "ends after")]
)
def test_a_false_declared_size_is_damage(declared, damage):
    source = stream(size=declared)
    source.read(len(TEXT) - 10, 10)
    source.read(len(TEXT) - 1, 10)
    assert source.size == declared
    assert damage in source.damage


def test_a_bomb_ends_at_the_limit():
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(40)) + packer.flush()
    budget = Budget(Limits(expanded_bytes=8 << 20))
    with pytest.raises(LimitReached):
        _ = StreamSource(BytesSource(bomb), expand_deflate, budget).size
    assert budget.expanded < 14 << 20


def test_honestly_large_content_passes_the_fixed_limit():
    assert stream(budget=Budget(Limits(expanded_bytes=1 << 20))).size == len(TEXT)


def test_nested_streams_earn_nothing():
    inner = gzip.compress(bytes(30 << 20))
    outer = StreamSource(
        BytesSource(gzip.compress(inner)), expand_gzip, budget := Budget(Limits(expanded_bytes=1 << 20))
    )
    with pytest.raises(LimitReached):
        _ = StreamSource(outer, expand_gzip, budget).size


def test_only_a_few_streams_keep_their_state():
    budget = Budget()
    streams = [stream(budget=budget) for _ in range(LIVE_STREAMS + 3)]
    for source in streams:
        source.read(1 << 20, 10)
    assert len([source for source in streams if source._pieces is not None]) == LIVE_STREAMS
    assert streams[0].read(1 << 20, 10) == TEXT[1 << 20 : (1 << 20) + 10]


def test_impossible_ranges():
    with pytest.raises(SourceError):
        stream().read(-1, 1)
    with pytest.raises(LimitReached):
        stream().read(0, 1 << 40)


def test_joined_pieces():
    pull = joined(iter([b"abc", b"", b"defg"]))
    assert [pull(2), pull(4), pull(9), pull(1)] == [b"ab", b"cdef", b"g", b""]


def test_a_range_is_hashed_while_it_comes_by() -> None:
    source = stream()
    start = 100
    source.read(0, start)
    source.watch(start, len(TEXT) - start)
    assert source.watched(start, len(TEXT) - start) is None
    source.read(len(TEXT) - 10, 10)
    source.read(0, 10)
    assert source.watched(start, len(TEXT) - start) == hashlib.sha256(TEXT[start:]).hexdigest()
    source.read(100_000, 10)
    source.watch(100_000, 10)
    assert source.watched(100_000, 10) == hashlib.sha256(TEXT[100_000:100_010]).hexdigest()
    source.watch(len(TEXT) - 1, 1)
    assert source.watched(len(TEXT) - 1, 1) is None


def test_a_range_that_was_not_gone_through_has_no_digest() -> None:
    source = stream()
    source.read(len(TEXT) - 1, 1)
    source.read(0, 10)
    source.watch(5, len(TEXT) - 1000)
    source.read(len(TEXT) - 1, 1)
    assert source.watched(5, len(TEXT) - 1000) is None


def test_going_back_costs_the_way_from_the_nearest_mark() -> None:
    content = random.Random(2).randbytes(1 << 20) * 40
    budget = Budget()
    source = StreamSource(BytesSource(zlib.compress(content, 1)), expand_zlib, budget)
    source.read(len(content) - 10, 10)
    once = budget.expanded
    for offset in (9 << 20, 30 << 20, 39 << 20, 2 << 20):
        assert source.read(offset, 99) == content[offset : offset + 99]
    assert budget.expanded - once < 5 * (5 << 20)
    assert source.read(len(content) - 10, 10) == content[-10:]


def test_what_was_shed_is_read_again_from_the_beginning() -> None:
    parent = Counted(PACKED)
    source = StreamSource(parent, expand_gzip, Budget())
    assert source.read(0, 100) == TEXT[:100]
    before = parent.taken
    assert source.read(0, 100) == TEXT[:100]
    assert parent.taken == before
    source.shed()
    assert source.read(50, 100) == TEXT[50:150]
    assert parent.taken > before
    assert source.size == len(TEXT)
    source.shed()
    assert source.read(len(TEXT) - 5, 10) == TEXT[-5:]
