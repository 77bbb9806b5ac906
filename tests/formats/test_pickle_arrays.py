"""joblib's arrays are stepped over exactly, and what comes after is read."""

import pytest
from tests.samples.joblib_arrays import array, dtype, wrapper
from tests.samples.pickle_assembly import SYSTEM, call

from weighbridge.formats.pickle import read
from weighbridge.formats.pickle_arrays import item_bytes, lookup
from weighbridge.formats.pickle_values import Import, Result, container
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Malformed
from weighbridge.model.pickle_program import Kind, PickleDisagreement, PickleImport
from weighbridge.model.source import BytesSource


@pytest.mark.parametrize("padding", [0, 1, 15, 255])
def test_padding_is_stepped_over(padding: int) -> None:
    content = b"\x80\x03" + wrapper((2,)) + array(1.0, 2.0, padding=padding) + b"0" + SYSTEM + b"."
    reading = read(BytesSource(content), Budget())
    assert reading.format == "joblib"
    assert "os" in [item.module for item in reading.observations if isinstance(item, PickleImport)]
    assert not [item for item in reading.observations if isinstance(item, (Malformed, PickleDisagreement))]


def test_an_array_that_other_readers_run() -> None:
    program = SYSTEM + b"." + b"\0" * 40
    content = b"\x80\x03" + wrapper((4,), aligned=False) + program[:32] + b"."
    notes = read(BytesSource(content), Budget()).observations
    assert PickleDisagreement in map(type, notes)
    assert "os" in [item.module for item in notes if isinstance(item, PickleImport)]


def test_item_sizes() -> None:
    def of(code: str) -> int | None:
        return item_bytes(Result(Import("numpy", "dtype"), container(Kind.TUPLE, [code, False, True])))

    sizes = {"f8": 8, "<i4": 4, "|b1": 1, "U10": 40, "S7": 7, "M8": 8, "d": 8, "q9x": None, "zz": None}
    assert {code: of(code) for code in sizes} == sizes
    assert item_bytes(Import("numpy", "float32")) == 4
    assert item_bytes("f8") is None


def test_lookup_takes_the_last_value() -> None:
    assert lookup(container(Kind.DICT, ["a", 1, "a", 2]), "a") == 2
    assert lookup(None, "a") is None


def test_the_samples_agree_with_each_other() -> None:
    assert dtype().startswith(call("numpy", "dtype", "f8", False, True))
