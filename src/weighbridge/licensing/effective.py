"""Terms over an artifact and all its ancestors, and whether the artifact claims looser ones.

In: what the artifact's own evidence comes to, its ancestors, and what else is known of them. Out: the strictest terms
with the chain that they come from. An ancestor that nobody knows the license of takes every permission away; a loop in
what is declared ends.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from weighbridge.licensing.conclude import Conclusion, same_terms
from weighbridge.licensing.families import Family, canonical, family_of
from weighbridge.licensing.strictness import UNKNOWN, rank, strictest, terms_of
from weighbridge.licensing.table import license_entry
from weighbridge.model.ancestry import Ancestor
from weighbridge.model.fact import Grade
from weighbridge.model.finding import Confidence
from weighbridge.model.license import (
    ChainLink,
    Commercial,
    EffectiveTerms,
    LicenseDisagreement,
    LicenseLaundering,
)
from weighbridge.model.observation import Observation
from weighbridge.model.record import record

MOST_LINKS = 64
_MOST_FINDINGS = 8
THIS = "this artifact"


@record
class Known:
    """What the same scan knows of an ancestor that was found in it."""

    conclusion: Conclusion
    ancestry: tuple[Ancestor, ...] = ()


Here = Callable[[Ancestor], Known | None]


@record
class _Link:
    link: ChainLink
    terms: EffectiveTerms
    path: tuple[str, ...]
    """Names from the artifact to this ancestor."""


def named(
    conclusion: Conclusion, names: Iterable[str], *, dates: Sequence[str] = (), multimodal: bool | None = None
) -> Conclusion:
    """Return `conclusion` with what the artifact's own names add.

    A well-known name restricts (Qwen2.5-3B is for research only, whatever the label says) and never grants. Where
    nothing else says anything, it is the license; where the label is looser, that is a disagreement.

    Args:
        conclusion: what the artifact's own evidence comes to.
        names: what it is called, the surest first.
        dates: days on which it says that it was made, ISO 8601.
        multimodal: see `terms_of`.
    """
    for name in names:
        family = family_of(name)
        if family is None or _settles(conclusion, family, dates):
            continue
        terms, license_id = _terms_of_family(family, multimodal)
        if rank(terms.commercial) <= rank(Commercial.ALLOWED):
            continue
        says = f"By its name (`{name[:100]}`) it is under `{license_id}`"
        note = f" {family.note}" if family.note else ""
        if conclusion.license is None and conclusion.method is None and conclusion.terms == UNKNOWN:
            return replace(
                conclusion,
                license=license_id,
                method="name",
                confidence=Confidence.LOW,
                terms=terms,
                reasons=(f"{says}; a name is not proof.{note}", *conclusion.reasons),
            )
        if rank(terms.commercial) <= rank(conclusion.terms.commercial):
            continue
        first = conclusion.license or "unresolved"
        disagreement = LicenseDisagreement(
            first=first, first_source=THIS, second=license_id, second_source=f"the known model {name[:100]}"
        )
        return replace(
            conclusion,
            confidence=Confidence.LOW,
            terms=strictest([conclusion.terms, terms]),
            reasons=(*conclusion.reasons, f"{says}; the stricter holds.{note}"),
            observations=(*conclusion.observations, disagreement),
        )
    return conclusion


def _settles(conclusion: Conclusion, family: Family, dates: Sequence[str]) -> bool:
    """Tell whether the conclusion is one that the family's publisher gave; of several a text or the dates say which."""
    if conclusion.license not in family.licenses:
        return False
    if len(family.licenses) == 1 or "text" in (conclusion.method or ""):
        return True
    later = bool(family.since and dates) and min(dates) >= family.since
    return later and conclusion.license == family.licenses[-1]


def effective(
    conclusion: Conclusion,
    ancestry: Sequence[Ancestor],
    here: Here = lambda _: None,
    *,
    own_names: Iterable[str] = (),
    multimodal: bool | None = None,
) -> tuple[EffectiveTerms, tuple[str, ...], tuple[Observation, ...]]:
    """Return the strictest terms over the artifact and its ancestors, reasons, and observations on looser claims.

    Args:
        conclusion: what the artifact's own evidence comes to.
        ancestry: its ancestors, each with its own as far as they are known.
        here: what the same scan knows of an ancestor.
        own_names: names of the artifact itself, which are no ancestors of it.
        multimodal: see `terms_of`.
    """
    own = ChainLink(
        name=THIS,
        license=conclusion.license,
        commercial=conclusion.terms.commercial,
        grade=str(Grade.MEASURED),
        source=conclusion.method or "nothing names a license",
    )
    first = _Link(link=own, terms=conclusion.terms, path=(THIS,))
    links = [first, *_ancestors(ancestry, here, frozenset(map(canonical, own_names)), multimodal)]
    terms = strictest([link.terms for link in links])
    strict = max(links, key=lambda link: rank(link.terms.commercial))
    conflict = _conflict(terms)
    if conflict:
        terms = replace(terms, commercial=_stricter(terms.commercial), production=_stricter(terms.production))
    terms = replace(terms, chain=tuple(link.link for link in links), decided_by=strict.link.name)
    reasons = (*(_reason(link) for link in links[1:]), *conflict)
    return terms, reasons, tuple(_laundering(conclusion, links[1:]))[:_MOST_FINDINGS]


