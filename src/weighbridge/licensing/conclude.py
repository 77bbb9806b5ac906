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
from weighbridge.licensing.entry import LicenseEntry
from weighbridge.licensing.statement import Statement, no_permission, stated
from weighbridge.licensing.strictness import UNKNOWN, rank, strictest, terms_of
from weighbridge.licensing.table import Naming, label, license_entry
from weighbridge.licensing.text_role import TextRole, role_of, title
from weighbridge.model.finding import Confidence
from weighbridge.model.license import (
    BELOW,
    NOT_READ,
    Commercial,
    DeclaredLicense,
    EffectiveTerms,
    IdentifiedText,
    LicenseAltered,
    LicenseDisagreement,
    LicenseText,
    TextLikeness,
)
from weighbridge.model.observation import Observation
from weighbridge.model.record import record

Text = tuple[LicenseText, IdentifiedText]

_SETTLED = (TextLikeness.EXACT, TextLikeness.CONTAINED)
_DOUBTFUL = (TextLikeness.ALTERED, TextLikeness.PARTIAL, TextLikeness.AMBIGUOUS)
_CONFIDENCES = tuple(Confidence)
_VERSION = re.compile(r"[-.]?\d[\d.]*")
_NAMED_IN_NOTICE = re.compile(r"licensed under (?:the )?([^,.;\n]{2,60}(?:\.\d[^,.;\n]{0,60})?)", re.IGNORECASE)
_LIMIT = re.compile(
    r"non[-\s]?commercial|not\s+(?:for|be\s+used\s+for)\s+(?:any\s+)?commercial|no\s+commercial"
    r"|(?:research|academic|personal|evaluation|educational)\s+(?:and\s+\w+\s+)?(?:use|purposes)\s+only"
    r"|only\s+for\s+(?:research|academic|personal|evaluation|educational)|may\s+not\s+be\s+(?:sold|used)",
    re.IGNORECASE,
)
_LONGEST_NOTICE = 20_000
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


@record
class _Read:
    """A text of the model's, with the terms that it leads to."""

    text: IdentifiedText
    terms: EffectiveTerms
    entry: LicenseEntry | None

    @property
    def settled(self) -> bool:
        return self.text.likeness in _SETTLED and self.text.license is not None

    @property
    def license(self) -> str | None:
        return self.entry.id if self.entry is not None else self.text.license


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
    reads, policies = _texts_of_the_model(texts, multimodal)
    settled = [read for read in reads if read.settled]
    # A text that is here answers what a link to somewhere else leaves open.
    telling = (item for item in declared if not item.empty and not (item.link and settled and item.names is None))
    named = (*telling, *_titles_and_notices(texts, multimodal))
    terms = strictest([*(item.terms for item in named), *(read.terms for read in reads if _says_something(read))])
    chosen_from = choice(named, ((read.text.source, read.license) for read in settled if read.license is not None))
    disagreements = tuple(_disagreements(named, reads, chosen_from))
    license_id, method, confidence = _named(named, reads, settled, disagreements, chosen_from)
    doubts = (*_doubts(declared, named, reads, settled, disagreements, shared), *_limits_in_notices(texts))
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


def _texts_of_the_model(texts: Sequence[Text], multimodal: bool | None) -> tuple[list[_Read], list[str]]:
    """Return the texts that license the model, and where use policies stand; the code's license is not the model's."""
    roles = [(role_of(text), text, identified) for text, identified in texts]
    own = TextRole.WEIGHTS if any(role is TextRole.WEIGHTS for role, _, _ in roles) else TextRole.MODEL
    # A policy file that holds a whole license is that license.
    reads = [
        _read(identified, multimodal)
        for role, _, identified in roles
        if role is own or (role is TextRole.POLICY and identified.likeness in _SETTLED)
    ]
    if own is TextRole.WEIGHTS:
        # The plain text is the code's; one that restricts may be meant for the weights all the same.
        plain = [_read(identified, multimodal) for role, _, identified in roles if role is TextRole.MODEL]
        reads += [read for read in plain if read.terms.commercial in (Commercial.PROHIBITED, Commercial.UNKNOWN)]
    reads = _without_others(reads)
    policies = [
        text.source
        for role, text, identified in roles
        if role is TextRole.POLICY and identified.likeness not in _SETTLED
    ]
    return reads, policies


