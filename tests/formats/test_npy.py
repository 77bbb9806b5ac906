"""Arrays of numbers are stepped over; arrays of objects are pickles."""

import io

import numpy as np
import pytest
from tests.samples.torch_files import EVIL, npy

from weighbridge.formats.npy import READER, read
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Malformed
from weighbridge.model.pickle_program import PickleTrailing
from weighbridge.model.source import BytesSource


def saved(array: object) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.asarray(array))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "array", [np.zeros((2, 3)), np.array(["a", "bb"]), np.zeros(2, dtype=[("a", "f4"), ("b", "i8", (2,))]), np.array(5)]
)
def test_what_numpy_writes(array: object) -> None:
    reading = read(BytesSource(saved(array)), Budget())
    assert reading.observations == ()
    assert reading.children == ()


def test_objects_are_handed_on() -> None:
    content = saved(np.array(["a", None], dtype=object))
    (child,) = read(BytesSource(content), Budget()).children
    assert child.expect == "pickle"


def test_several_arrays_and_what_is_behind() -> None:
    two = saved(np.zeros(2)) + saved(np.ones(3))
    assert read(BytesSource(two), Budget()).observations == ()
    notes = read(BytesSource(two + EVIL), Budget()).observations
    assert [type(item) for item in notes] == [PickleTrailing]


def test_cut_and_wrong() -> None:
    assert Malformed in map(type, read(BytesSource(saved(np.zeros(9))[:-1]), Budget()).observations)
    assert Malformed in map(type, read(BytesSource(npy("no", b"")), Budget()).observations)
    assert not READER.recognize(BytesSource(b"\x93NUMPX"), b"\x93NUMPX")
