"""Whether the thresholds of lineage hold on weights that were trained; docs/explanation/lineage.md has the numbers."""

from itertools import combinations

import pytest
from tests.real.writing import missing
from tests.samples.lineage_models import as_gguf, mixed

from weighbridge.lineage.likeness import Answer, likeness
from weighbridge.lineage.parents import mixture
from weighbridge.lineage.sketch import sketch
from weighbridge.model.source import BytesSource

pytestmark = [pytest.mark.real, pytest.mark.deep]
QUANTIZATIONS = ("Q8_0", "Q6_K", "Q5_1", "Q5_0", "Q4_K", "Q4_1", "Q4_0", "IQ4_NL", "Q2_K")
STRANGERS = ("base", "stranger 1", "stranger 2", "stranger 3")


@pytest.fixture(scope="module")
def trained():
    if missing({"torch": "torch"}):
        pytest.skip("not installed: torch")
    from tests.real.training import models

    made, losses = models()
    for name in STRANGERS:
        assert losses[name] < 0.6 * losses[f"{name} at first"], "nothing was learned"
    return made


def made(weights, kind="F16"):
    return sketch([BytesSource(as_gguf(weights, kind))])


def answer(first, second, kind="F16"):
    return likeness(made(first, kind), made(second)).answer


def test_strangers_that_learned_the_same_are_not_alike(trained):
    for first, second in combinations(STRANGERS, 2):
        found = likeness(made(trained[first]), made(trained[second]))
        assert found.answer is Answer.NONE
        assert abs(found.comparison.score) < 0.1


@pytest.mark.parametrize("kind", QUANTIZATIONS)
def test_quantizations_and_quantized_fine_tunes(trained, kind):
    assert answer(trained["base"], trained["base"], kind) is Answer.QUANTIZED
    assert answer(trained["tuned 1"], trained["base"], kind) is Answer.FINE_TUNED
    assert answer(trained["stranger 1"], trained["base"], kind) is Answer.NONE


def test_fine_tunes_and_adapters(trained):
    assert answer(trained["tuned 1"], trained["base"]) is Answer.FINE_TUNED
    assert answer(trained["tuned far"], trained["base"]) in (Answer.MERGED, Answer.FINE_TUNED)
    assert answer(trained["adapter"], trained["base"]) is Answer.ADAPTER


def shares(child, candidates, kind):
    of = made(child, kind)
    found = mixture(of, [(one, likeness(of, one)) for one in map(made, candidates)])
    return found and {parent.candidate: parent.share for parent in found.parents}


@pytest.mark.parametrize("kind", ["F16", "Q8_0"])
def test_merges_of_fine_tunes(trained, kind):
    base, first, second = trained["base"], trained["tuned 1"], trained["tuned 2"]
    found = shares(mixed((0.6, first), (0.4, second)), [base, first, second, trained["stranger 1"]], kind)
    assert found == {1: pytest.approx(0.6, abs=0.03), 2: pytest.approx(0.4, abs=0.03)}


@pytest.mark.parametrize("kind", ["F16", "Q8_0", "Q4_0"])
def test_merges_of_what_was_trained_apart(trained, kind):
    base, far, stranger = trained["base"], trained["tuned far"], trained["stranger 1"]
    found = shares(mixed((0.7, base), (0.3, far)), [base, stranger, far], kind)
    assert found == {0: pytest.approx(0.7, abs=0.03), 2: pytest.approx(0.3, abs=0.03)}
    found = shares(mixed((0.5, base), (0.5, stranger)), [base, stranger, far], kind)
    assert found is not None
    assert found[1] == pytest.approx(0.5, abs=0.03)


def test_models_that_are_no_sum_have_no_shares(trained):
    names = ("base", "tuned 1", "tuned 2", "tuned far", "adapter", "stranger 1")
    for name in names:
        assert shares(trained[name], [trained[other] for other in names if other != name], "F16") is None, name
