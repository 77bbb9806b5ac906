"""Which texts license the model itself, with the terms that they lead to, and what the others beside it say.

In: license texts, each with what it was identified as. The license of code is not the model's; a use policy restricts;
a notice and the title of an unknown text only ever take a permission away.
"""

import re
from collections.abc import Iterator, Sequence

from weighbridge.licensing.entry import LicenseEntry
from weighbridge.licensing.statement import Statement, stated
from weighbridge.licensing.strictness import UNKNOWN, strictest, terms_of
from weighbridge.licensing.table import Naming, label, license_entry
from weighbridge.licensing.text_role import TextRole, role_of, title
from weighbridge.model.license import (
    BELOW,
    Commercial,
    DeclaredLicense,
    EffectiveTerms,
    IdentifiedText,
    LicenseText,
    TextLikeness,
)
from weighbridge.model.record import record

Text = tuple[LicenseText, IdentifiedText]
"""A text and what it was identified as."""

SETTLED = (TextLikeness.EXACT, TextLikeness.CONTAINED)
_NAMED_IN_NOTICE = re.compile(r"licensed under (?:the )?([^,.;\n]{2,60}(?:\.\d[^,.;\n]{0,60})?)", re.IGNORECASE)
_LIMIT = re.compile(
    r"non[-\s]?commercial|not\s+(?:for|be\s+used\s+for)\s+(?:any\s+)?commercial|no\s+commercial"
    r"|(?:research|academic|personal|evaluation|educational)\s+(?:and\s+\w+\s+)?(?:use|purposes)\s+only"
    r"|only\s+for\s+(?:research|academic|personal|evaluation|educational)|may\s+not\s+be\s+(?:sold|used)",
    re.IGNORECASE,
)
_LONGEST_NOTICE = 20_000


@record
class OwnText:
    """A text of the model's, with the terms that it leads to."""

    text: IdentifiedText
    terms: EffectiveTerms
    entry: LicenseEntry | None

    @property
    def settled(self) -> bool:
        """Whether it is one license word for word, whatever stands around it."""
        return self.text.likeness in SETTLED and self.text.license is not None

    @property
    def license(self) -> str | None:
        """Id of the license that it is, or is nearest to."""
        return self.entry.id if self.entry is not None else self.text.license


def texts_of_the_model(texts: Sequence[Text], multimodal: bool | None) -> tuple[list[OwnText], list[str]]:
    """Return the texts that license the model, and where use policies stand; the code's license is not the model's."""
    roles = [(role_of(text), text, identified) for text, identified in texts]
    own = TextRole.WEIGHTS if any(role is TextRole.WEIGHTS for role, _, _ in roles) else TextRole.MODEL
    # A policy file that holds a whole license is that license.
    reads = [
        _read(identified, multimodal)
        for role, _, identified in roles
        if role is own or (role is TextRole.POLICY and identified.likeness in SETTLED)
    ]
    if own is TextRole.WEIGHTS:
        # The plain text is the code's; one that restricts may be meant for the weights all the same.
        plain = [_read(identified, multimodal) for role, _, identified in roles if role is TextRole.MODEL]
        reads += [read for read in plain if read.terms.commercial in (Commercial.PROHIBITED, Commercial.UNKNOWN)]
    reads = _without_others(reads)
    policies = [
        text.source
        for role, text, identified in roles
        if role is TextRole.POLICY and identified.likeness not in SETTLED
    ]
    return reads, policies


def _without_others(reads: Sequence[OwnText]) -> list[OwnText]:
    """Leave out texts in folders below that restrict nothing: where others stand, they may be about something else."""
    beside = [read for read in reads if not read.text.source.endswith(BELOW)]
    restricting = (Commercial.CONDITIONAL, Commercial.PROHIBITED)
    below = [read for read in reads if read.text.source.endswith(BELOW)]
    return [*beside, *(read for read in below if read.entry is not None and read.entry.commercial in restricting)]


def _read(text: IdentifiedText, multimodal: bool | None) -> OwnText:
    entry = license_entry(text.license) if text.license is not None else None
    if text.likeness is TextLikeness.AMBIGUOUS:
        ids = (*((text.license,) if text.license else ()), *text.candidates)
        possible = [terms_of(found, multimodal=multimodal) for found in map(license_entry, ids) if found]
        return OwnText(text=text, terms=strictest([*possible, UNKNOWN]), entry=entry)
    if entry is None or text.likeness is TextLikeness.UNIDENTIFIED:
        return OwnText(text=text, terms=UNKNOWN, entry=entry)
    terms = terms_of(entry, multimodal=multimodal)
    return OwnText(text=text, terms=terms if text.likeness in SETTLED else strictest([terms, UNKNOWN]), entry=entry)


def titles_and_notices(texts: Sequence[Text], multimodal: bool | None) -> Iterator[Statement]:
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


def limits_in_notices(texts: Sequence[Text]) -> Iterator[str]:
    """Yield notices that speak of limits to use; a notice should say who is to be named."""
    for text, identified in texts:
        if role_of(text) is TextRole.NOTICE and identified.likeness not in SETTLED:
            limit = _LIMIT.search(text.text[:_LONGEST_NOTICE])
            if limit is not None:
                yield f"{text.source} speaks of a limit to use: `{' '.join(limit[0].split())}`."
