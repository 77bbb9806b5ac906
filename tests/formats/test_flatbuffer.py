"""Flatbuffers: what was written is read; no offset leaves the file unnoticed."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.samples.graphs_build import Flat
from tests.samples.graphs_reading import CountedSource

from weighbridge.formats import flatbuffer
from weighbridge.formats.flatbuffer import FlatBuffer
from weighbridge.formats.gathering import StructureError
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource, LimitReached

CONTENT = Flat(b"TEST").finish({0: 7, 1: "text", 3: [{0: 1}, {0: 2}], 4: [5, -6], 5: {0: 9}})


def root(content: bytes) -> flatbuffer.Table:
    return FlatBuffer(BytesSource(content), Budget()).root()


def test_what_was_written_is_read() -> None:
    table = root(CONTENT)
    assert table.number(0) == 7
    assert table.text(1) == "text"
    assert table.number(2, default=3) == 3
    assert [item.number(0) for item in table.tables(3)] == [1, 2]
    assert table.integers(4) == (5, -6)
    inner = table.table(5)
    assert inner is not None
    assert inner.number(0) == 9
    assert table.table(90) is None


@pytest.mark.parametrize("offset", [0, 0xFFFFFFFF, len(CONTENT), len(CONTENT) - 2])
def test_a_root_that_is_not_there(offset: int) -> None:
    with pytest.raises(StructureError):
        root(offset.to_bytes(4, "little") + CONTENT[4:]).tables(3)


def test_a_vector_longer_than_the_file() -> None:
    at = CONTENT.index(b"\4\0\0\0text")
    with pytest.raises(StructureError):
        root(CONTENT[:at] + b"\xff\xff\xff\x7f" + CONTENT[at + 4 :]).text(1)


def test_tables_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flatbuffer, "MOST_OBJECTS", 2)
    with pytest.raises(LimitReached):
        root(CONTENT).tables(3)


@given(st.binary(min_size=4, max_size=300))
def test_any_bytes(content: bytes) -> None:
    try:
        table = root(content)
        for slot in range(6):
            table.tables(slot)
            table.text(slot)
            table.integers(slot)
    except StructureError:
        pass


def test_a_long_vtable_that_many_tables_share_is_held_once() -> None:
    content = Flat(b"TEST").finish({0: 5, 1900: 1})
    buffer = FlatBuffer(BytesSource(content), Budget())
    at = buffer.root().position
    tracemalloc.start()
    kept = [buffer.table(at) for _ in range(20_000)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert kept[-1].number(0) == 5
    assert peak < 8 << 20


def test_looking_back_and_forth_costs_small_reads() -> None:
    source = CountedSource(CONTENT + bytes(1 << 20))
    buffer = FlatBuffer(source, Budget())
    for number in range(200):
        buffer.number(number % 2 << 19)
    assert source.asked <= 202 * 4096


def test_a_long_row_costs_few_reads() -> None:
    source = CountedSource(bytes(1 << 20))
    buffer = FlatBuffer(source, Budget())
    for position in range(0, 1 << 20, 8):
        buffer.number(position)
    assert source.asked < 2 << 20
