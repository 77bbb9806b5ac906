"""The wire-format walker: every wire type, every way to be cut or to lie, tensors passed over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.samples.graphs_build import number, ranged, varint
from tests.samples.graphs_reading import CountedSource

from weighbridge.formats.gathering import StructureError
from weighbridge.formats.protobuf_wire import Wire, signed
from weighbridge.model.budget import Budget, Limits
from weighbridge.model.observation import Damage
from weighbridge.model.source import BytesSource, LimitReached


def fields(content: bytes) -> list[tuple[int, int, int, int]]:
    return list(Wire(BytesSource(content), Budget()).fields())


def test_every_wire_type() -> None:
    content = (
        number(1, 300) + ranged(2, b"abc") + varint(3 << 3 | 5) + b"\1\0\0\0" + varint(4 << 3 | 1) + b"\2" + bytes(7)
    )
    assert [(field, wire, value) for field, wire, value, _ in fields(content)] == [
        (1, 0, 300),
        (2, 2, 3),
        (3, 5, 1),
        (4, 1, 2),
    ]


def test_unknown_groups_are_passed_over() -> None:
    content = varint(9 << 3 | 3) + number(1, 5) + ranged(2, b"hidden") + varint(9 << 3 | 4) + number(7, 1)
    assert [field for field, *_ in fields(content)] == [7]


def test_a_long_range_is_not_read() -> None:
    source = CountedSource(number(1, 8) + ranged(9, bytes(5 << 20)) + number(2, 3))
    assert [field for field, *_ in Wire(source, Budget()).fields()] == [1, 9, 2]
    assert source.asked < 20_000


def test_a_cut_range_is_yielded_before_the_error() -> None:
    wire = Wire(BytesSource(ranged(2, b"abcdef")[:-3]), Budget())
    seen = []
    with pytest.raises(StructureError) as caught:
        seen.extend(wire.fields())
    assert caught.value.damage is Damage.TRUNCATED
    assert wire.truncated


def test_an_inner_length_that_leaves_its_message_is_invalid() -> None:
    inner = number(1, 1) + b"\x12\x7f"
    content = ranged(1, inner) + ranged(2, bytes(200))
    wire = Wire(BytesSource(content), Budget())
    _, _, length, at = next(wire.fields())
    with pytest.raises(StructureError) as caught:
        list(wire.fields(at, at + length))
    assert caught.value.damage is Damage.INVALID


@pytest.mark.parametrize("content", [b"\x06\0", b"\x00\x01", b"\x0c", b"\x08" + b"\x80" * 11])
def test_what_no_writer_makes_is_refused(content: bytes) -> None:
    with pytest.raises(StructureError):
        fields(content)


def test_too_many_fields_are_refused() -> None:
    wire = Wire(BytesSource(number(1, 1) * 1000), Budget(Limits(items=200)))
    with pytest.raises(LimitReached):
        list(wire.fields())


@given(
    st.lists(st.tuples(st.integers(1, 500), st.one_of(st.integers(0, 2**64 - 1), st.binary(max_size=300))), max_size=60)
)
def test_what_was_written_is_read(written: list[tuple[int, int | bytes]]) -> None:
    content = b"".join(number(f, v) if isinstance(v, int) else ranged(f, v) for f, v in written)
    wire = Wire(BytesSource(content), Budget())
    found = [(f, v if w == 0 else wire.content(at, v)) for f, w, v, at in wire.fields()]
    assert found == written


@given(st.binary(max_size=400))
def test_any_bytes_end_in_fields_or_a_structure_error(content: bytes) -> None:
    try:
        assert len(fields(content)) <= len(content)
    except StructureError:
        pass


def test_runs_of_numbers_are_passed_over_and_what_follows_is_seen() -> None:
    floats = (varint(7 << 3 | 5) + b"\x3d\x3d\x3d\x3d") * 100_000
    integers = b"".join(number(8, value) for value in (0, 127, 128, 1 << 63)) * 50_000
    content = floats + integers + ranged(5, b"tensor") + number(8, 1)
    wire = Wire(BytesSource(content), Budget(Limits(items=100)))
    assert [field for field, *_ in wire.fields(runs=frozenset({7, 8}))] == [7, 8, 5, 8]
    inner = ranged(1, number(8, 5) * 3) + number(8, 6)
    wire = Wire(BytesSource(inner), Budget())
    _, _, length, at = next(wire.fields())
    assert len(list(wire.fields(at, at + length, frozenset({8})))) == 1


def test_numbers() -> None:
    assert signed(2**64 - 1) == -1
    assert Wire(BytesSource(varint(5) + varint(700)), Budget()).varints(0, 3) == [5, 700]
