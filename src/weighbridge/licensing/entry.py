"""One row of the license table: what a license allows and asks, as data with its source."""

import re
from typing import Any

from weighbridge.model.finding import Confidence
from weighbridge.model.license import Commercial, Outputs, Threshold
from weighbridge.model.record import record

CATEGORIES = (
    "permissive",
    "public-domain",
    "copyleft",
    "open-rail",
    "vendor-conditional",
    "non-commercial",
    "research-only",
    "proprietary",
    "other",
)
OUTPUT_TRAINING = (
    "free",
    "name-if-released",
    "derivative",
    "no-competing",
    "unknown",
    "no-other-models",
    "nc-only",
)
"""What training other models on outputs takes, strictest last. `derivative`: imitation makes a derivative."""
DERIVATIVES = (
    "free",
    "may-add-own-terms",
    "may-add-own-terms-with-use-policy",
    "threshold-follows-derivatives",
    "same-license",
    "prohibited-to-share",
)
USE_POLICIES = ("none", "law-only", "in-text", "external", "unknown")
"""Where a use policy stands, strictest last. `external`: it can change without the license file changing."""
REDISTRIBUTION = ("allowed", "conditional", "prohibited")
SHARE_ALIKE = ("none", "use-terms", "same-license", "network")


_METRIC = re.compile(
    r"(?:daily|monthly)_active_users|monthly_output_tokens|(?:annual|monthly)_revenue_[a-z]{3}"  # ISO 4217, lower case
)


@record
class LicenseEntry:
    """Terms of one license. Not legal advice: `confidence` and `source` say what each row rests on."""

    id: str
    name: str
    publisher: str | None = None
    aliases: tuple[str, ...] = ()
    spdx: str | None = None
    scancode: str | None = None
    """Key in the license database that texts are identified with."""
    hub_tag: str | None = None
    category: str
    commercial: Commercial
    production: Commercial
    outputs: Outputs
    output_training: str
    redistribution: str
    share_alike: str
    derivatives: str
    use_policy: str
    regions_excluded: tuple[str, ...] = ()
    regions_for: str = ""
    """`multimodal` where only such models are excluded in those regions; empty: all."""
    obligations: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    confidence: Confidence
    source: str
    as_of: str
    """Day on which the row was last checked, ISO 8601."""
    note: str = ""


def entry_from(license_id: str, values: dict[str, Any]) -> LicenseEntry:
    """Return the entry that a table file describes. Raises ValueError naming what is wrong with it.

    Args:
        license_id: name of the file, without its ending.
        values: the keys of the file.
    """
    values = dict(values)
    try:
        entry = LicenseEntry(
            id=license_id,
            category=values.pop("class"),
            commercial=Commercial(values.pop("commercial")),
            production=Commercial(values.pop("production")),
            outputs=Outputs(values.pop("outputs")),
            confidence=Confidence(values.pop("confidence")),
            thresholds=tuple(Threshold(**threshold) for threshold in values.pop("thresholds", ())),
            **_tuples(values),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"license {license_id}: {error}") from error
    for name, value, allowed in (
        ("class", entry.category, CATEGORIES),
        ("output_training", entry.output_training, OUTPUT_TRAINING),
        ("derivatives", entry.derivatives, DERIVATIVES),
        ("use_policy", entry.use_policy, USE_POLICIES),
        ("redistribution", entry.redistribution, REDISTRIBUTION),
        ("share_alike", entry.share_alike, SHARE_ALIKE),
        ("regions_for", entry.regions_for, ("", "multimodal")),
    ):
        if value not in allowed:
            raise ValueError(f"license {license_id}: {name} is {value!r}, not one of {', '.join(allowed)}")
    for threshold in entry.thresholds:
        if not _METRIC.fullmatch(threshold.metric) or threshold.above <= 0:
            raise ValueError(f"license {license_id}: threshold {threshold.metric} above {threshold.above} is not known")
    return entry


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
