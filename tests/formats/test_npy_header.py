"""The header is read as a literal and as nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.samples.torch_files import npy

from weighbridge.formats.npy_header import HeaderError, holds_objects, item_bytes, parse_header

PLAIN = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }"


def test_plain() -> None:
    header = parse_header(npy(PLAIN, b""))
    assert (header.descr, header.shape, header.fortran_order, header.length) == ("<f8", (3, 4), False, 128)


@pytest.mark.parametrize(
    "text",
    [
        "{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1+1,), }",
        "{'descr': '<f8', 'shape': (1,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': [1], }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), } + 1",
        "(" * 60,
        "",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(HeaderError):
        parse_header(npy(text, b""))


def test_items() -> None:
    assert item_bytes("<f8") == 8
    assert item_bytes("<U5") == 20
    assert item_bytes([("a", "<f4"), ("b", "<i8", (2, 3))]) == 52
    assert item_bytes("|O") is None
    assert holds_objects([("a", "<f4"), ("b", [("c", "|O")])])
    assert not holds_objects([("a", "<f4")])
    assert holds_objects("no type")


@given(st.text(max_size=100))
def test_no_other_exception(text: str) -> None:
    try:
        parse_header(npy(text.replace("\ud800", ""), b""))
    except (HeaderError, UnicodeEncodeError):
        pass
