"""The object tree: loops end, and everything that leads out of the file is noted."""

from typing import Any

import h5py
import pytest
from tests.samples.graphs_build import hdf5

from weighbridge.formats.gathering import Gathering
from weighbridge.formats.hdf5_file import Hdf5File
from weighbridge.formats.hdf5_objects import objects
from weighbridge.model.budget import Budget
from weighbridge.model.observation import OutsideReference
from weighbridge.model.source import BytesSource


def walk(fill: Any, **options: Any) -> tuple[list[str], Gathering]:
    gathering = Gathering("x")
    content = hdf5(fill, **options)
    return [found.path for found in objects(Hdf5File(BytesSource(content), Budget(), 0), gathering)], gathering


def test_hard_links_in_a_circle_end() -> None:
    def fill(file: h5py.File) -> None:
        file.create_group("a/b")
        file["a/b/back"] = file["/"]
        file["a/again"] = file["a"]
        file["soft"] = h5py.SoftLink("/a/b")

    paths, gathering = walk(fill)
    assert paths == ["/", "/a", "/a/b"]
    assert not gathering.reading().observations


@pytest.mark.parametrize("libver", ["earliest", "latest"])
def test_external_links(libver: str) -> None:
    def fill(file: h5py.File) -> None:
        for index in range(20):
            file[f"x{index}"] = h5py.ExternalLink(f"other{index}.h5", "/")

    _, gathering = walk(fill, libver=libver)
    assert len([o for o in gathering.reading().observations if isinstance(o, OutsideReference)]) == 20


def test_external_storage_and_virtual_data() -> None:
    def fill(file: h5py.File) -> None:
        file.create_dataset("e", (8,), "u1", external=[("/etc/passwd", 0, 8)])
        layout = h5py.VirtualLayout((4,), "f4")
        layout[:] = h5py.VirtualSource("other.h5", "x", (4,))
        file.create_virtual_dataset("v", layout)

    _, gathering = walk(fill, libver="latest")
    targets = {o.target for o in gathering.reading().observations if isinstance(o, OutsideReference)}
    assert targets == {"/etc/passwd", "other.h5"}