def _ancestors(
    ancestry: Sequence[Ancestor], here: Here, own_names: frozenset[str], multimodal: bool | None
) -> Iterator[_Link]:
    """Yield every ancestor once, nearest first."""
    seen = set(own_names)
    waiting: list[tuple[Ancestor, tuple[str, ...], Grade]]
    waiting = [(ancestor, (THIS,), ancestor.grade) for ancestor in ancestry]
    count = 0
    while waiting and count < MOST_LINKS:
        ancestor, path, grade = waiting.pop(0)
        keys = {key for key in (canonical(ancestor.name), ancestor.sha256) if key}
        if not keys or keys & seen:
            continue
        seen |= keys
        count += 1
        known = here(ancestor)
        terms, license_id, source = _terms_of_ancestor(ancestor, known, multimodal)
        # The chain is as sure as its weakest step.
        weakest = max((grade, ancestor.grade), key=tuple(Grade).index)
        link = ChainLink(
            name=ancestor.name, license=license_id, commercial=terms.commercial, grade=str(weakest), source=source
        )
        path = (*path, ancestor.name)
        yield _Link(link=link, terms=terms, path=path)
        further = (*ancestor.parents, *(known.ancestry if known is not None else ()))
        waiting += [(parent, path, weakest) for parent in further[:MOST_LINKS]]


def _terms_of_ancestor(
    ancestor: Ancestor, known: Known | None, multimodal: bool | None
) -> tuple[EffectiveTerms, str | None, str]:
    """Return terms, license and where they come from: the same scan, the family of the name, or nowhere."""
    found: list[tuple[EffectiveTerms, str | None, str]] = []
    if known is not None and (known.conclusion.license is not None or known.conclusion.terms != UNKNOWN):
        found.append((known.conclusion.terms, known.conclusion.license, f"{ancestor.source}; found in this scan"))
    given = license_entry(ancestor.license) if ancestor.license is not None else None
    if given is not None:
        found.append((terms_of(given, multimodal=multimodal), given.id, f"{ancestor.source}; license as added there"))
    family = family_of(ancestor.name)
    if family is not None:
        terms, license_id = _terms_of_family(family, multimodal)
        found.append((terms, license_id, f"{ancestor.source}; known model ({family.source})"))
    if not found:
        return UNKNOWN, None, ancestor.source
    strict = max(found, key=lambda item: rank(item[0].commercial))
    return strictest([terms for terms, _, _ in found]), strict[1], strict[2]


def _terms_of_family(family: Family, multimodal: bool | None) -> tuple[EffectiveTerms, str]:
    """Return the strictest of the licenses that the family may be under, and its id."""
    known = [
        (terms_of(entry, multimodal=multimodal), entry.id)
        for entry in map(license_entry, family.licenses)
        if entry is not None
    ]
    return max(known, key=lambda item: rank(item[0].commercial), default=(UNKNOWN, family.licenses[0]))


def _reason(link: _Link) -> str:
    made = f"Made from `{link.link.name[:100]}` ({link.link.grade})"
    if link.link.license is None and link.link.commercial is Commercial.UNKNOWN:
        return f"{made}, whose license is not known."
    return f"{made}, which is under `{link.link.license or 'terms of its own'}`: those terms hold too."


def _laundering(conclusion: Conclusion, links: Sequence[_Link]) -> Iterator[LicenseLaundering]:
    """Yield every known ancestor whose terms are stricter than what the artifact claims."""
    if conclusion.license is None:
        return
    for link in links:
        license_id = link.link.license
        if license_id is None or same_terms(license_id, conclusion.license):
            continue
        if _looser(conclusion, link):
            yield LicenseLaundering(
                claimed=conclusion.license,
                ancestor=link.link.name,
                ancestor_license=license_id,
                chain=link.path,
                grade=link.link.grade,
            )


def _looser(conclusion: Conclusion, link: _Link) -> bool:
    claimed, inherited = conclusion.terms.commercial, link.terms.commercial
    if inherited in (Commercial.CONDITIONAL, Commercial.PROHIBITED):
        return rank(claimed) < rank(inherited)
    entry = license_entry(link.link.license or "")
    bound = entry is not None and entry.derivatives in ("same-license", "prohibited-to-share")
    return bound and claimed is Commercial.ALLOWED


def _conflict(terms: EffectiveTerms) -> tuple[str, ...]:
    """Two licenses that each ask for derivatives under itself cannot both be met."""
    asked = [term.partition(":")[2] for term in terms.derivative_terms if term.startswith("same-license:")]
    for first in asked:
        for second in asked:
            if not same_terms(first, second):
                return (f"`{first}` and `{second}` each ask that derivatives stay under it; both cannot be met.",)
    return ()


def _stricter(commercial: Commercial) -> Commercial:
    return max((commercial, Commercial.UNKNOWN), key=rank)
