from functools import cache

from tests.samples.lineage_cases import RELATED, pairs
from tests.samples.lineage_models import as_gguf, as_safetensors, model, signs_turned, tuned

from weighbridge.lineage.likeness import Answer, likeness
from weighbridge.lineage.prefilter import Prefilter
from weighbridge.lineage.sketch import sketch
from weighbridge.model.source import BytesSource


@cache
def answers():
    """What is kept of a pair is not its weights, of which all together have hundreds of megabytes."""
    return [(pair.id, pair.related, pair.right, pair.answer()) for pair in pairs()]


def test_there_are_at_least_100_pairs():
    assert len(answers()) >= 100


def test_related_weights_are_recognized():
    related = [(name, answer) for name, is_related, _, answer in answers() if is_related]
    missed = [item for item in related if item[1] not in RELATED]
    assert len(missed) <= 0.05 * len(related), missed


def test_strangers_are_not_accused():
    strangers = [(name, answer) for name, is_related, _, answer in answers() if not is_related]
    accused = [item for item in strangers if item[1] in RELATED]
    assert len(accused) <= 0.02 * len(strangers), accused


def test_the_kind_of_relation_is_told():
    wrong = [(name, answer) for name, _, right, answer in answers() if answer not in right]
    assert len(wrong) <= 0.05 * len(answers()), wrong


def test_the_coarser_file_came_later():
    fine, coarse = (sketch([BytesSource(as_gguf(model(4), kind))]) for kind in ("F16", "Q4_0"))
    assert likeness(fine, coarse).later == "second"
    assert likeness(coarse, fine).later == "first"
    assert likeness(fine, fine).later == "unknown"


def test_the_answer_comes_with_its_numbers():
    one = sketch([BytesSource(as_gguf(model(4)))])
    found = likeness(one, one)
    assert found.answer is Answer.SAME
    assert found.detail.startswith("1.000 over 30 matrices (chance: ±")
    assert found.detail.endswith("norms equal")


def test_other_floating_point_numbers_are_the_same_weights():
    whole = sketch([BytesSource(as_safetensors(model(1), "F32"))])
    for kind in ("F16", "BF16"):
        assert likeness(sketch([BytesSource(as_safetensors(model(1), kind))]), whole).answer is Answer.SAME
        further = sketch([BytesSource(as_safetensors(tuned(model(1), 0.01), kind))])
        assert likeness(further, whole).answer is Answer.FINE_TUNED


def test_turning_signs_hides_nothing():
    base = sketch([BytesSource(as_safetensors(model(1)))])
    for kind in ("F16", "Q4_0"):
        turned = sketch([BytesSource(as_gguf(signs_turned(model(1)), kind))])
        found = likeness(base, turned)
        assert found.answer is Answer.PERMUTED
        assert "with all signs turned" in found.detail
        assert Prefilter(base).may_be_alike(turned)
        assert likeness(base, sketch([BytesSource(as_gguf(signs_turned(model(2)), kind))])).answer is Answer.NONE
