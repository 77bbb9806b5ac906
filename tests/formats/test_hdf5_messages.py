"""Types and shapes as the real library writes them."""

import h5py
import numpy
import pytest
from tests.samples.graphs_build import hdf5

from weighbridge.formats.gathering import Gathering, StructureError
from weighbridge.formats.hdf5_file import Hdf5File
from weighbridge.formats.hdf5_messages import attribute, datatype, numbers
from weighbridge.formats.hdf5_objects import objects
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource


@pytest.mark.parametrize(
    ("dtype", "name"),
    [
        ("f2", "F16"),
        ("f4", "F32"),
        ("f8", "F64"),
        ("i1", "I8"),
        ("u2", "U16"),
        ("i8", "I64"),
        ("?", "BOOL"),
        ("S5", "STRING"),
    ],
)
def test_types(dtype: str, name: str) -> None:
    def fill(file: h5py.File) -> None:
        file.create_dataset("d", data=numpy.zeros((3, 5), dtype))

    found = list(objects(Hdf5File(BytesSource(hdf5(fill)), Budget(), 0), Gathering("x")))[1]
    assert found.type is not None
    assert (found.path, found.type.name, found.shape) == ("/d", name, (3, 5))


def test_integer_attributes() -> None:
    def fill(file: h5py.File) -> None:
        file.attrs["n"] = 700

    root = next(iter(objects(Hdf5File(BytesSource(hdf5(fill)), Budget(), 0), Gathering("x"))))
    assert numbers(root.attributes[0]) == 700


def test_too_short() -> None:
    file = Hdf5File(BytesSource(hdf5(lambda _file: None)), Budget(), 0)
    with pytest.raises(StructureError):
        attribute(file, b"\1", 0)
    with pytest.raises(IndexError):
        datatype(b"")
