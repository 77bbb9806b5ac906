"""TensorFlow checkpoint tables, written here block by block."""

from hypothesis import given
from tests.samples.graphs_build import number, ranged, varint
from tests.samples.graphs_reading import damaged, facts, kinds, read, recognized, survives

from weighbridge.formats.tf_checkpoint import MAGIC, READER


def block(entries: list[tuple[bytes, bytes]]) -> bytes:
    body = b"".join(varint(0) + varint(len(key)) + varint(len(value)) + key + value for key, value in entries)
    return body + b"\0\0\0\0" + b"\1\0\0\0"


def table(entries: list[tuple[bytes, bytes]]) -> bytes:
    data = block(entries)
    index = block([(b"z", varint(0) + varint(len(data)))])
    start = len(data) + 5
    footer = (varint(0) + varint(0) + varint(start) + varint(len(index))).ljust(40, b"\0") + MAGIC
    return data + b"\0" * 5 + index + b"\0" * 5 + footer


def tensor(rows: int) -> bytes:
    return number(1, 1) + ranged(2, ranged(2, number(1, rows)) + ranged(2, number(1, 4)))


PLAIN = table([(b"", number(1, 2)), (b"w", tensor(8))])


def test_facts_and_parts() -> None:
    reading = read(READER, PLAIN, b"model.ckpt-1.index")
    assert recognized(READER, PLAIN)
    assert facts(reading)["parameters"] == 32
    assert [part.relative_path for part in reading.parts_wanted] == [
        "model.ckpt-1.data-00000-of-00002",
        "model.ckpt-1.data-00001-of-00002",
    ]
    assert not reading.observations


def test_impossible_tables() -> None:
    assert kinds(read(READER, table([(b"", number(1, 1 << 40))]))) == {"Malformed"}
    assert not recognized(READER, b"\1" + PLAIN[1:])


@given(damaged([PLAIN]))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