def _without_others(reads: Sequence[_Read]) -> list[_Read]:
    """Leave out texts in folders below that restrict nothing: where others stand, they may be about something else."""
    beside = [read for read in reads if not read.text.source.endswith(BELOW)]
    restricting = (Commercial.CONDITIONAL, Commercial.PROHIBITED)
    below = [read for read in reads if read.text.source.endswith(BELOW)]
    return [*beside, *(read for read in below if read.entry is not None and read.entry.commercial in restricting)]


def _read(text: IdentifiedText, multimodal: bool | None) -> _Read:
    entry = license_entry(text.license) if text.license is not None else None
    if text.likeness is TextLikeness.AMBIGUOUS:
        ids = (*((text.license,) if text.license else ()), *text.candidates)
        possible = [terms_of(found, multimodal=multimodal) for found in map(license_entry, ids) if found]
        return _Read(text=text, terms=strictest([*possible, UNKNOWN]), entry=entry)
    if entry is None or text.likeness is TextLikeness.UNIDENTIFIED:
        return _Read(text=text, terms=UNKNOWN, entry=entry)
    terms = terms_of(entry, multimodal=multimodal)
    return _Read(text=text, terms=terms if text.likeness in _SETTLED else strictest([terms, UNKNOWN]), entry=entry)


def _titles_and_notices(texts: Sequence[Text], multimodal: bool | None) -> Iterator[Statement]:
    """Yield what titles of unknown texts and notices name; anybody can write a title, so only what restricts counts."""
    for text, identified in texts:
        role = role_of(text)
        if role in (TextRole.MODEL, TextRole.WEIGHTS) and identified.likeness is TextLikeness.UNIDENTIFIED:
            names = [title(text.text)]
        elif role is TextRole.NOTICE:
            names = [match.strip() for match in _NAMED_IN_NOTICE.findall(text.text[:_LONGEST_NOTICE])[:8]]
        else:
            continue
        for name in names:
            if label(name).naming is Naming.ONE:
                statement = stated(DeclaredLicense(value=name, source=text.source), multimodal=multimodal)
                if statement.terms.commercial is not Commercial.ALLOWED:
                    yield statement


def _limits_in_notices(texts: Sequence[Text]) -> Iterator[str]:
    """Yield notices that speak of limits to use; a notice should say who is to be named."""
    for text, identified in texts:
        if role_of(text) is TextRole.NOTICE and identified.likeness not in _SETTLED:
            limit = _LIMIT.search(text.text[:_LONGEST_NOTICE])
            if limit is not None:
                yield f"{text.source} speaks of a limit to use: `{' '.join(limit[0].split())}`."


def _says_something(read: _Read) -> bool:
    return read.text.likeness is not TextLikeness.UNIDENTIFIED


def _disagreements(
    named: Sequence[Statement], reads: Sequence[_Read], chosen_from: frozenset[str]
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


def _altered(reads: Sequence[_Read]) -> Iterator[LicenseAltered]:
    for read in reads:
        if read.text.likeness is TextLikeness.ALTERED and read.license is not None:
            yield LicenseAltered(source=read.text.source, license=read.license, detail=read.text.detail)


def _named(
    named: Sequence[Statement],
    reads: Sequence[_Read],
    settled: Sequence[_Read],
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
    reads: Sequence[_Read],
    settled: Sequence[_Read],
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


def _doubt_of_text(read: _Read) -> Iterator[str]:
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
    settled: Sequence[_Read],
    declared: Iterable[Statement],
    reads: Sequence[_Read],
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
