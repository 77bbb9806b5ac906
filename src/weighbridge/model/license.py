"""What is known of an artifact's license: evidence, declared, concluded, effective.

Declared is what somebody wrote. Concluded is what the artifact's own evidence amounts to. Effective is the strictest
over the artifact and all its ancestors. Table ids are those of `weighbridge.licensing`'s license table (`apache-2.0`,
`llama3.1`); they are lower case and never change their meaning.
"""

from enum import StrEnum

from weighbridge.model.finding import Confidence
from weighbridge.model.observation import Observation
from weighbridge.model.record import record


class Commercial(StrEnum):
    """Whether the weights may be used commercially."""

    ALLOWED = "allowed"
    CONDITIONAL = "conditional"
    PROHIBITED = "prohibited"
    UNKNOWN = "unknown"


class Outputs(StrEnum):
    """Whether what the model writes may be used commercially: an axis of its own, because code is an output."""

    FREE = "free"
    UNCLEAR = "unclear"
    PROHIBITED = "prohibited"


class TextLikeness(StrEnum):
    """How a text compares with the license it was identified as; best first."""

    EXACT = "exact"
    """Every word of the license, in order, and no other, but for marked placeholders (names, years)."""
    CONTAINED = "contained"
    """The whole license in order inside a longer text; what surrounds it was read and adds or removes nothing."""
    ALTERED = "altered"
    """Close to the license, with words added, removed or changed: the terms are not the license's."""
    PARTIAL = "partial"
    """A piece of the license; the rest is missing."""
    AMBIGUOUS = "ambiguous"
    """Close to several licenses whose terms differ."""
    UNIDENTIFIED = "unidentified"
    """Close to none that is known."""


BELOW = "in a folder below"
"""How the source of a text ends that stands in a folder beside the artifact: it may be about something else there."""
NOT_READ = "could not be read"
"""How the detail of a text begins that is there and could not be read."""


@record
class DeclaredLicense:
    """One statement about the license, as found."""

    value: str
    source: str
    """`header key general.license`, `model card front matter`, `license text beside the file`."""


@record
class LicenseText:
    """A text that may hold a license, read from where it stands."""

    source: str
    """`LICENSE beside the file`, `Ollama license layer`, `README.md beside the file`."""
    text: str


@record
class IdentifiedText:
    """What one license text turned out to be."""

    source: str
    sha256: str
    """Of the text as UTF-8."""
    likeness: TextLikeness
    license: str | None = None
    """Table id, or the identifier of the license index for licenses without terms of ours; None if unidentified."""
    candidates: tuple[str, ...] = ()
    """Next best ids, best first."""
    coverage: float = 0.0
    """Share of the license's own n-grams found in the text, 0 to 1."""
    detail: str = ""
    """For a person: which words are extra, missing or changed, shortened to 200 characters."""


@record
class Threshold:
    """A size of business from which other terms hold."""

    metric: str
    """`monthly_active_users`, `daily_active_users`, `monthly_output_tokens`, or revenue in the currency of the license:
    `annual_revenue_usd`, `monthly_revenue_eur` (ISO 4217, lower case)."""
    above: int
    effect: str
    """`separate-license`, `display-name`, `security-review`."""
    scope: str = ""
    """Kind of business that it holds for; empty: every one."""
    measured: str = ""
    """`at-release`: counted once, when the model came out; `ongoing`; empty where the license does not say."""


@record
class ChainLink:
    """One member of the ancestry and the terms that hold for it."""

    name: str
    """`this artifact`, or the ancestor's name or digest."""
    license: str | None
    commercial: Commercial
    grade: str
    """Grade value (`measured`, `signed`, `declared`) of the claim that it belongs to the ancestry."""
    source: str


@record
class EffectiveTerms:
    """The strictest terms over an artifact and all its ancestors."""

    commercial: Commercial = Commercial.UNKNOWN
    production: Commercial = Commercial.UNKNOWN
    outputs: Outputs = Outputs.UNCLEAR
    output_training: str = "unknown"
    """`free`, `name-if-released`, `derivative`, `no-competing`, `no-other-models`, `nc-only`, `unknown`."""
    thresholds: tuple[Threshold, ...] = ()
    regions_excluded: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    """Duties of whoever passes it on: `keep-license-text`, `display:Built with Llama`, `name-prefix:Llama`."""
    derivative_terms: tuple[str, ...] = ()
    """What a fine-tune, merge or quantized copy must carry."""
    use_policy: str = "none"
    """`none`, `law-only`, `in-text`, `external`, `unknown`."""
    chain: tuple[ChainLink, ...] = ()
    """The artifact first, then its ancestors, nearest first."""
    decided_by: str | None = None
    """Name of the link whose terms are the strictest."""


@record
class LicenseTerms:
    """All evidence and what follows from it."""

    declared: tuple[DeclaredLicense, ...] = ()
    texts: tuple[IdentifiedText, ...] = ()
    concluded: str | None = None
    method: str | None = None
    """How it was concluded: `text`, `label`, `text-and-label`; None if it was not."""
    confidence: Confidence | None = None
    commercial: Commercial = Commercial.UNKNOWN
    """The effective answer; the same as `effective.commercial`."""
    reasons: tuple[str, ...] = ()
    effective: EffectiveTerms = EffectiveTerms()


@record
class LicenseDisagreement(Observation):
    """Two pieces of evidence name different licenses."""

    first: str
    first_source: str
    second: str
    second_source: str


@record
class LicenseAltered(Observation):
    """A text is close to a license, and not it."""

    source: str
    license: str
    detail: str


@record
class LicenseLaundering(Observation):
    """An artifact claims looser terms than an ancestor of it has."""

    claimed: str
    ancestor: str
    ancestor_license: str
    chain: tuple[str, ...]
    grade: str
    """How sure the ancestry is: `declared` or `measured`."""
