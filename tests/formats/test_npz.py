"""Archives of arrays."""

import io
import zipfile

from tests.samples.torch_files import archive, npy

from weighbridge.formats.npy import ARRAYS_LIMIT
from weighbridge.formats.npz import READER, read, recognize
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Excess
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


def test_more_arrays_than_any_honest_archive_has_are_not_all_read() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(ARRAYS_LIMIT + 1):
            archive.writestr(f"{number}.npy", b"\x93NUMPY")
    reading = READER.read(BytesSource(packed.getvalue(), b"a.npz"), Budget())
    assert len(reading.children) == ARRAYS_LIMIT
    assert [note.what for note in reading.observations if isinstance(note, Excess)] == ["arrays"]
