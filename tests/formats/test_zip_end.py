from tests.samples.packing import Member, stored, zip_bytes

from weighbridge.formats.zip_end import find_end_records
from weighbridge.model.source import BytesSource


def found(content: bytes):
    return list(find_end_records(BytesSource(content)))


def test_the_end_record_leads_to_the_directory():
    content = stored({"a": b"x"})
    [end] = found(content)
    assert content[end.directory_offset :].startswith(b"PK\x01\x02")
    assert (end.count, end.shift, end.trailing, end.comment) == (1, 0, 0, b"")


def test_bytes_before_and_after_are_counted():
    [end] = found(zip_bytes([Member(name=b"a")], prefix=b"12345", shifted=False, comment=b"note", after=b"xyz"))
    assert (end.shift, end.trailing, end.comment) == (5, 3, b"note")


def test_a_record_without_its_directory_does_not_count():
    assert found(b"PK\x05\x06" + bytes(5) + b"\x01" + bytes(5) + b"\xff" * 8 + bytes(2)) == []
    assert found(b"") == []


def test_reads_are_few():
    class Counted(BytesSource):
        reads = 0

        def read(self, offset: int, length: int) -> bytes:
            Counted.reads += 1
            return super().read(offset, length)

    list(find_end_records(Counted(stored({"a": bytes(1 << 20)}))))
    assert Counted.reads <= 6
