"""The few license ids whose commercial terms are beyond doubt.

Data: permissive licenses allow commercial use of the weights as they stand; non-commercial ones forbid it in their
name. Everything else (vendor licenses, responsible-use licenses, copyleft, `other`) needs its terms read and stays
unknown. Sources: SPDX license list 3.27 (ids); the model hub's list of license tags (lower-case forms).
"""

from weighbridge.model.license import Commercial

_ALLOWED = (
    "apache-2.0",
    "bsd-2-clause",
    "bsd-3-clause",
    "bsl-1.0",
    "cc-by-4.0",
    "cc0-1.0",
    "cdla-permissive-2.0",
    "isc",
    "mit",
    "ms-pl",
    "postgresql",
    "unlicense",
    "wtfpl",
    "zlib",
)
_PROHIBITED = (
    "cc-by-nc-2.0",
    "cc-by-nc-3.0",
    "cc-by-nc-4.0",
    "cc-by-nc-nd-3.0",
    "cc-by-nc-nd-4.0",
    "cc-by-nc-sa-2.0",
    "cc-by-nc-sa-3.0",
    "cc-by-nc-sa-4.0",
)

COMMERCIAL: dict[str, Commercial] = {
    **dict.fromkeys(_ALLOWED, Commercial.ALLOWED),
    **dict.fromkeys(_PROHIBITED, Commercial.PROHIBITED),
}

NAMES_NOTHING = frozenset({"", "-", "custom", "n/a", "none", "other", "unknown", "unlicensed"})
"""Declarations that say no license: `other` is a label of hubs, not a license."""

SPELLINGS: dict[str, str] = {
    "apache 2": "apache-2.0",
    "apache 2.0": "apache-2.0",
    "apache license 2.0": "apache-2.0",
    "apache license, version 2.0": "apache-2.0",
    "apache license version 2.0": "apache-2.0",
    "apache-2": "apache-2.0",
    "apache2": "apache-2.0",
    "apache2.0": "apache-2.0",
    "bsd-3": "bsd-3-clause",
    "bsd 3-clause": "bsd-3-clause",
    "cc by 4.0": "cc-by-4.0",
    "cc by-nc 4.0": "cc-by-nc-4.0",
    "cc by-nc-sa 4.0": "cc-by-nc-sa-4.0",
    "cc0": "cc0-1.0",
    "mit license": "mit",
    "the mit license": "mit",
    "the unlicense": "unlicense",
}
"""Other ways in which people write an id."""
