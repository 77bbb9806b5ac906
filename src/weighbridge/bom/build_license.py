"""License terms of an artifact, as a document carries them."""

from collections.abc import Iterable, Iterator

from weighbridge.bom.component import Licensing, Statement, Text
from weighbridge.bom.text import clean
from weighbridge.model.license import EffectiveTerms, LicenseTerms

MOST = 32


def licensing_of(terms: LicenseTerms) -> Licensing:
    """Return declared, concluded and effective license of one artifact."""
    declared = {
        Statement(value=clean(item.value, 200), source=clean(item.source, 200)): None
        for item in terms.declared
        if item.value
    }
    concluded = clean(terms.concluded or "", 200) or None
    return Licensing(
        declared=tuple(declared)[:MOST],
        concluded=concluded,
        method=(terms.method or None) if concluded else None,
        confidence=terms.confidence.value if concluded and terms.confidence is not None else None,
        texts=tuple(
            Text(
                sha256=item.sha256,
                source=clean(item.source, 200),
                likeness=item.likeness.value,
                license=clean(item.license or "", 200) or None,
            )
            for item in terms.texts[:MOST]
        ),
        terms=tuple((name, value) for name, value in _terms(terms) if value),
        reasons=_all(terms.reasons),
    )


def _terms(terms: LicenseTerms) -> Iterator[tuple[str, str]]:
    effective = terms.effective
    yield "commercial", terms.commercial.value
    if effective == EffectiveTerms():
        return
    yield "production", effective.production.value
    yield "outputs", effective.outputs.value
    yield "output-training", clean(effective.output_training)
    yield "use-policy", clean(effective.use_policy)
    for threshold in effective.thresholds[:MOST]:
        yield "threshold", clean(f"{threshold.metric} > {threshold.above}: {threshold.effect}")
    for title, values in (
        ("region-excluded", effective.regions_excluded),
        ("obligation", effective.obligations),
        ("derivative-terms", effective.derivative_terms),
    ):
        yield from ((title, value) for value in _all(values))
    for number, link in enumerate(effective.chain[:MOST]):
        # An artifact belongs to its own chain for certain; that says nothing of how its license is known.
        ground = link.grade if number else link.source
        yield "chain", clean(f"{link.name}: {link.license or 'unknown'}, {link.commercial.value} ({ground})")
    if effective.decided_by is not None:
        yield "decided-by", clean(effective.decided_by)


def _all(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(clean(value) for value in values if value)[:MOST]
