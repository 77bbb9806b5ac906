"""TensorFlow checkpoint tables, written here block by block."""

from hypothesis import given
from tests.samples.graphs_build import number
from tests.samples.graphs_rare import checkpoint, table, table_block, table_tensor
from tests.samples.graphs_reading import damaged, facts, kinds, read, recognized, survives

from weighbridge.formats.tf_checkpoint import READER

PLAIN = checkpoint(2)


def test_facts_and_parts() -> None:
    reading = read(READER, PLAIN, b"model.ckpt-1.index")
    assert recognized(READER, PLAIN)
    assert facts(reading)["parameters"] == 36
    assert [part.relative_path for part in reading.parts_wanted] == [
        "model.ckpt-1.data-00000-of-00002",
        "model.ckpt-1.data-00001-of-00002",
    ]
    assert not reading.observations


def test_impossible_tables() -> None:
    assert kinds(read(READER, table(table_block([(0, b"", number(1, 1 << 40))])))) == {"Malformed"}
    assert not recognized(READER, b"\1" + PLAIN[1:])


def test_keys_that_grow_from_entry_to_entry() -> None:
    growing = [(9000 * index, b"k" * 9000, number(1, 1)) for index in range(3)]
    assert kinds(read(READER, table(table_block([(0, b"", number(1, 1)), *growing])))) == {"Malformed"}


def test_more_dimensions_than_tensorflow_has() -> None:
    deep = table_tensor(*[1 << 62] * 300)
    assert kinds(read(READER, table(table_block([(0, b"", number(1, 1)), (0, b"w", deep)])))) == {"Malformed"}


@given(damaged([PLAIN]))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
