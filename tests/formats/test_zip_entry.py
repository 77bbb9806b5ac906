import pytest
from tests.samples.packing import Member, zip_bytes

from weighbridge.formats.zip_directory import parse
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource, SourceError


def entry(**changes: object):
    source = BytesSource(zip_bytes([Member(name=b"folder\\a.bin", content=b"hello" * 9, **changes)]))
    return parse(source, Budget()).entries[0], source


def test_content_and_name():
    member, source = entry(method=8)
    content = member.source(source, Budget())
    assert content.read(0, 99) == b"hello" * 9
    assert content.name == b"a.bin"
    assert member.crc_matches(source, Budget())


def test_a_wrong_checksum_is_told():
    member, source = entry(local={"crc": 1}, central={"crc": 1})
    assert not member.crc_matches(source, Budget())


def test_unknown_methods_are_refused():
    member, source = entry(method=98)
    assert not member.readable
    assert member.method_name == "ppmd"
    with pytest.raises(SourceError, match="ppmd"):
        member.source(source, Budget())


def test_links_and_folders():
    assert entry(attributes=0o120777 << 16)[0].is_link
    assert not entry(attributes=0o100644 << 16)[0].is_link
    source = BytesSource(zip_bytes([Member(name=b"d/")]))
    assert parse(source, Budget()).entries[0].is_directory
