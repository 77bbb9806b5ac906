"""What `wb lineage` says: lines for a person, documents for programs."""

from collections import Counter
from collections.abc import Sequence

from weighbridge.lineage.likeness import Answer
from weighbridge.lineage.parents import share_words
from weighbridge.lineage.sketch import Sketch
from weighbridge.pipeline.atlas import UNREADABLE, Entries
from weighbridge.pipeline.relatives import Merged, Relative
from weighbridge.report.escape import visible

MOST_NAMED = 8
"""Grafted matrices that are named for a person."""
MOST_STRANGERS = 3
"""Models of the atlas without a likeness that are listed one by one."""
_NOTHING = frozenset({Answer.NONE, Answer.OTHER_ARCHITECTURE, Answer.INCOMPARABLE})


def comparison_lines(
    sketches: Sequence[tuple[str, Sketch]], found: Sequence[Relative], merged: Sequence[Merged] = ()
) -> list[str]:
    """Return what is a sum of others, one line for each pair, likeness first, then what could not be compared."""
    lines = []
    for one in merged:
        lines.append(f"= {visible(one.name)}: {'grafted' if one.mixture.grafted else 'merged'} from")
        for parent in one.mixture.parents:
            name, in_atlas = one.candidates[parent.candidate]
            named = visible(name) + (" (atlas)" if in_atlas else "")
            lines.append(f"    {named}: {share_words(parent, one.mixture)}")
    strangers = Counter(pair.first for pair in found if _is_stranger(pair))
    unlisted = {name for name, count in strangers.items() if count > MOST_STRANGERS}
    listed = [pair for pair in found if not (_is_stranger(pair) and pair.first in unlisted)]
    for pair in sorted(listed, key=lambda pair: pair.likeness.answer in _NOTHING):
        first, second = visible(pair.first), visible(pair.second) + (" (atlas)" if pair.in_atlas else "")
        likeness = pair.likeness
        mark = "·" if likeness.answer in _NOTHING else "="
        lines.append(f"{mark} {first} and {second}: {_answer(pair)}")
        lines.append(f"    {visible(likeness.detail)}")
        if likeness.alike:
            more = len(likeness.alike) - MOST_NAMED
            names = ", ".join(visible(name) for name in likeness.alike[:MOST_NAMED])
            lines.append(f"    alike: {names}" + (f" and {more} more" if more > 0 else ""))
    lines += [
        f"· {visible(name)}: no likeness found with {strangers[name]:,} models of the atlas"
        for name in strangers
        if name in unlisted
    ]
    for name, sketch in sketches:
        lines += [f"! {visible(name)}: {visible(reason)}" for reason in sketch.left_out]
    if any(pair.likeness.answer is Answer.NONE for pair in found):
        lines.append("No likeness found does not mean independent: weights can be changed so that it does not show.")
    return lines


def _is_stranger(pair: Relative) -> bool:
    """Tell whether it is a model of the atlas that nothing was found of."""
    return pair.in_atlas and pair.likeness.answer in _NOTHING


def _answer(pair: Relative) -> str:
    likeness = pair.likeness
    if likeness.answer in _NOTHING:
        return str(likeness.answer)
    later = {"first": pair.first, "second": pair.second}.get(likeness.later)
    if later is not None:
        return f"{likeness.answer}; {visible(later)} is derived from the other"
    if likeness.answer is Answer.SAME:
        return str(likeness.answer)
    return f"{likeness.answer}; one is derived from the other, or both from a third; the weights do not tell which"


def comparison_document(
    sketches: Sequence[tuple[str, Sketch]], found: Sequence[Relative], merged: Sequence[Merged] = ()
) -> dict[str, object]:
    """Return the comparison for programs."""
    return {
        "files": [
            {
                "name": name,
                "container": sketch.container,
                "architecture": sketch.architecture,
                "shapes": sketch.shapes,
                "matrices": len(sketch.names),
                "norms": len(sketch.norms),
                "left_out": list(sketch.left_out),
            }
            for name, sketch in sketches
        ],
        "pairs": [
            {
                "first": pair.first,
                "second": pair.second,
                "atlas": pair.in_atlas,
                "answer": str(pair.likeness.answer),
                "relation": str(pair.likeness.relation) if pair.likeness.relation is not None else None,
                "later": pair.likeness.later,
                "score": round(pair.likeness.comparison.score, 4),
                "spread": round(pair.likeness.comparison.spread, 4),
                "equal_norms": pair.likeness.comparison.equal_norms,
                "shared_norms": pair.likeness.comparison.shared_norms,
                "matrices": [
                    {"name": one.name, "correlation": round(one.correlation, 4)}
                    for one in pair.likeness.comparison.matrices
                ],
            }
            for pair in found
        ],
        "merges": [
            {
                "file": one.name,
                "grafted": one.mixture.grafted,
                "residual": one.mixture.residual,
                "parents": [
                    {
                        "name": one.candidates[parent.candidate][0],
                        "atlas": one.candidates[parent.candidate][1],
                        "share": parent.share,
                        "parts": dict(parent.parts),
                        "lowest": parent.lowest,
                        "highest": parent.highest,
                    }
                    for parent in one.mixture.parents
                ],
            }
            for one in merged
        ],
    }


def atlas_lines(entries: Entries) -> list[str]:
    """Return one line for each known model."""
    if not entries.models and not entries.unreadable:
        return ["No model is known yet; `wb lineage add FILE` makes one known."]
    lines = [
        f"{visible(model.name)}  {model.license or 'no license given'}  {model.sha256 or '-'}"
        for model in entries.models
    ]
    return lines + [f"{visible(name)}  cannot be compared: {UNREADABLE}" for name in entries.unreadable]


def atlas_document(entries: Entries) -> dict[str, object]:
    """Return the atlas for programs."""
    return {
        "models": [
            {"name": model.name, "license": model.license, "sha256": model.sha256, "shapes": model.sketch.shapes}
            for model in entries.models
        ],
        "unreadable": list(entries.unreadable),
    }
