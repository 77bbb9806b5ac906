import pytest
from tests.samples.lineage_models import as_gguf, model

from weighbridge.host.fake import FakeMachine
from weighbridge.host.state import StateDatabase
from weighbridge.lineage.sketch import sketch
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.source import BytesSource
from weighbridge.pipeline.atlas import Atlas, Known, open_atlas

SKETCH = sketch([BytesSource(as_gguf(model(1)))])
KNOWN = Known(name="Org/Base", license="apache-2.0", sha256="a" * 64, path=b"/m/base.gguf", sketch=SKETCH)


def test_models_are_kept_replaced_and_forgotten():
    atlas = open_atlas(FakeMachine())
    atlas.add(KNOWN)
    atlas.add(KNOWN)
    assert atlas.models() == (KNOWN,)
    assert atlas.forget("Org/Base")
    assert not atlas.forget("Org/Base")
    assert atlas.models() == ()


def test_sketches_of_earlier_runs_are_remembered_by_digest():
    atlas = open_atlas(FakeMachine())
    assert atlas.seen("b" * 64) is None
    atlas.keep_seen("b" * 64, SKETCH)
    assert atlas.seen("b" * 64) == SKETCH


def test_an_atlas_that_cannot_be_kept_is_an_error(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    database = StateDatabase(str(tmp_path / "file" / "lineage.sqlite").encode(), ())
    with pytest.raises(WeighbridgeError, match="cannot be written"):
        Atlas(database).add(KNOWN)
