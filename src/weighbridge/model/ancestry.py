"""What an artifact was made from: declared by somebody, or measured by comparing weights."""

from enum import StrEnum

from weighbridge.model.fact import Grade
from weighbridge.model.record import record


class Relation(StrEnum):
    """How an artifact came from its ancestor."""

    SAME = "same"
    """The same weights, perhaps in another container."""
    QUANTIZED = "quantized"
    ADAPTER = "adapter"
    FINE_TUNED = "finetune"
    MERGED = "merge"
    GRAFTED = "graft"
    """Some tensors are the ancestor's, others are not."""
    DERIVED = "derived"
    """From it, in a way that is not known closer."""


@record
class Ancestor:
    """One model that an artifact was made from."""

    name: str
    """As declared (`meta-llama/Llama-3.1-8B`), or the atlas's name for it."""
    relation: Relation
    grade: Grade
    source: str
    """`header key general.base_model.0.repo_url`, `lineage atlas`."""
    sha256: str | None = None
    """Digest of the ancestor's weights where it is known."""
    license: str | None = None
    """License id that whoever added it to the atlas gave; None if nobody did."""
    score: float | None = None
    """Correlation of sampled weights, -1 to 1, where they were compared."""
    share: float | None = None
    """How much of the artifact is this one, where it is a sum of several: 0.6 of 1."""
    residual: float | None = None
    """Spread of the artifact that its measured parents together leave unexplained: 0 is an exact sum."""
    detail: str = ""
    """The numbers in words: `0.996 over 81 tensors, norms equal`."""
    parents: tuple["Ancestor", ...] = ()
    """Its own ancestors, as far as they are known here."""
