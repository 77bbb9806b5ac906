import os

from tests.samples.lineage_models import as_gguf, model

from weighbridge.host.fake import FakeMachine
from weighbridge.host.real import RealMachine
from weighbridge.lineage.sketch import sketch
from weighbridge.model.source import BytesSource
from weighbridge.pipeline import sketches as module
from weighbridge.pipeline.sketches import open_sketches

SKETCH = sketch([BytesSource(as_gguf(model(1)))])


def test_sketches_of_earlier_runs_are_remembered_by_digest():
    machine = FakeMachine()
    first = open_sketches(machine)
    assert first.seen("b" * 64) is None
    first.keep("b" * 64, SKETCH)
    first.close()
    assert open_sketches(machine).seen("b" * 64) == SKETCH


def test_what_was_not_asked_for_the_longest_is_forgotten(monkeypatch):
    monkeypatch.setattr(module, "MOST_KEPT", 2)
    machine = FakeMachine()
    for name in "ab":
        kept = open_sketches(machine)
        kept.keep(name, SKETCH)
        kept.close()
        machine.clock = machine.clock.replace(year=machine.clock.year + 1)
    kept = open_sketches(machine)
    assert kept.seen("a") == SKETCH
    kept.keep("c", SKETCH)
    kept.close()
    assert [name for name in "abc" if open_sketches(machine).seen(name)] == ["a", "c"]


def test_a_damaged_memory_is_made_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path))
    machine = RealMachine()
    (tmp_path / "sketches.sqlite").write_bytes(b"no database" * 100)
    kept = open_sketches(machine)
    kept.keep("a", SKETCH)
    kept.close()
    assert open_sketches(machine).seen("a") == SKETCH
    assert os.listdir(tmp_path) != []
