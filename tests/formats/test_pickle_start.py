"""A cheap test that says yes to every pickle and no to nearly everything else."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.formats.pickle_start import BEGINNINGS, could_begin

PIECES = [
    b"\x80\x02", b"cos\nsystem\n", b"I12\n", b"F1.5", b"S'a", b"V", b"abc", b"K\x01", b"(", b"]", b".", b"\x8c\x01a",
    b"G" + b"x" * 8, b"h", b"p1\n", b"\n", b"\0", b"L", b"\x95" + bytes(8), b"X\x01\0\0\0a",
]  # fmt: skip
TEXTS = [
    b"import os\n", b"#!/bin/sh\n", b"<html>", b'{"a": 1}', b"(function() {", b"[section]\n", b"class A:\n    pass\n",
    b"Copyright 2026\nLine", b"config = 1\nvalue = 2\n", b"This is text.\nMore", b"\x7fELF\x02\x01", b"GGUF\x03\0\0\0",
    b"PK\x03\x04", b"\0" * 40, b"%PDF-1.7",
]  # fmt: skip


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("data", [None, 5, "text", [1, 2], {"a": (1,)}, {1, 2}, b"bytes"])
def test_pickles(protocol: int, data: object) -> None:
    assert could_begin(pickle.dumps(data, protocol))


@pytest.mark.parametrize("text", [text for text in TEXTS if not text.startswith(b"Copyright")])
def test_other_content(text: bytes) -> None:
    assert not could_begin(text)


@given(st.lists(st.sampled_from(PIECES), max_size=5).map(b"".join) | st.binary(max_size=30))
def test_it_says_yes_for_its_beginnings_only(head: bytes) -> None:
    assert not could_begin(head) or head[0] in BEGINNINGS
