"""What an artifact was made from, in words: one line an ancestor."""

from collections.abc import Sequence

from weighbridge.model.ancestry import Ancestor, Relation
from weighbridge.model.fact import Grade
from weighbridge.report.escape import visible

MOST = 20
_RELATIONS: dict[Relation, str] = {
    Relation.SAME: "the same weights as",
    Relation.QUANTIZED: "quantized from",
    Relation.ADAPTER: "adapted from",
    Relation.FINE_TUNED: "fine-tuned from",
    Relation.MERGED: "merged from",
    Relation.GRAFTED: "has layers of",
    Relation.DERIVED: "derived from",
}


def ancestry_words(ancestry: Sequence[Ancestor]) -> list[str]:
    """Return a line for each direct ancestor: relation, name, license if somebody gave one, evidence."""
    lines = [ancestor_words(ancestor) for ancestor in ancestry[:MOST]]
    return lines + ([f"and {len(ancestry) - MOST} more"] if len(ancestry) > MOST else [])


def ancestor_words(ancestor: Ancestor) -> str:
    """Return `merged from Org/Base (cc-by-nc-4.0), measured: share 0.70 of 2 parents ...`."""
    license_id = f" ({visible(ancestor.license, 60)})" if ancestor.license is not None else ""
    said = ancestor.detail if ancestor.detail else ancestor.source
    if ancestor.detail and ancestor.grade is not Grade.MEASURED:
        said = f"{ancestor.source} ({ancestor.detail})"
    how = f"{ancestor.grade}: {visible(said, 200)}" if said else str(ancestor.grade)
    return f"{_RELATIONS[ancestor.relation]} {visible(ancestor.name, 100)}{license_id}, {how}"
