"""The outline of a head: what it shows, that ordinary files show nothing, and which formats ask for what."""

import pytest
from tests.samples.graphs_build import number, ranged

from weighbridge.formats import protobuf_start
from weighbridge.formats.protobuf_start import outline
from weighbridge.formats.protobuf_wire import RANGE, VARINT


def test_outline_of_a_message() -> None:
    seen = outline((number(1, 8) + ranged(7, bytes(9000)))[:4096])
    assert seen.has(1, VARINT)
    assert seen.has(7, RANGE)


@pytest.mark.parametrize(
    "head", [b"hello, world", b"#!/bin/sh\n", b"\x7fELF\x02\x01\x01\0", b"PK\x03\x04", b"<html>", b"\0" * 20]
)
def test_other_files_have_no_outline(head: bytes) -> None:
    assert not outline(head).fields or not {1, 7, 8} <= {field for field, _ in outline(head).fields}


SHOWS = {
    "could_be_core_ml": number(1, 4) + ranged(2, b"x"),
    "could_be_keras_metadata": ranged(1, b"_tf_keras_layer"),
    "could_be_onnx": ranged(2, b"maker") + ranged(7, b"x"),
    "could_be_saved_model": ranged(2, b"x"),
    "could_hold_nodes": ranged(1, b"node"),
}


@pytest.mark.parametrize("name", SHOWS)
def test_each_format_asks_for_fields_of_its_own(name: str) -> None:
    could_be = getattr(protobuf_start, name)
    assert could_be(SHOWS[name])
    assert could_be(SHOWS[name])  # the outline of a head is kept
    assert not could_be(ranged(9, b"x"))
