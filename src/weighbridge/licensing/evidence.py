"""What the evidence says of an artifact's license.

In: the facts of the artifact and license texts that lie beside it. Out: `LicenseTerms`: every declaration with its
source, what they agree on, and whether commercial use is allowed, `unknown` with reasons wherever that is not beyond
doubt. A declaration is a claim by whoever wrote the file; a text is quoted by its title and not compared word for
word, so it can raise doubt and never settle it.
"""

from collections.abc import Iterable, Iterator, Mapping

from weighbridge.licensing.ancestry import ancestors
from weighbridge.licensing.known import COMMERCIAL, NAMES_NOTHING, SPELLINGS
from weighbridge.model.fact import Fact, FactValue
from weighbridge.model.license import Commercial, DeclaredLicense, LicenseTerms

_DECLARING = frozenset({"license", "license.name", "license.spdx"})
_MOST = 64
_LONGEST = 200
_LONGEST_TITLE_SEARCH = 2000


def terms(facts: Iterable[Fact], texts: Mapping[str, str] | None = None) -> LicenseTerms:
    """Return the license terms that follow from the evidence.

    Args:
        facts: all facts of one artifact; `license`, `license.name`, `license.link`, `license.text` and `base_model`
            count.
        texts: license texts that belong to the artifact, by where they stand (`LICENSE beside the file`).
    """
    facts = tuple(facts)
    stated = tuple(_declared(fact for fact in facts if fact.name in _DECLARING and not _is_title(fact)))
    titles = (
        *_declared(fact for fact in facts if fact.name == "license.text" or _is_title(fact)),
        *(DeclaredLicense(value=_title(text), source=where[:_LONGEST]) for where, text in (texts or {}).items()),
    )
    links = _declared(fact for fact in facts if fact.name == "license.link")
    concluded, reason = _conclusion(stated, has_text=bool(titles))
    commercial = _commercial(stated, concluded)
    doubts = tuple(_doubts(titles, facts))
    if commercial is Commercial.ALLOWED and doubts:
        commercial = Commercial.UNKNOWN
    return LicenseTerms(
        declared=tuple(dict.fromkeys((*stated, *links, *titles)))[:_MOST],
        concluded=concluded,
        commercial=commercial,
        reasons=(reason, *doubts),
    )


def license_id(declaration: str) -> str | None:
    """Return the id that `declaration` names, in lower case; None if it names no license."""
    text = " ".join(declaration.lower().split())
    text = SPELLINGS.get(text, text)
    return None if text in NAMES_NOTHING else text


def _is_title(fact: Fact) -> bool:
    """A store's license layer is a text; what is declared from it is only its title."""
    return fact.name in _DECLARING and "license layer" in fact.source.lower()


def _declared(facts: Iterable[Fact]) -> Iterator[DeclaredLicense]:
    for fact in facts:
        for value in _values(fact.value):
            yield DeclaredLicense(value=value, source=fact.source[:_LONGEST])


def _conclusion(stated: tuple[DeclaredLicense, ...], *, has_text: bool) -> tuple[str | None, str]:
    """Return the id that all declarations agree on, if its terms are known, and why or why not."""
    if not stated:
        return None, "Only a license text declares a license." if has_text else "Nothing declares a license."
    ids = sorted({name for item in stated if (name := license_id(item.value)) is not None})
    unnamed = next((item for item in stated if license_id(item.value) is None), None)
    if len(ids) > 1:
        return None, "The declarations disagree: " + ", ".join(f"`{name}`" for name in ids[:5]) + "."
    if ids and ids[0] not in COMMERCIAL:
        return None, f"The terms of `{ids[0]}` have not been resolved."
    if unnamed is not None:
        return None, f"A declaration names no license: `{unnamed.value}` ({unnamed.source})."
    return ids[0], f"Declared as `{ids[0]}` ({stated[0].source}); a declaration is not proof."


def _commercial(stated: tuple[DeclaredLicense, ...], concluded: str | None) -> Commercial:
    """A prohibition by any declaration counts; a permission only if all agree."""
    permissions = {COMMERCIAL.get(license_id(item.value) or "") for item in stated}
    if Commercial.PROHIBITED in permissions:
        return Commercial.PROHIBITED
    return COMMERCIAL[concluded] if concluded is not None else Commercial.UNKNOWN


def _doubts(titles: tuple[DeclaredLicense, ...], facts: tuple[Fact, ...]) -> Iterator[str]:
    """Yield what could take a declared permission away."""
    if titles:
        where = titles[0].source
        yield f"A license text ({where}) has not been compared with the declaration; it may add terms."
    bases = ancestors(facts)
    if bases:
        yield f"It is made from `{bases[0]}`, whose terms also apply and have not been resolved."


def _values(value: FactValue) -> list[str]:
    items = value[:_MOST] if isinstance(value, tuple) else (value,)
    return [item.strip()[:_LONGEST] for item in items if isinstance(item, str) and item.strip()]


def _title(text: str) -> str:
    """Return the first line that says something; license texts begin with their name."""
    for line in text[:_LONGEST_TITLE_SEARCH].splitlines():
        words = line.strip(" \t#*=-<>/")
        if words:
            return words[:_LONGEST]
    return "license text without a title"
