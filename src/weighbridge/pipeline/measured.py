"""The ancestors of one model among those of the atlas: each by its likeness, and the shares of several."""

from collections.abc import Iterable
from dataclasses import replace

from weighbridge.lineage.likeness import Likeness, likeness
from weighbridge.lineage.parents import mixture, share_words
from weighbridge.lineage.prefilter import Prefilter
from weighbridge.lineage.sketch import Sketch
from weighbridge.model.ancestry import Ancestor, Relation
from weighbridge.model.fact import Grade
from weighbridge.pipeline.atlas import Known

MOST_ANCESTORS = 16


def measured_ancestors(sketch: Sketch, known: Iterable[Known]) -> tuple[Ancestor, ...]:
    """Return the ancestors of the model with this sketch, parents of a merge and then the nearest first.

    Args:
        sketch: of which model.
        known: models of the atlas, without the model itself.
    """
    quick = Prefilter(sketch)
    found: list[tuple[Known, Likeness]] = []
    for model in known:
        if not quick.may_be_alike(model.sketch):
            continue
        answer = likeness(sketch, model.sketch)
        # A file that is coarser than this one cannot be what this one was made from.
        if answer.relation is not None and answer.later != "second":
            found.append((model, answer))
    found.sort(key=lambda item: (-item[1].comparison.score, item[0].name))
    mixed = mixture(sketch, [(model.sketch, answer) for model, answer in found])
    ancestors = [_ancestor(model, answer) for model, answer in found]
    if mixed is None:
        return tuple(ancestors[:MOST_ANCESTORS])
    parents = {
        parent.candidate: replace(
            ancestors[parent.candidate],
            relation=Relation.GRAFTED if mixed.grafted else Relation.MERGED,
            share=parent.share,
            residual=mixed.residual,
            detail=f"{share_words(parent, mixed)}; {ancestors[parent.candidate].detail}",
        )
        for parent in mixed.parents
    }
    others = (one for at, one in enumerate(ancestors) if at not in parents)
    return (*parents.values(), *others)[:MOST_ANCESTORS]


def _ancestor(model: Known, answer: Likeness) -> Ancestor:
    return Ancestor(
        name=model.name,
        relation=answer.relation or Relation.DERIVED,
        grade=Grade.MEASURED,
        source="lineage atlas",
        sha256=model.sha256,
        license=model.license,
        score=round(answer.comparison.score, 4),
        detail=answer.detail,
    )
