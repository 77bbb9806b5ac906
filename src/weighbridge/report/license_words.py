"""License terms for a person, in two lines: what they are and why, and what to do.

In: license terms. Out: plain text, escaped and shortened.
"""

from weighbridge.licensing.duties import checklist
from weighbridge.licensing.table import license_entry
from weighbridge.model.license import ChainLink, Commercial, IdentifiedText, LicenseTerms, TextLikeness
from weighbridge.report.escape import MESSAGE_LIMIT, visible
from weighbridge.report.words import THIS, deciding

_ANSWERS = {
    Commercial.PROHIBITED: "no commercial use",
    Commercial.UNKNOWN: "it is not known whether commercial use is allowed",
    Commercial.CONDITIONAL: "commercial use on conditions",
    Commercial.ALLOWED: "commercial use is allowed",
}
_METHODS = {
    "text": "by its text",
    "label": "by its label",
    "text-and-label": "by text and label",
    "name": "by its name",
}
_LIKENESS = {
    TextLikeness.EXACT: "is the text of {}",
    TextLikeness.CONTAINED: "holds the text of {}",
    TextLikeness.ALTERED: "is {} with changes",
    TextLikeness.PARTIAL: "is a part of {}",
    TextLikeness.AMBIGUOUS: "is close to {} and to others",
    TextLikeness.UNIDENTIFIED: "is a text that is not known",
}


def headline(terms: LicenseTerms) -> str:
    """Return what the terms are and why, in one sentence."""
    answer = _ANSWERS[terms.commercial]
    return f"{answer[0].upper()}{answer[1:]}: {why(terms)}."


def why(terms: LicenseTerms) -> str:
    """Return what the answer rests on."""
    link = deciding(terms)
    own = f"`{visible(terms.concluded, 60)}` {_METHODS.get(terms.method or '', '')}".rstrip() if terms.concluded else ""
    if link is not None and link.name != THIS:
        base = f"made from {visible(link.name, 80)}"
        under = f", which is under `{visible(link.license, 60)}`" if link.license else ", whose license is not known"
        return f"{base}{under}" + (f"; it calls itself {own}" if own else "")
    doubt = _doubt(terms)
    return f"{own}; {doubt}" if own and doubt else own or doubt or "nothing declares a license"


def step(terms: LicenseTerms) -> str:
    """Return what to do next, in the imperative."""
    link = deciding(terms)
    if terms.commercial is Commercial.PROHIBITED:
        entry = license_entry(link.license) if link is not None and link.license else None
        seller = entry.publisher if entry is not None and entry.publisher else "its publisher"
        return f"For business use, take another model or ask {seller} for a license."
    if terms.commercial is Commercial.UNKNOWN:
        whose = f" of {visible(link.name, 80)}" if link is not None and link.name != THIS else ""
        return f"Find the license{whose} on the publisher's page and keep its text beside the weights."
    duties = len(checklist(terms.effective))
    if not duties:
        return "Nothing to do."
    return f"Before you ship it, go through the {duties} points below." if duties > 1 else "Mind the point below."


def text_words(text: IdentifiedText) -> str:
    """Return what a license text turned out to be."""
    license_id = f"`{visible(text.license, 60)}`" if text.license else "a license"
    detail = f": {visible(text.detail, 200)}" if text.detail else ""
    return f"{visible(text.source, 120)} {_LIKENESS[text.likeness].format(license_id)}{detail}"


def chain_words(terms: LicenseTerms) -> list[str]:
    """Return the chain, a line a member: name, license, answer and where it comes from."""
    return [
        f"{visible(link.name, 100)}: {visible(link.license, 60) if link.license else 'license not known'},"
        f" {link.commercial} ({_ground(link)})"
        for link in terms.effective.chain
    ]


def _ground(link: ChainLink) -> str:
    """Return what a member stands on. An artifact belongs to its own chain for certain; its license may not."""
    source = visible(link.source.partition(" (")[0], 160)
    return _METHODS.get(link.source, source) if link.name == THIS else f"{link.grade}; {source}"


def _doubt(terms: LicenseTerms) -> str:
    """Return the reason that took a permission away, if one did."""
    if terms.commercial is not Commercial.UNKNOWN:
        return ""
    reason = next((reason for reason in terms.reasons[1:] if reason), terms.reasons[0] if terms.reasons else "")
    return visible(reason, MESSAGE_LIMIT).rstrip(".")
