import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import save_file
from tests.cli_runs import wb
from tests.samples.lineage_models import as_gguf, as_safetensors, mixed, model

from weighbridge.host.fake import FakeMachine
from weighbridge.host.real import RealMachine
from weighbridge.model.ancestry import Relation
from weighbridge.model.artifact import Artifact
from weighbridge.model.fact import Grade
from weighbridge.model.finding import Assessment
from weighbridge.model.place import Place
from weighbridge.pipeline.ancestry import NOT_COMPARED_FACT, has_atlas, measure_ancestry
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.run import scan


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    (tmp_path / "models").mkdir()
    (tmp_path / "base.safetensors").write_bytes(as_safetensors(model(8)))
    (tmp_path / "models" / "small.gguf").write_bytes(as_gguf(model(8), "Q4_0", permute=True))
    (tmp_path / "models" / "other.gguf").write_bytes(as_gguf(model(9)))
    return tmp_path


def scanned(folder):
    result = scan(RealMachine(), Options(roots=(str(folder / "models").encode(),)))
    return {artifact.places[0].path.rpartition(b"/")[2].decode(): artifact for artifact in result.artifacts}


def test_a_scan_measures_ancestors_with_the_atlas(folder):
    wb("lineage", "add", str(folder / "base.safetensors"), "--name", "Org/Base", "--license", "cc-by-nc-4.0")
    for _ in range(2):  # the second time from the remembered sketch
        found = scanned(folder)
        (ancestor,) = found["small.gguf"].ancestry
        assert (ancestor.name, ancestor.relation, ancestor.grade) == ("Org/Base", Relation.QUANTIZED, Grade.MEASURED)
        assert ancestor.score > 0.97
        assert found["small.gguf"].lineage == ("Org/Base",)
        assert found["small.gguf"].license.effective.commercial == "prohibited"
        assert found["other.gguf"].ancestry == ()


def test_what_cannot_be_compared_is_said(folder):
    wb("lineage", "add", str(folder / "base.safetensors"))
    packed = {f"model.layers.{at}.mlp.up_proj.qweight": np.ones((32, 256), np.int32) for at in range(2)}
    save_file(packed | {"lm_head.weight": model(9)["output.weight"]}, str(folder / "models" / "gptq.safetensors"))
    for _ in range(2):  # the second time from the remembered sketch
        found = scanned(folder)
        assert said(found["gptq.safetensors"]) == ["2 of 3 matrices: numbers of type I32 cannot be compared"]
        assert said(found["small.gguf"]) == []


def said(artifact):
    return [fact.value for fact in artifact.facts if fact.name == NOT_COMPARED_FACT]


def test_the_file_that_was_added_is_not_its_own_ancestor(folder):
    wb("lineage", "add", str(folder / "models" / "small.gguf"))
    assert scanned(folder)["small.gguf"].ancestry == ()


def test_a_damaged_atlas_is_said_by_a_scan_and_left_as_it_is(folder):
    wb("lineage", "add", str(folder / "base.safetensors"))
    (folder / "state" / "lineage.sqlite").write_bytes(b"no atlas" * 999)
    result = scan(RealMachine(), Options(roots=(str(folder / "models").encode(),)))
    (item,) = result.unexamined
    assert item.path == bytes(folder / "state" / "lineage.sqlite")
    assert "is damaged" in item.reason
    assert "E-atlas" in item.reason
    assert len(result.artifacts) == 2
    assert (folder / "state" / "lineage.sqlite").read_bytes() == b"no atlas" * 999


@pytest.fixture
def shards(folder):
    weights = model(8)
    names = sorted(weights)
    (folder / "models" / "set").mkdir()
    for number, chosen in enumerate((names[:4], names[4:5], names[5:])):
        part = as_safetensors({name: weights[name] for name in chosen})
        (folder / "models" / "set" / f"model-{number + 1:05}-of-00003.safetensors").write_bytes(part)
    return folder / "models" / "set"


def test_shards_are_compared_as_one_model(folder, shards):
    wb("lineage", "add", str(folder / "base.safetensors"), "--name", "Org/Base", "--license", "cc-by-nc-4.0")
    for _ in range(2):  # the second time from the remembered sketch
        found = scanned(folder)
        for number in (1, 2, 3):
            (ancestor,) = found[f"model-{number:05}-of-00003.safetensors"].ancestry
            assert (ancestor.name, ancestor.relation) == ("Org/Base", Relation.SAME)
            assert "over 30 matrices" in ancestor.detail


