import struct

from weighbridge.formats.zip_fields import decode, extra_fields, unicode_path, zip64_sizes

WIDE = struct.pack("<HHQQ", 1, 16, 1 << 33, 1 << 32)


def test_names():
    assert decode("größe".encode()) == "größe"
    assert decode(b"gr\x94\xe1e") == "größe"


def test_extra_fields_are_cut_at_the_end():
    assert list(extra_fields(WIDE + b"\x99")) == [(1, WIDE[4:])]
    assert list(extra_fields(b"\x01\x00\xff\xff12")) == [(1, b"12")]


def test_only_fields_of_all_ones_are_replaced():
    ones = 0xFFFFFFFF
    assert zip64_sizes(WIDE, ones, ones, 5) == (1 << 33, 1 << 32, 5)
    assert zip64_sizes(WIDE, 7, 8, 9) == (7, 8, 9)
    assert zip64_sizes(b"", ones, 8, 9) == (ones, 8, 9)


def test_unicode_path():
    assert unicode_path(struct.pack("<HHBI", 0x7075, 8, 1, 0) + b"abc") == b"abc"
    assert unicode_path(WIDE) is None


def test_a_name_too_long_for_any_system_is_shortened_and_stays_its_own() -> None:
    first, second = decode(b"a" * 60_000), decode(b"a" * 60_001)
    assert len(first) < 300
    assert first != second
