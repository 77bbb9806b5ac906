import pytest
from tests.samples.lineage_models import as_gguf, as_safetensors, grafted, model

from weighbridge.lineage.compare import compare
from weighbridge.lineage.sketch import sketch
from weighbridge.model.source import BytesSource


def made(weights, write=as_gguf):
    return sketch([BytesSource(write(weights))])


def test_a_model_and_itself():
    found = compare(made(model(1)), made(model(1)))
    assert found.score == pytest.approx(1)
    assert found.norms_equal
    assert found.same_shapes
    assert not found.permuted_norms


def test_strangers_stay_within_a_few_spreads():
    for seed in range(2, 12):
        found = compare(made(model(1)), made(model(seed)))
        assert abs(found.score) < 5 * found.spread
        assert found.equal_norms == 0


def test_queries_and_keys_are_compared_within_a_container_only():
    assert len(compare(made(model(1)), made(model(1))).matrices) == 30
    across = compare(made(model(1)), made(model(1), as_safetensors))
    assert len(across.matrices) == 22
    assert not any("attn_q" in one.name or "attn_k" in one.name for one in across.matrices)


def test_grafted_matrices_are_told_one_by_one():
    found = compare(made(grafted(model(1), model(2), range(1))), made(model(1)))
    strange = {one.name.split(".")[1] for one in found.matrices if one.correlation < 0.9}
    assert strange == {"0"}
