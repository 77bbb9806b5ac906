import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.samples.packing import tar_block

from weighbridge.formats.tar_header import could_be_header, old_sparse_map, parse_header, real_size


@pytest.mark.parametrize("tar_format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT])
def test_reads_what_tarfile_writes(tar_format):
    info = tarfile.TarInfo("folder/" + "x" * 60)
    info.size = 12345
    block = info.tobuf(tar_format)[:512]
    header = parse_header(block)
    assert (header.name, header.size, header.is_regular) == (info.name.encode(), 12345, True)
    assert could_be_header(block)


def test_a_prefix_is_joined():
    info = tarfile.TarInfo("a" * 90 + "/" + "b" * 90)
    assert parse_header(info.tobuf(tarfile.USTAR_FORMAT)[:512]).name == info.name.encode()


def test_large_sizes_in_base_256():
    info = tarfile.TarInfo("a")
    info.size = 1 << 40
    assert parse_header(info.tobuf(tarfile.GNU_FORMAT)[:512]).size == 1 << 40


def test_wrong_checksums_and_numbers_are_no_header():
    block = bytearray(tar_block(b"a"))
    block[0] ^= 1
    assert parse_header(bytes(block)) is None
    assert parse_header(tar_block(b"a")[:500]) is None
    assert not could_be_header(b"plain text " * 60)


def test_signed_checksums_of_old_programs():
    block = bytearray(tar_block(b"\xe4"))
    total = sum(block[:148]) + 256 + sum(block[156:]) - 256
    block[148:156] = b"%06o\x00 " % total
    assert parse_header(bytes(block)) is not None


def test_sparse_fields():
    block = bytearray(512)
    block[386:398], block[398:410] = b"00000001000\x00", b"00000000010\x00"
    block[483:495] = b"00000002000\x00"
    assert old_sparse_map(bytes(block), 386, 4) == [(0o1000, 0o10)]
    assert real_size(bytes(block)) == 0o2000


@given(st.binary(min_size=512, max_size=512))
def test_noise(block):
    could_be_header(block)
    parse_header(block)
