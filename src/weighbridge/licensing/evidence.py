"""What the evidence says of an artifact's license: the way through this room.

In: the facts of one artifact, the texts that belong to it, its ancestors. Out: `LicenseTerms` with every declaration
and text, what they come to, what holds over all ancestors, and observations for the checks. Rules stand in files of
their own: `statement` (declarations), `conclude` (own evidence), `effective` (ancestors).
"""

import re
from collections.abc import Iterable, Sequence

from weighbridge.licensing.conclude import Conclusion, conclude
from weighbridge.licensing.effective import Here, effective, named
from weighbridge.licensing.own_names import own_names
from weighbridge.licensing.own_texts import Text
from weighbridge.licensing.statement import LONGEST, MOST, is_title, statements, values_of
from weighbridge.licensing.text_role import title
from weighbridge.model.ancestry import Ancestor
from weighbridge.model.fact import Fact
from weighbridge.model.license import DeclaredLicense, LicenseTerms
from weighbridge.model.observation import Observation

_MADE = frozenset({"created", "training.date"})
_LIMIT = "license.limit"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SEES = ("clip", "idefics", "llama4", "llava", "mllama", "multimodal", "paligemma", "pixtral", "vision", "vl")


def own_conclusion(
    facts: Sequence[Fact], texts: Sequence[Text] = (), names: Iterable[str] = (), shared: frozenset[str] = frozenset()
) -> Conclusion:
    """Return what the artifact's own evidence comes to.

    Args:
        facts: all facts of one artifact.
        texts: texts that belong to it, identified.
        names: what stores and files call it.
        shared: sources of texts that may belong to something else in the same folder.
    """
    multimodal = is_multimodal(facts)
    limits = tuple((fact.source, text) for fact in facts if fact.name == _LIMIT for text in values_of(fact.value))
    found = conclude(
        statements(facts, multimodal=multimodal), texts, shared=shared, multimodal=multimodal, limits=limits[:MOST]
    )
    return named(found, (*names, *own_names(facts)), dates=_dates(facts), multimodal=multimodal)


def terms(
    facts: Iterable[Fact],
    texts: Sequence[Text] = (),
    ancestry: Sequence[Ancestor] = (),
    here: Here = lambda _: None,
    *,
    names: Sequence[str] = (),
    conclusion: Conclusion | None = None,
) -> tuple[LicenseTerms, tuple[Observation, ...]]:
    """Return license terms and observations.

    Args:
        facts: all facts of one artifact.
        texts: texts that belong to it, identified.
        ancestry: what it was made from.
        here: what the same scan knows of an ancestor.
        names: what stores and files call it.
        conclusion: of the artifact's own evidence, where the caller has it already.
    """
    facts = tuple(facts)
    own = conclusion if conclusion is not None else own_conclusion(facts, texts, names)
    held, reasons, laundering = effective(own, ancestry, here, own_names=names, multimodal=is_multimodal(facts))
    found = LicenseTerms(
        declared=_declared(facts, texts),
        texts=tuple(dict.fromkeys(identified for _, identified in texts))[:MOST],
        concluded=own.license,
        method=own.method,
        confidence=own.confidence,
        commercial=held.commercial,
        reasons=(*own.reasons, *reasons)[:MOST],
        effective=held,
    )
    return found, (*own.observations, *laundering)


def _dates(facts: Iterable[Fact]) -> tuple[str, ...]:
    """Return the days on which the artifact says that it was made."""
    said = (fact.value for fact in facts if fact.name in _MADE and isinstance(fact.value, str))
    return tuple(value.strip()[:10] for value in said if _DAY.match(value.strip()))


def is_multimodal(facts: Iterable[Fact]) -> bool | None:
    """Tell whether the model takes more than text, by its declared architecture; None if it declares none."""
    said = [fact.value.lower() for fact in facts if fact.name == "architecture" and isinstance(fact.value, str)]
    return any(word in text for text in said for word in _SEES) if said else None


def _declared(facts: Sequence[Fact], texts: Sequence[Text]) -> tuple[DeclaredLicense, ...]:
    """Return declarations, then links, then titles of texts, as found."""
    found = [item.declared for item in statements(facts)]
    for wanted in ("license.link", "license.text", "license"):
        for fact in facts:
            if fact.name == wanted and (wanted != "license" or is_title(fact)):
                found += [DeclaredLicense(value=value, source=fact.source[:LONGEST]) for value in values_of(fact.value)]
    said = {item.value for item in found}
    titles = [DeclaredLicense(value=title(text.text), source=text.source[:LONGEST]) for text, _ in texts]
    return tuple(dict.fromkeys((*found, *(item for item in titles if item.value not in said))))[:MOST]
