import pytest
from tests.samples.lineage_models import as_gguf, grafted, mixed, model, tuned, with_adapter
from tests.samples.lineage_sums import sums

from weighbridge.lineage.likeness import likeness
from weighbridge.lineage.parents import mixture, share_words
from weighbridge.lineage.sketch import sketch
from weighbridge.model.source import BytesSource

A, B, C, STRANGER = (model(seed) for seed in (1, 2, 3, 4))
TUNED = [tuned(A, 0.1, seed) for seed in (5, 6, 7)]


def made(weights, kind="F16"):
    return sketch([BytesSource(as_gguf(weights, kind))])


def found(child, candidates, kind="F16"):
    of = made(child, kind)
    return mixture(of, [(one, likeness(of, one)) for one in map(made, candidates)])


def shares(child, candidates, kind="F16"):
    answer = found(child, candidates, kind)
    return answer and {parent.candidate: parent.share for parent in answer.parents}


@pytest.mark.parametrize("kind", ["F16", "Q8_0", "Q4_0"])
@pytest.mark.parametrize("share", [0.5, 0.7, 0.2])
def test_shares_of_two(kind, share):
    answer = shares(mixed((share, A), (1 - share, B)), [STRANGER, A, B], kind)
    assert answer == {1: pytest.approx(share, abs=0.03), 2: pytest.approx(1 - share, abs=0.03)}


def test_shares_of_three():
    answer = shares(mixed((0.5, A), (0.3, B), (0.2, C)), [A, B, C, STRANGER])
    assert answer == {0: pytest.approx(0.5, abs=0.01), 1: pytest.approx(0.3, abs=0.01), 2: pytest.approx(0.2, abs=0.01)}


@pytest.mark.parametrize("kind", ["F16", "Q8_0"])
def test_shares_of_fine_tunes_of_one_base(kind):
    answer = shares(mixed((0.6, TUNED[0]), (0.4, TUNED[1])), [A, *TUNED], kind)
    assert answer == {1: pytest.approx(0.6, abs=0.03), 2: pytest.approx(0.4, abs=0.03)}


def test_shares_by_part_and_layer():
    child = {name: (0.8 * A[name] + 0.2 * B[name]) if "attn" in name else (A[name] + B[name]) / 2 for name in A}
    answer = found(child, [A, B])
    assert dict(answer.parents[0].parts)["attention"] == pytest.approx(0.8, abs=0.01)
    assert dict(answer.parents[0].parts)["feed-forward"] == pytest.approx(0.5, abs=0.01)
    words = share_words(answer.parents[0], answer)
    assert "attention 0.80" in words
    assert "0.50 to 0.80 by layer" in words
    assert words.endswith("0.000 of the spread left over")


def test_whole_layers_of_another_are_a_graft():
    answer = found(grafted(A, B, range(2)), [A, B, STRANGER])
    assert answer.grafted
    assert sum(parent.share for parent in answer.parents) == pytest.approx(1, abs=0.01)
    assert answer.residual < 0.01
    assert not found(mixed((0.5, A), (0.5, B)), [A, B]).grafted


def test_what_is_left_of_an_unknown_parent_is_said():
    answer = found(mixed((0.4, A), (0.4, B), (0.2, C)), [A, B])
    assert answer.residual == pytest.approx(0.2 / 0.36**0.5, abs=0.05)


def test_the_corpus_of_sums_is_told_apart():
    answers = [(case, case.answer()) for case in sums()]
    wrong = [(case.id, answer) for case, answer in answers if not case.is_right(answer)]
    assert len(wrong) <= 0.05 * len(answers), wrong
    strangers = [(case.id, answer) for case, answer in answers if not answer.keys() <= dict(case.shares).keys()]
    assert len(strangers) <= 0.02 * len(answers), strangers


MIDDLE = tuned(A, 0.1, 8)


@pytest.mark.parametrize(
    "build",
    [
        lambda: (STRANGER, [A, B, C]),
        lambda: (tuned(A, 0.05, 9), [A, *TUNED]),
        lambda: (tuned(TUNED[0], 0.05, 9), [A, *TUNED]),
        lambda: (tuned(A, 1.0, 9), [A, *TUNED]),
        lambda: (with_adapter(A), [A, *TUNED]),
        lambda: (tuned(MIDDLE, 0.1, 9), [A, tuned(MIDDLE, 0.1, 10), TUNED[0]]),
        lambda: (A, [mixed((0.6, A), (0.4, B)), B]),
        lambda: (TUNED[0], [mixed((0.6, TUNED[0]), (0.4, TUNED[1])), TUNED[1], A]),
        lambda: (mixed((0.5, A), (0.5, B)), [A]),
        lambda: (A, [A, B]),
    ],
)
def test_what_is_no_sum_has_no_shares(build):
    assert found(*build()) is None
