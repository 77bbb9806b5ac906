from dataclasses import replace

import pytest
from tests.samples.lineage_cases import RELATED, pairs, sketched
from tests.samples.lineage_models import as_gguf, model

from weighbridge.lineage.likeness import likeness
from weighbridge.lineage.prefilter import Prefilter
from weighbridge.lineage.sketch import sketch
from weighbridge.model.source import BytesSource


def made(weights, kind="F16"):
    return sketch([BytesSource(as_gguf(weights, kind))])


def test_whatever_is_found_related_passes():
    for pair in pairs((1,)):
        first, second = sketched(pair.first()), pair.sketch_of_second()
        if likeness(first, second).answer in RELATED:
            assert Prefilter(first).may_be_alike(second), pair.id
            assert Prefilter(second).may_be_alike(first), pair.id


@pytest.mark.parametrize("kind", ["F16", "BF16"])
@pytest.mark.parametrize("other", [2, 3])
def test_strangers_of_the_same_shape_are_not_compared(kind, other):
    assert not Prefilter(made(model(1), kind)).may_be_alike(made(model(other), kind))


def test_strangers_without_a_size_in_common_are_not_compared():
    first = made(model(1))
    other = replace(made(model(2)), dimensions=tuple((1, 2) for _ in first.dimensions))
    assert not Prefilter(first).may_be_alike(other)


def test_layers_in_another_order_are_compared():
    first = made(model(1))
    step = 2 * first.each
    rows = [first.values[at : at + step] for at in range(0, len(first.values), step)]
    moved = replace(first, values=b"".join(reversed(rows)), norms=(), sorted_norms="")
    assert Prefilter(first).may_be_alike(moved)


def test_equal_norms_pass_whatever_the_matrices():
    first = made(model(1))
    stranger = made(model(2))
    assert Prefilter(first).may_be_alike(replace(stranger, norms=(("x", first.norms[0][1]),)))
