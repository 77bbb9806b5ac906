import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.formats.seven_zip_header import Cursor, HeaderError, read_header, read_streams


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"\x05", 5),
        (b"\x7f", 127),
        (b"\x80\x80", 128),
        (b"\xc0\x34\x12", 0x1234),
        (b"\xff" + b"\x01" * 8, 0x0101010101010101),
    ],
)
def test_numbers(content, value):
    assert Cursor(content).number() == value


def test_bits_and_bounds():
    assert Cursor(b"\xa0").bits(4) == [True, False, True, False]
    with pytest.raises(HeaderError, match="ends early"):
        Cursor(b"ab").take(3)
    with pytest.raises(HeaderError, match="counts"):
        Cursor(b"\x7f12").count()


@given(st.binary(max_size=200))
def test_noise(content):
    for read in (read_header, read_streams):
        try:
            read(Cursor(content))
        except HeaderError:
            pass
