"""License pages of `wb explain`: the entry of a license, what an ambiguous label may mean, a well-known model."""

from collections.abc import Iterator

from weighbridge.licensing.duties import checklist, outputs_words, use_policy_words
from weighbridge.licensing.entry import LicenseEntry
from weighbridge.licensing.families import Family, family_of
from weighbridge.licensing.strictness import terms_of
from weighbridge.licensing.table import Naming, label, license_entry

_COMMERCIAL = {
    "allowed": "Commercial use is allowed.",
    "conditional": "Commercial use is allowed on conditions.",
    "prohibited": "No commercial use.",
    "unknown": "Whether commercial use is allowed must be read in the text.",
}


def license_page(topic: str) -> str | None:
    """Return what is known about a license, an ambiguous label or a well-known model; None if nothing is."""
    meant = label(topic)
    if meant.naming is Naming.ONE:
        entry = license_entry(meant.licenses[0])
        return None if entry is None else "\n".join(_lines(entry))
    if meant.naming is Naming.SEVERAL:
        return f"A label that stands for several licenses: {', '.join(meant.licenses)}. {meant.note}"
    family = family_of(topic) if "/" in topic else None
    return None if family is None else _family(family)


def _lines(entry: LicenseEntry) -> Iterator[str]:
    terms = terms_of(entry)
    by = f", {entry.publisher}" if entry.publisher else ""
    yield f"License: {entry.name}{by} ({entry.category})"
    yield f"{_COMMERCIAL[entry.commercial]} Outputs: {outputs_words(terms)}."
    yield f"Passing it on: {entry.redistribution}. Use policy: {use_policy_words(terms)}."
    duties = checklist(terms)
    if duties:
        yield ""
        yield "To do"
        yield from (f"  ☐ {line}" for line in duties)
    yield ""
    names = ", ".join(dict.fromkeys(filter(None, (entry.spdx, entry.hub_tag, *entry.aliases))))
    if names:
        yield f"Also called: {names}"
    yield f"Source: {entry.source} ({entry.as_of}, {entry.confidence} confidence). Not legal advice."
    if entry.note:
        yield f"Note: {entry.note}"


def _family(family: Family) -> str:
    licenses = " or ".join(family.licenses)
    note = f" {family.note}" if family.note else ""
    return f"A well-known model under {licenses} ({family.confidence} confidence; {family.source}).{note}"
