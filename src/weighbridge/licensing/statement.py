"""What somebody declared, and what it amounts to by the table.

In: facts. Out: statements. A declaration is a claim by whoever wrote it. A link is not followed: the address of a known
license's page may restrict and never grants, and one that leads elsewhere leaves open what holds.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from weighbridge.licensing.expression import ADDS_PERMISSION, Expression, parse
from weighbridge.licensing.links import leads_elsewhere, license_of_link
from weighbridge.licensing.strictness import UNKNOWN, loosest, strictest, terms_of
from weighbridge.licensing.table import Naming, label, license_entry
from weighbridge.model.fact import Fact, FactValue
from weighbridge.model.finding import Confidence
from weighbridge.model.license import Commercial, DeclaredLicense, EffectiveTerms
from weighbridge.model.record import record

DECLARING = frozenset({"license", "license.name", "license.spdx"})
_LINK = "license.link"
_TAG = "license:"
"""How tags of the Hub begin that name a license."""
MOST = 64
LONGEST = 200


@record
class Statement:
    """One declaration, resolved."""

    declared: DeclaredLicense
    licenses: tuple[str, ...] = ()
    """Table ids that it names or may mean."""
    names: str | None = None
    """The one license, or expression of licenses, that it names; None if it names none or several."""
    terms: EffectiveTerms = UNKNOWN
    empty: bool = False
    """Whether it names nothing at all: `other`."""
    confidence: Confidence = Confidence.LOW
    note: str = ""
    link: bool = False
    """Whether it is an address of terms, which nobody follows."""


def statements(facts: Iterable[Fact], *, multimodal: bool | None = None) -> tuple[Statement, ...]:
    """Return what the license facts in `facts` declare, in their order, each once.

    Several values of one fact (`license: [mit, cc-by-nc-4.0]`) hold together.
    """
    found: dict[DeclaredLicense, Statement] = {}
    for fact in facts:
        for value in _declaring(fact):
            declared = DeclaredLicense(value=value, source=fact.source[:LONGEST])
            said = _linked(declared, multimodal) if fact.name == _LINK else stated(declared, multimodal=multimodal)
            if said is not None:
                found.setdefault(declared, said)
            if len(found) >= MOST:
                return tuple(found.values())
    return tuple(found.values())


def _declaring(fact: Fact) -> list[str]:
    if fact.name == "tags":
        return [tag[len(_TAG) :] for tag in values_of(fact.value) if tag.lower().startswith(_TAG)]
    return values_of(fact.value) if fact.name == _LINK or (fact.name in DECLARING and not is_title(fact)) else []


def _linked(declared: DeclaredLicense, multimodal: bool | None) -> Statement | None:
    """Return what an address says: a license that restricts, or that terms stand elsewhere; None if neither."""
    if leads_elsewhere(declared.value):
        return Statement(declared=declared, link=True)
    entry = license_entry(license_of_link(declared.value) or "")
    if entry is None or entry.commercial is Commercial.ALLOWED:
        return None
    terms = terms_of(entry, multimodal=multimodal)
    return Statement(declared=declared, licenses=(entry.id,), names=entry.id, terms=terms, link=True)


@lru_cache(maxsize=1024)
def stated(declared: DeclaredLicense, *, multimodal: bool | None = None) -> Statement:
    """Return what one declaration amounts to."""
    meant = label(declared.value)
    if meant.naming is Naming.NONE:
        return Statement(declared=declared, empty=True)
    if meant.naming is Naming.ONE:
        entry = license_entry(meant.licenses[0])
        assert entry is not None  # noqa: S101  (told to the type checker: the table named it)
        return Statement(
            declared=declared,
            licenses=meant.licenses,
            names=entry.id,
            terms=terms_of(entry, multimodal=multimodal),
            confidence=Confidence.LOW if entry.confidence is Confidence.LOW else Confidence.MEDIUM,
        )
    if meant.naming is Naming.SEVERAL:
        possible = [terms_of(entry, multimodal=multimodal) for entry in map(license_entry, meant.licenses) if entry]
        return Statement(
            declared=declared, licenses=meant.licenses, terms=no_permission(strictest(possible)), note=meant.note
        )
    expression = parse(declared.value)
    if expression is None:
        return Statement(declared=declared)
    leaves = tuple(_leaves(expression, multimodal))
    return Statement(
        declared=declared,
        licenses=tuple(dict.fromkeys(name for leaf in leaves for name in leaf.licenses)),
        names=_written(expression) if all(leaf.names for leaf in leaves) else None,
        terms=_evaluated(expression, multimodal),
        confidence=min((leaf.confidence for leaf in leaves), key=tuple(Confidence).index),
    )


def no_permission(terms: EffectiveTerms) -> EffectiveTerms:
    """Return `terms`, with unknown in place of a permission: what is in doubt is never allowed."""
    return strictest((terms, UNKNOWN)) if terms.commercial is Commercial.ALLOWED else terms


def values_of(value: FactValue) -> list[str]:
    """Return the texts in a fact's value, shortened."""
    items = value[:MOST] if isinstance(value, tuple) else (value,)
    return [item.strip()[:LONGEST] for item in items if isinstance(item, str) and item.strip()]


def is_title(fact: Fact) -> bool:
    """A store's license layer is a text; what is declared from it is only its title."""
    return fact.name == "license" and "license layer" in fact.source.lower()


def _leaves(expression: Expression, multimodal: bool | None) -> Iterator[Statement]:
    if expression.name:
        yield _leaf(expression.name, multimodal)
    for part in expression.parts[:1] if _is_excepted(expression) else expression.parts:
        yield from _leaves(part, multimodal)


def _is_excepted(expression: Expression) -> bool:
    """Tell whether an exception follows that is known to permit more and to take nothing back."""
    return expression.operator == "with" and expression.parts[1].name.lower() in ADDS_PERMISSION


def _leaf(name: str, multimodal: bool | None) -> Statement:
    declared = DeclaredLicense(value=name, source="")
    meant = label(name)
    return Statement(declared=declared) if meant.naming is Naming.UNKNOWN else stated(declared, multimodal=multimodal)


def _evaluated(expression: Expression, multimodal: bool | None) -> EffectiveTerms:
    """OR is the best only when each side is known; AND the worst; WITH is unknown unless the exception only permits."""
    if expression.name:
        return _leaf(expression.name, multimodal).terms
    parts = [_evaluated(part, multimodal) for part in expression.parts]
    if expression.operator == "with":
        return parts[0] if _is_excepted(expression) else strictest((parts[0], UNKNOWN))
    if expression.operator == "or" and all(part.commercial is not Commercial.UNKNOWN for part in parts):
        return loosest(parts)
    return strictest(parts)


def _written(expression: Expression) -> str:
    if expression.name:
        entry = license_entry(expression.name)
        return entry.id if entry is not None else expression.name
    inner = (f"({_written(part)})" if part.operator == "or" else _written(part) for part in expression.parts)
    return f" {expression.operator.upper()} ".join(inner)
