"""How far a walk over the outermost fields goes, and whether a message begins with allowed fields."""

from tests.samples.graphs_build import number, ranged

from weighbridge.formats.protobuf_head import looks_like, top_level
from weighbridge.formats.protobuf_wire import RANGE, VARINT, Wire
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource


def test_top_level_says_whether_it_reached_the_end() -> None:
    whole = number(1, 1) + ranged(2, b"abc")
    assert top_level(BytesSource(whole))[2]
    assert top_level(BytesSource(whole[:-1]))[2]
    assert not top_level(BytesSource(whole + b"\x0f"))[2]


def test_looks_like_compares_field_and_wire_type() -> None:
    content = number(1, 1) + ranged(2, b"x")
    wire = Wire(BytesSource(content), Budget())
    assert looks_like(wire, 0, len(content), frozenset({(1, VARINT), (2, RANGE)}))
    assert not looks_like(wire, 0, len(content), frozenset({(1, RANGE), (2, RANGE)}))
