from tests.samples.lineage_models import as_gguf, grafted, mixed, model, tuned

from weighbridge.lineage.sketch import sketch
from weighbridge.model.ancestry import Relation
from weighbridge.model.source import BytesSource
from weighbridge.pipeline.atlas import Known
from weighbridge.pipeline.measured import MOST_ANCESTORS, measured_ancestors

A, B = model(1), model(2)


def made(weights, kind="F16"):
    return sketch([BytesSource(as_gguf(weights, kind))])


def known(name, weights, kind="F16"):
    return Known(name=name, license="mit", sha256=None, path=b"/" + name.encode(), sketch=made(weights, kind))


def test_parents_of_a_sum_come_first_and_others_after():
    atlas = [known("b", B), known("stranger", model(3)), known("tuned", tuned(A, 0.4)), known("a", A)]
    found = measured_ancestors(made(mixed((0.6, A), (0.4, B))), atlas)
    assert [(one.name, one.relation, one.share is None) for one in found] == [
        ("a", Relation.MERGED, False),
        ("b", Relation.MERGED, False),
        ("tuned", Relation.MERGED, True),
    ]
    assert {one.license for one in found} == {"mit"}


def test_grafts_have_a_share_of_each():
    found = measured_ancestors(made(grafted(A, B, range(2))), [known("a", A), known("b", B)])
    assert [(one.name, one.relation) for one in found] == [("a", Relation.GRAFTED), ("b", Relation.GRAFTED)]
    assert sum(one.share for one in found) > 0.99


def test_a_coarser_file_is_no_ancestor_and_a_stranger_neither():
    assert measured_ancestors(made(A), [known("coarse", A, "Q4_0"), known("stranger", B)]) == ()


def test_there_are_not_more_than_anybody_reads():
    one = known("a", tuned(A, 0.1))
    assert len(measured_ancestors(made(A), [one] * 20)) == MOST_ANCESTORS
