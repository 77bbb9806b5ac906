"""Which terms are stricter, and the strictest of several.

In: terms. Out: terms under which nobody breaks any of them. Unknown stands between a condition and a prohibition: it
may turn out to be either, so it takes a permission away and leaves a prohibition as it is.
"""

from collections.abc import Iterable, Sequence

from weighbridge.licensing.entry import OUTPUT_TRAINING, USE_POLICIES, LicenseEntry
from weighbridge.model.license import Commercial, EffectiveTerms, Outputs, Threshold

_COMMERCIAL = (Commercial.ALLOWED, Commercial.CONDITIONAL, Commercial.UNKNOWN, Commercial.PROHIBITED)
_OUTPUTS = tuple(Outputs)
_MOST = 64

UNKNOWN = EffectiveTerms(use_policy="unknown")
"""Terms that nobody resolved."""

ALLOWED = EffectiveTerms(
    commercial=Commercial.ALLOWED, production=Commercial.ALLOWED, outputs=Outputs.FREE, output_training="free"
)
"""No terms at all: what the strictest of nothing would be."""


def rank(commercial: Commercial) -> int:
    """Return how strict an answer is; larger is stricter."""
    return _COMMERCIAL.index(commercial)


def terms_of(entry: LicenseEntry, *, multimodal: bool | None = None) -> EffectiveTerms:
    """Return what a license allows and asks.

    Args:
        entry: row of the table.
        multimodal: whether the model sees or hears, for regions that only such models are withheld from; None if that
            is not known, and then they count.
    """
    regions = () if entry.regions_for == "multimodal" and multimodal is False else entry.regions_excluded
    carried = () if entry.derivatives == "free" else (f"{entry.derivatives}:{entry.id}",)
    return EffectiveTerms(
        commercial=entry.commercial,
        production=entry.production,
        outputs=entry.outputs,
        output_training=entry.output_training,
        thresholds=entry.thresholds,
        regions_excluded=regions,
        obligations=entry.obligations,
        derivative_terms=carried,
        use_policy=entry.use_policy,
    )


def strictest(all_terms: Sequence[EffectiveTerms]) -> EffectiveTerms:
    """Return terms that satisfy all of `all_terms`: the strictest answer on every axis, all duties together."""
    several = all_terms or (UNKNOWN,)
    return EffectiveTerms(
        commercial=max((terms.commercial for terms in several), key=rank),
        production=max((terms.production for terms in several), key=rank),
        outputs=max((terms.outputs for terms in several), key=_OUTPUTS.index),
        output_training=max((terms.output_training for terms in several), key=OUTPUT_TRAINING.index),
        thresholds=_thresholds(threshold for terms in several for threshold in terms.thresholds),
        regions_excluded=_together(terms.regions_excluded for terms in several),
        obligations=_together(terms.obligations for terms in several),
        derivative_terms=_together(terms.derivative_terms for terms in several),
        use_policy=max((terms.use_policy for terms in several), key=USE_POLICIES.index),
    )


def loosest(all_terms: Sequence[EffectiveTerms]) -> EffectiveTerms:
    """Return the one of `all_terms` that somebody who may choose would choose."""
    return min(
        all_terms, key=lambda terms: (rank(terms.commercial), _OUTPUTS.index(terms.outputs), len(terms.obligations))
    )


def _together(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))[:_MOST]


def _thresholds(thresholds: Iterable[Threshold]) -> tuple[Threshold, ...]:
    """Return each kind of threshold once, at its lowest."""
    lowest: dict[tuple[str, str, str], Threshold] = {}
    for threshold in thresholds:
        key = threshold.metric, threshold.effect, threshold.scope
        if key not in lowest or threshold.above < lowest[key].above:
            lowest[key] = threshold
    return tuple(lowest.values())[:_MOST]