def test_the_folder_that_was_added_is_not_its_own_ancestor(folder, shards):
    wb("lineage", "add", str(shards), "--name", "Org/Set")
    found = scanned(folder)
    assert found["model-00001-of-00003.safetensors"].ancestry == ()
    assert found["small.gguf"].ancestry[0].name == "Org/Set"


def test_what_an_interrupted_stage_found_stands(folder, monkeypatch):
    from weighbridge.lineage import sketch as module

    wb("lineage", "add", str(folder / "base.safetensors"), "--name", "Org/Base")
    (folder / "models" / "later.gguf").write_bytes(as_gguf(model(8), "Q8_0"))
    made, real = [], module.sketch

    def interrupted(sources):
        if len(made) == 1:
            raise KeyboardInterrupt
        made.append(sources)
        return real(sources)

    monkeypatch.setattr(module, "sketch", interrupted)
    result = scan(RealMachine(), Options(roots=(str(folder / "models").encode(),)))
    assert result.interrupted
    assert len(result.artifacts) == 3
    assert [bool(artifact.ancestry) for artifact in result.artifacts] == [True, False, False]


def test_parents_of_a_merge_come_with_their_shares(folder):
    (folder / "second.safetensors").write_bytes(as_safetensors(model(10)))
    (folder / "models" / "merge.gguf").write_bytes(as_gguf(mixed((0.7, model(8)), (0.3, model(10))), "Q8_0"))
    wb("lineage", "add", str(folder / "base.safetensors"), str(folder / "second.safetensors"))
    found = scanned(folder)["merge.gguf"].ancestry
    assert [(one.name, one.relation) for one in found] == [
        ("base.safetensors", Relation.MERGED),
        ("second.safetensors", Relation.MERGED),
    ]
    assert [one.share for one in found] == [pytest.approx(0.7, abs=0.02), pytest.approx(0.3, abs=0.02)]
    assert found[0].residual < 0.05
    assert found[0].detail.startswith("share 0.7")


RECIPE = """
merge_method: linear
models:
  - {model: Org/One, parameters: {weight: 0.7}}
  - {model: Org/Two, parameters: {weight: 0.3}}
"""


def test_card_and_recipe_count_beside_what_is_measured(folder):
    merged = folder / "models" / "merged"
    merged.mkdir()
    (merged / "model.safetensors").write_bytes(as_safetensors(mixed((0.7, model(8)), (0.3, model(10)))))
    (merged / "mergekit_config.yml").write_text(RECIPE)
    (merged / "README.md").write_text("---\nlicense: mit\nbase_model: [Org/One, Org/Three]\n---\n# x\n")
    found = scanned(folder)["model.safetensors"]
    assert [(one.name, one.relation) for one in found.ancestry] == [
        ("Org/One", Relation.MERGED),
        ("Org/Three", Relation.MERGED),
        ("Org/Two", Relation.MERGED),
    ]
    assert found.ancestry[0].detail == "mergekit linear, weight 0.7"
    wb("lineage", "add", str(folder / "base.safetensors"), "--name", "Org/Base", "--license", "cc-by-nc-4.0")
    found = scanned(folder)["model.safetensors"]
    assert found.lineage == ("Org/Base", "Org/One", "Org/Three", "Org/Two")
    assert found.ancestry[0].grade is Grade.MEASURED


def test_without_an_atlas_a_scan_asks_once_and_without_weights_never():
    machine = FakeMachine()
    weights = Artifact(format="gguf", size=1, places=(Place(path=b"/m/a.gguf"),), assessment=Assessment.CLEAN)
    found, unexamined = {}, []
    measure_ancestry(machine, (replace(weights, format="pickle"),), found, unexamined, {})
    assert machine.reads == []
    measure_ancestry(machine, (weights,) * 5, found, unexamined, {})
    assert [read.operation for read in machine.reads] == ["stat"]
    assert (found, unexamined) == ({}, [])


def test_without_an_atlas_nothing_changes_and_no_arithmetic_is_loaded(folder):
    assert not has_atlas(RealMachine())
    assert scanned(folder)["small.gguf"].ancestry == ()
    found = {}
    measure_ancestry(RealMachine(), (), found, [], {})
    assert found == {}
    program = (
        "import sys; from weighbridge.cli.main import main\n"
        f"sys.argv = ['wb', 'scan', {str(folder / 'models')!r}, '--format', 'json']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "sys.exit('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0
