"""The outline of a head: what it shows, and that ordinary files show nothing."""

import pytest
from tests.samples.graphs_build import number, ranged

from weighbridge.formats.protobuf_head import looks_like, outline, top_level
from weighbridge.formats.protobuf_wire import RANGE, VARINT, Wire
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource


def test_outline_of_a_message() -> None:
    seen = outline((number(1, 8) + ranged(7, bytes(9000)))[:4096])
    assert seen.has(1, VARINT)
    assert seen.has(7, RANGE)


@pytest.mark.parametrize(
    "head", [b"hello, world", b"#!/bin/sh\n", b"\x7fELF\x02\x01\x01\0", b"PK\x03\x04", b"<html>", b"\0" * 20]
)
def test_other_files_have_no_outline(head: bytes) -> None:
    assert not outline(head).fields or not {1, 7, 8} <= {field for field, _ in outline(head).fields}


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
