"""What is known of an artifact's license: evidence, declared, concluded, effective."""

from dataclasses import dataclass
from enum import StrEnum


class Commercial(StrEnum):
    """Whether the weights may be used commercially."""

    ALLOWED = "allowed"
    CONDITIONAL = "conditional"
    PROHIBITED = "prohibited"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredLicense:
    """One statement about the license, as found."""

    value: str
    source: str
    """`header key general.license`, `model card front matter`, `license text beside the file`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenseTerms:
    """All evidence and what follows from it."""

    declared: tuple[DeclaredLicense, ...] = ()
    concluded: str | None = None
    commercial: Commercial = Commercial.UNKNOWN
    reasons: tuple[str, ...] = ()
