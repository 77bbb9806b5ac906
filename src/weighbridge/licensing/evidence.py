"""What the evidence says of an artifact's license.

In: the facts of the artifact and license texts that lie beside it. Out: `LicenseTerms`: every declaration with its
source, what they agree on, and whether commercial use is allowed, `unknown` with reasons wherever that is not beyond
doubt. A declaration is a claim by whoever wrote the file; a text is quoted by its title and not compared word for
word yet, so it can raise doubt and never settle it.
"""

from collections.abc import Iterable, Mapping

from weighbridge.licensing.ancestry import ancestors
from weighbridge.licensing.known import COMMERCIAL, NAMES_NOTHING, SPELLINGS
from weighbridge.model.fact import Fact, FactValue
from weighbridge.model.license import Commercial, DeclaredLicense, LicenseTerms

_DECLARING = ("license", "license.name", "license.spdx")
_LINKING = ("license.link",)
_MOST = 64
_LONGEST = 200
_LONGEST_TITLE_SEARCH = 2000


def terms(facts: Iterable[Fact], texts: Mapping[str, str] | None = None) -> LicenseTerms:
    """Return the license terms that follow from the evidence.

    Args:
        facts: all facts of one artifact; `license`, `license.name`, `license.link` and `base_model` count.
        texts: license texts that belong to the artifact, by where they stand (`LICENSE beside the file`).
    """
    facts = tuple(facts)
    titles = [
        DeclaredLicense(value=_title(text), source=where[:_LONGEST])
        for where, text in list((texts or {}).items())[:_MOST]
    ]
    stated = [
        DeclaredLicense(value=value, source=fact.source[:_LONGEST])
        for fact in facts
        if fact.name in _DECLARING
        for value in _values(fact.value)
    ]
    links = [
        DeclaredLicense(value=value, source=fact.source[:_LONGEST])
        for fact in facts
        if fact.name in _LINKING
        for value in _values(fact.value)
    ]
    declared = tuple(dict.fromkeys((*stated, *links, *titles)))[:_MOST]
    ids = {license_id(item.value) for item in stated} - {None}
    unnamed = [item for item in stated if license_id(item.value) is None]
    known = {name for name in ids if name is not None and name in COMMERCIAL}
    reasons: list[str] = []
    concluded = None
    if not stated:
        reasons.append("Nothing declares a license." if not titles else "Only a license text declares a license.")
    elif unnamed:
        reasons.append(f"A declaration names no license: `{unnamed[0].value}` ({unnamed[0].source}).")
    elif len(ids) > 1:
        names = ", ".join(f"`{name}`" for name in sorted(filter(None, ids)))
        reasons.append(f"The declarations disagree: {names}.")
    elif not known:
        reasons.append(f"The terms of `{next(iter(ids))}` have not been resolved.")
    else:
        concluded = next(iter(known))
        reasons.append(f"Declared as `{concluded}` ({stated[0].source}); a declaration is not proof.")
    commercial = _commercial(ids, concluded)
    return _doubted(
        LicenseTerms(declared=declared, concluded=concluded, commercial=commercial, reasons=tuple(reasons)),
        titles,
        facts,
    )


def license_id(declaration: str) -> str | None:
    """Return the id that `declaration` names, in lower case; None if it names no license."""
    text = " ".join(declaration.lower().split())
    text = SPELLINGS.get(text, text)
    return None if text in NAMES_NOTHING else text


def _commercial(ids: Iterable[str | None], concluded: str | None) -> Commercial:
    """A prohibition by any declaration counts; a permission only if all agree."""
    permissions = {COMMERCIAL.get(name) for name in ids if name is not None}
    if Commercial.PROHIBITED in permissions:
        return Commercial.PROHIBITED
    return COMMERCIAL[concluded] if concluded is not None else Commercial.UNKNOWN


def _doubted(found: LicenseTerms, titles: list[DeclaredLicense], facts: tuple[Fact, ...]) -> LicenseTerms:
    """Return `found` with a permission withdrawn where text or ancestry could take it away."""
    reasons = list(found.reasons)
    if titles:
        where = titles[0].source
        reasons.append(f"A license text ({where}) has not been compared with the declaration; it may add terms.")
    bases = ancestors(facts)
    if bases:
        reasons.append(f"It is made from `{bases[0]}`, whose terms also apply and have not been resolved.")
    commercial = found.commercial
    if commercial is Commercial.ALLOWED and (titles or bases):
        commercial = Commercial.UNKNOWN
    return LicenseTerms(
        declared=found.declared, concluded=found.concluded, commercial=commercial, reasons=tuple(reasons)
    )


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
