"""What an artifact's own evidence amounts to.

In: declarations and identified texts. Out: the license they come to with method and confidence, the terms that follow,
reasons, and observations where they disagree or a text was altered. The rules:

- `other` names nothing. A link is recorded and never followed; where it leads elsewhere it takes a permission away.
- A text beats a label. A label that a text contradicts is a disagreement, and the stricter of the two holds.
- A revision of the same publisher's license is no disagreement.
- What is altered, partial, ambiguous, unidentified or in disagreement is never a permission.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from weighbridge.licensing.choice import choice
from weighbridge.licensing.own_texts import OwnText, Text, limits_in_notices, texts_of_the_model, titles_and_notices
from weighbridge.licensing.statement import Statement, no_permission
from weighbridge.licensing.strictness import rank, strictest
from weighbridge.licensing.table import license_entry
from weighbridge.model.finding import Confidence
from weighbridge.model.license import (
    NOT_READ,
    Commercial,
    EffectiveTerms,
    LicenseAltered,
    LicenseDisagreement,
    TextLikeness,
)
from weighbridge.model.observation import Observation
from weighbridge.model.record import record

_DOUBTFUL = (TextLikeness.ALTERED, TextLikeness.PARTIAL, TextLikeness.AMBIGUOUS)
_CONFIDENCES = tuple(Confidence)
_VERSION = re.compile(r"[-.]?\d[\d.]*")
_MOST_DISAGREEMENTS = 8
_LONGEST_QUOTE = 120


@record
class Conclusion:
    """What the evidence of one artifact comes to; ancestors are not in it."""

    license: str | None
    method: str | None
    confidence: Confidence | None
    terms: EffectiveTerms
    reasons: tuple[str, ...]
    observations: tuple[Observation, ...] = ()


def conclude(
    declared: Sequence[Statement],
    texts: Sequence[Text],
    *,
    shared: frozenset[str] = frozenset(),
    multimodal: bool | None = None,
    limits: Sequence[tuple[str, str]] = (),
) -> Conclusion:
    """Return what declarations and texts come to.

    Args:
        declared: see `statements`.
        texts: each with what it was identified as.
        shared: sources of texts that may belong to something else that lies in the same folder.
        multimodal: see `terms_of`.
        limits: where prose states a limit to use, and its words.
    """
    reads, policies = texts_of_the_model(texts, multimodal)
    settled = [read for read in reads if read.settled]
    # A text that is here answers what a link to somewhere else leaves open.
    telling = (item for item in declared if not item.empty and not (item.link and settled and item.names is None))
    named = (*telling, *titles_and_notices(texts, multimodal))
    terms = strictest([*(item.terms for item in named), *(read.terms for read in reads if _says_something(read))])
    chosen_from = choice(named, ((read.text.source, read.license) for read in settled if read.license is not None))
    disagreements = tuple(_disagreements(named, reads, chosen_from))
    license_id, method, confidence = _named(named, reads, settled, disagreements, chosen_from)
    doubts = (*_doubts(declared, named, reads, settled, disagreements, shared), *limits_in_notices(texts))
    doubts += tuple(f"{source} states a limit to use: `{text[:_LONGEST_QUOTE]}`." for source, text in limits)
    if doubts and terms.commercial is Commercial.ALLOWED:
        terms, confidence = no_permission(terms), Confidence.LOW if license_id else None
    if policies:
        terms = strictest([terms, replace(terms, commercial=_at_least_conditional(terms), use_policy="in-text")])
        doubts = (*doubts, f"A use policy stands with it ({policies[0]}); what it forbids is forbidden.")
    reason = _reason(license_id, method, named, settled, declared, reads)
    return Conclusion(
        license=license_id,
        method=method,
        confidence=confidence,
        terms=terms,
        reasons=(reason, *doubts),
        observations=(*disagreements, *_altered(reads)),
    )


def same_terms(first: str, second: str) -> bool:
    """Tell whether two licenses are one, or revisions of one: same publisher and answer, or same but for a version."""
    if first == second:
        return True
    one, other = license_entry(first), license_entry(second)
    if one is None or other is None:
        return False
    if one.commercial is not other.commercial:
        return False
    if one.publisher is not None and one.publisher == other.publisher:
        return True
    return _VERSION.sub("", one.id) == _VERSION.sub("", other.id)


def _says_something(read: OwnText) -> bool:
    return read.text.likeness is not TextLikeness.UNIDENTIFIED


def _disagreements(
    named: Sequence[Statement], reads: Sequence[OwnText], chosen_from: frozenset[str]
) -> Iterator[LicenseDisagreement]:
    claims = [(item.declared.value, item.declared.source, item.licenses) for item in named if item.licenses]
    claims += [
        (read.license, read.text.source, (read.license,))
        for read in reads
        if read.license is not None and read.text.likeness is not TextLikeness.AMBIGUOUS
    ]
    yielded: set[tuple[str, ...]] = set()
    for (first, first_source, ones), (second, second_source, others) in combinations(claims, 2):
        if first_source == second_source or any(same_terms(one, other) for one in ones for other in others):
            continue
        if chosen_from.issuperset((*ones, *others)):
            continue
        key = (*sorted(ones), "", *sorted(others))
        if key not in yielded and len(yielded) < _MOST_DISAGREEMENTS:
            yielded.add(key)
            yield LicenseDisagreement(
                first=first, first_source=first_source, second=second, second_source=second_source
            )


def _altered(reads: Sequence[OwnText]) -> Iterator[LicenseAltered]:
    for read in reads:
        if read.text.likeness is TextLikeness.ALTERED and read.license is not None:
            yield LicenseAltered(source=read.text.source, license=read.license, detail=read.text.detail)


def _named(
    named: Sequence[Statement],
    reads: Sequence[OwnText],
    settled: Sequence[OwnText],
    disagreements: Sequence[LicenseDisagreement],
    chosen_from: frozenset[str],
) -> tuple[str | None, str | None, Confidence | None]:
    """Return the license that the evidence comes to, by what method and how sure."""
    if any(read.text.likeness in _DOUBTFUL for read in reads):
        return None, None, None
    if settled:
        ids = list(dict.fromkeys(read.license for read in settled if read.license is not None))
        if chosen_from.issuperset(ids) and not disagreements:
            agreed = any(chosen_from <= set(item.licenses) for item in named)
            return " OR ".join(sorted(ids)), "text-and-label" if agreed else "text", Confidence.MEDIUM
        if any(not same_terms(first, second) for first, second in combinations(ids, 2)):
            return None, None, None
        chosen = _strictest_id(ids)
        agrees = any(same_terms(name, chosen) for item in named for name in item.licenses)
        exact = any(read.text.likeness is TextLikeness.EXACT and read.license == chosen for read in settled)
        confidence = Confidence.MEDIUM if disagreements or not (exact or agrees) else Confidence.HIGH
        return chosen, "text-and-label" if agrees else "text", _capped(chosen, confidence)
    names = [item.names for item in named]
    if disagreements or not names or None in names:
        return None, None, None
    ids = list(dict.fromkeys(name for name in names if name is not None))
    chosen = _strictest_id(ids) if len(ids) > 1 else ids[0]
    return chosen, "label", min((item.confidence for item in named), key=_CONFIDENCES.index)


def _strictest_id(ids: Sequence[str]) -> str:
    def strictness(license_id: str) -> int:
        entry = license_entry(license_id)
        return rank(Commercial.UNKNOWN) if entry is None else rank(entry.commercial)

    return max(ids, key=strictness)


def _capped(license_id: str, confidence: Confidence) -> Confidence:
    """A row of the table that rests on little makes no sure conclusion."""
    entry = license_entry(license_id)
    known = Confidence.LOW if entry is None else entry.confidence
    return min((confidence, Confidence.MEDIUM if known is Confidence.LOW else confidence), key=_CONFIDENCES.index)


def _doubts(
    declared: Sequence[Statement],
    named: Sequence[Statement],
    reads: Sequence[OwnText],
    settled: Sequence[OwnText],
    disagreements: Sequence[LicenseDisagreement],
    shared: frozenset[str],
) -> Iterator[str]:
    """Yield whatever takes a permission away, in sentences."""
    for one in disagreements:
        yield (
            f"The evidence disagrees: `{one.first}` ({one.first_source}), `{one.second}` ({one.second_source});"
            " the stricter holds."
        )
    for read in reads:
        yield from _doubt_of_text(read)
    for item in named:
        if item.names is None:
            if item.licenses:
                yield f"`{item.declared.value}` stands for several licenses. {item.note}".rstrip()
            else:
                yield f"The terms of `{item.declared.value}` ({item.declared.source}) are not known."
    empty = next((item for item in declared if item.empty), None)
    if empty is not None and not settled:
        yield f"A declaration names no license: `{empty.declared.value}` ({empty.declared.source})."
    if settled and not any(item.licenses for item in named) and all(read.text.source in shared for read in settled):
        yield f"{settled[0].text.source} may belong to something else in that folder; nothing else names the license."


def _doubt_of_text(read: OwnText) -> Iterator[str]:
    text, close = read.text, read.license
    detail = f" ({text.detail})" if text.detail else ""
    match text.likeness:
        case TextLikeness.ALTERED:
            yield f"{text.source} is close to `{close}` and was changed{detail}: its terms are not that license's."
        case TextLikeness.PARTIAL:
            yield f"{text.source} is only a part of `{close}`{detail}."
        case TextLikeness.AMBIGUOUS:
            shown = ", ".join(f"`{name}`" for name in dict.fromkeys((*((close,) if close else ()), *text.candidates)))
            yield f"{text.source} is close to several licenses whose terms differ: {shown}."
        case TextLikeness.UNIDENTIFIED if text.detail.startswith(NOT_READ):
            yield f"{text.source}: {text.detail}; terms may stand there."
        case TextLikeness.UNIDENTIFIED:
            yield f"{text.source} is a text that is not known; it may add terms."
        case _ if read.entry is None:
            yield f"{text.source} is `{close}`, whose terms for models are not in the table."


def _at_least_conditional(terms: EffectiveTerms) -> Commercial:
    return max((terms.commercial, Commercial.CONDITIONAL), key=rank)


def _reason(
    license_id: str | None,
    method: str | None,
    named: Sequence[Statement],
    settled: Sequence[OwnText],
    declared: Iterable[Statement],
    reads: Sequence[OwnText],
) -> str:
    if license_id is not None and len({read.license for read in settled}) > 1 and " OR " in license_id:
        return f"Texts of each of `{license_id}` stand beside it, to choose from."
    if license_id is not None and settled:
        source = next((read.text.source for read in settled if read.license == license_id), settled[0].text.source)
        also = ", as declared" if method == "text-and-label" else ""
        return f"{source} is the text of `{license_id}`{also}."
    if license_id is not None:
        return f"Declared as `{license_id}` ({named[0].declared.source}); a declaration is not proof."
    if named or any(declared):
        return "The evidence does not come to one license."
    return "Only a license text declares a license." if reads else "Nothing declares a license."
