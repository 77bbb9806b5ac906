import pytest
from tests.samples.lineage_models import as_gguf, mixed, model

from weighbridge.host.real import RealMachine
from weighbridge.lineage.likeness import Answer
from weighbridge.lineage.sketch import sketch
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.source import BytesSource
from weighbridge.pipeline.atlas import Known
from weighbridge.pipeline.relatives import merges, relatives, sketch_at


def test_every_pair_and_every_known_model():
    one, other = (sketch([BytesSource(as_gguf(model(seed)))]) for seed in (1, 2))
    known = Known(name="Org/Base", license=None, sha256=None, path=b"/x", sketch=one)
    found = relatives([("a", one), ("b", other)], [known])
    assert [(pair.first, pair.second, pair.likeness.answer) for pair in found] == [
        ("a", "b", Answer.NONE),
        ("a", "Org/Base", Answer.SAME),
        ("b", "Org/Base", Answer.NONE),
    ]


def test_a_sum_is_found_among_files_and_known_models():
    parts = {"a": model(1), "b": model(2), "sum": mixed((0.7, model(1)), (0.3, model(2)))}
    made = {name: sketch([BytesSource(as_gguf(weights))]) for name, weights in parts.items()}
    known = Known(name="Org/B", license=None, sha256=None, path=b"/x", sketch=made["b"])
    (merged,) = merges([("sum", made["sum"]), ("a", made["a"])], [known])
    assert merged.name == "sum"
    assert [merged.candidates[parent.candidate] for parent in merged.mixture.parents] == [("a", False), ("Org/B", True)]
    assert merges([("a", made["a"])], [known]) == ()


def test_a_folder_without_weights_and_a_missing_file_are_said(tmp_path):
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(WeighbridgeError, match="cannot be compared"):
            sketch_at(RealMachine(), str(path).encode())
