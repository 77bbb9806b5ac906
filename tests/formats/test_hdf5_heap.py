"""Heaps: many attributes, large attributes, many links, in the layout that the library chooses for them."""

import h5py
import pytest
from tests.samples.graphs_build import hdf5

from weighbridge.formats.gathering import Gathering
from weighbridge.formats.hdf5_file import Hdf5File
from weighbridge.formats.hdf5_messages import strings
from weighbridge.formats.hdf5_objects import objects
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource


@pytest.mark.parametrize("libver", ["earliest", "latest"])
@pytest.mark.parametrize("count", [3, 20, 900])
def test_attributes_in_every_storage(libver: str, count: int) -> None:
    def fill(file: h5py.File) -> None:
        for index in range(count):
            file.attrs[f"a{index}"] = f"value {index}" * (400 if libver == "latest" and index % 7 == 0 else 1)

    content = hdf5(fill, libver=libver)
    file = Hdf5File(BytesSource(content), Budget(), 0)
    gathering = Gathering("x")
    root = next(iter(objects(file, gathering)))
    found = {attribute.name: strings(file, attribute) for attribute in root.attributes}
    assert not gathering.reading().observations
    assert len(found) == count
    for index in range(count):
        value = found[f"a{index}"]
        assert value is not None
        assert value[0].startswith(f"value {index}")


@pytest.mark.parametrize("libver", ["earliest", "latest"])
@pytest.mark.parametrize("track", [False, True])
def test_links_in_every_storage(libver: str, track: bool) -> None:
    def fill(file: h5py.File) -> None:
        group = file.create_group("g", track_order=track)
        for index in range(1200):
            group.create_group(f"child{index}")

    gathering = Gathering("x")
    content = hdf5(fill, libver=libver, track_order=track)
    paths = {found.path for found in objects(Hdf5File(BytesSource(content), Budget(), 0), gathering)}
    assert not gathering.reading().observations
    assert len(paths) == 1202
    assert "/g/child1199" in paths


def test_fixed_and_variable_strings() -> None:
    import numpy

    def fill(file: h5py.File) -> None:
        file.attrs["fixed"] = numpy.bytes_(b"abc")
        file.attrs["variable"] = "äöü"
        file.attrs.create("list", ["one", "two"], dtype=h5py.string_dtype())
        file.attrs["number"] = 7

    file = Hdf5File(BytesSource(hdf5(fill)), Budget(), 0)
    root = next(iter(objects(file, Gathering("x"))))
    found = {attribute.name: strings(file, attribute) for attribute in root.attributes}
    assert found == {"fixed": ["abc"], "variable": ["äöü"], "list": ["one", "two"], "number": None}
