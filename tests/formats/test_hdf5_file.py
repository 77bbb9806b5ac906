"""HDF5 containers of every version against the real library."""

import h5py
import pytest
from tests.samples.graphs_build import hdf5

from weighbridge.formats.gathering import StructureError
from weighbridge.formats.hdf5_file import Hdf5File
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage
from weighbridge.model.source import BytesSource


def _fill(file: h5py.File) -> None:
    for index in range(30):
        file.attrs[f"a{index}"] = index


@pytest.mark.parametrize("libver", ["earliest", "latest", ("v108", "v110")])
@pytest.mark.parametrize("user_block", [0, 512, 2048])
def test_superblocks_and_messages(libver: object, user_block: int) -> None:
    content = hdf5(_fill, libver=libver, userblock_size=user_block)
    file = Hdf5File(BytesSource(content), Budget(), user_block)
    assert not file.short
    assert file.messages(file.root)


def test_a_short_file_is_noticed() -> None:
    content = hdf5(_fill)
    assert Hdf5File(BytesSource(content[:-10]), Budget(), 0).short


@pytest.mark.parametrize(("at", "value"), [(8, 9), (13, 3), (14, 200)])
def test_impossible_superblocks(at: int, value: int) -> None:
    content = bytearray(hdf5(_fill))
    content[at] = value
    with pytest.raises(StructureError):
        Hdf5File(BytesSource(bytes(content)), Budget(), 0)


def test_addresses_outside() -> None:
    content = hdf5(_fill)
    file = Hdf5File(BytesSource(content), Budget(), 0)
    with pytest.raises(StructureError) as caught:
        file.content(len(content), 1)
    assert caught.value.damage is Damage.CONTRADICTION
