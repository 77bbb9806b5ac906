"""The tar form: pickles between raw bytes are followed."""

import pickle

from tests.samples.torch_files import DATA, EVIL, old_tar, tar

from weighbridge.formats.torch_tar import read, recognize
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Unread
from weighbridge.model.pickle_program import PickleImport
from weighbridge.model.source import BytesSource


def modules(content: bytes) -> set[str]:
    notes = read(BytesSource(content), Budget()).observations
    return {item.module for item in notes if isinstance(item, PickleImport)}


def test_plain() -> None:
    content = old_tar(DATA)
    assert recognize(BytesSource(content), content[:4096])
    reading = read(BytesSource(content), Budget())
    assert {child.expect for child in reading.children} == {"pickle"}
    assert not [item for item in reading.observations if isinstance(item, Unread)]


def test_records_are_followed() -> None:
    assert "os" in modules(old_tar(DATA, storages=EVIL))
    assert "os" in modules(old_tar(DATA, storages=pickle.dumps(1, 2) + EVIL))


def test_other_archives() -> None:
    content = tar({"a.txt": b"text"})
    assert not recognize(BytesSource(content), content[:4096])
