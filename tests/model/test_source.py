import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.model.source import BytesSource, SliceSource, SourceError


@given(st.binary(max_size=64), st.integers(0, 80), st.integers(0, 80))
def test_bytes_are_read_as_a_slice(content: bytes, offset: int, length: int) -> None:
    assert BytesSource(content).read(offset, length) == content[offset : offset + length]


@given(st.binary(max_size=64), st.integers(0, 80), st.integers(0, 80), st.integers(0, 80), st.integers(0, 80))
def test_a_window_never_shows_what_is_outside(content: bytes, start: int, size: int, offset: int, length: int) -> None:
    window = SliceSource(BytesSource(content), start, size)
    assert window.read(offset, length) == content[start : start + size][offset : offset + length]
    assert window.size == len(content[start : start + size])


@pytest.mark.parametrize(("offset", "length"), [(-1, 1), (0, -1)])
def test_impossible_ranges_are_refused(offset: int, length: int) -> None:
    source = BytesSource(b"abc")
    for one in (source, SliceSource(source, 1, 2)):
        with pytest.raises(SourceError):
            one.read(offset, length)
