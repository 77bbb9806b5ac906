"""Archives of arrays."""

from tests.samples.torch_files import archive, npy

from weighbridge.formats.npz import read, recognize
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource

ARRAY = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", b"\0" * 8)


def test_members_are_arrays() -> None:
    source = BytesSource(archive({"a.npy": ARRAY, "b.npy": ARRAY}, packed=True))
    assert recognize(source, b"PK")
    assert not recognize(source, b"MZ")
    assert [child.expect for child in read(source, Budget()).children] == ["npy", "npy"]


def test_other_archives() -> None:
    assert not recognize(BytesSource(archive({"a.npy": ARRAY, "b.txt": b"text"})), b"PK")
    assert not recognize(BytesSource(archive({})), b"PK")
