import os

import pytest
from tests.cli_runs import wb
from tests.samples.lineage_models import as_gguf, model

from weighbridge.host.fake import FakeMachine
from weighbridge.host.real import RealMachine
from weighbridge.lineage.sketch import sketch
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.source import BytesSource
from weighbridge.pipeline import atlas as atlas_module
from weighbridge.pipeline.atlas import Entries, Known, atlas_path, open_atlas

SKETCH = sketch([BytesSource(as_gguf(model(1)))])
KNOWN = Known(name="Org/Base", license="apache-2.0", sha256="a" * 64, path=b"/m/base.gguf", sketch=SKETCH)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    return RealMachine()


def test_models_are_kept_replaced_and_forgotten():
    atlas = open_atlas(FakeMachine())
    atlas.add(KNOWN)
    atlas.add(KNOWN)
    assert atlas.entries() == Entries(models=(KNOWN,))
    assert atlas.forget("Org/Base")
    assert not atlas.forget("Org/Base")
    assert atlas.entries() == Entries(models=())


def test_an_atlas_that_cannot_be_kept_is_an_error(machine, tmp_path):
    (tmp_path / "state").write_bytes(b"")
    with pytest.raises(WeighbridgeError, match="cannot be") as caught:
        open_atlas(machine).add(KNOWN)
    assert caught.value.code == "E-atlas"


def test_a_damaged_atlas_is_an_error_and_stays_as_it_is(machine):
    open_atlas(machine).add(KNOWN)
    damaged = b"\0" * 5000
    with open(atlas_path(machine), "wb") as out:
        out.write(damaged)
    atlas = open_atlas(machine)
    for call in (atlas.entries, lambda: atlas.add(KNOWN), lambda: atlas.forget("Org/Base")):
        with pytest.raises(WeighbridgeError, match="is damaged") as caught:
            call()
        assert caught.value.code == "E-atlas"
        assert "move it away" in caught.value.hint
    with open(atlas_path(machine), "rb") as kept:
        assert kept.read() == damaged


def test_one_damaged_sketch_is_named_and_the_others_stand(machine):
    atlas = open_atlas(machine)
    atlas.add(KNOWN, Known(name="Other", license=None, sha256=None, path=b"/o", sketch=SKETCH))
    with open(atlas_path(machine), "rb") as kept:
        content = kept.read()
    at = content.index(SKETCH.values[:64])
    with open(atlas_path(machine), "wb") as out:
        out.write(content[:at] + b"\xff" + content[at + 1 :])
    entries = atlas.entries()
    assert len(entries.models) == len(entries.unreadable) == 1
    assert "cannot be compared: its sketch is damaged" in wb("lineage", "list")[1]
    assert atlas.forget(entries.unreadable[0])


def test_it_takes_no_more_models_than_it_reads(machine, monkeypatch):
    monkeypatch.setattr(atlas_module, "MOST_ENTRIES", 1)
    atlas = open_atlas(machine)
    atlas.add(KNOWN)
    atlas.add(KNOWN)
    with pytest.raises(WeighbridgeError, match="at most 1"):
        atlas.add(Known(name="Other", license=None, sha256=None, path=b"/o", sketch=SKETCH))


def test_looking_makes_no_file(machine):
    assert open_atlas(machine).entries() == Entries(models=())
    assert not open_atlas(machine).forget("x")
    assert not os.path.exists(atlas_path(machine))
