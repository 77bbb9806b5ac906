"""What is known of an artifact's license: evidence, declared, concluded, effective."""

from enum import StrEnum

from weighbridge.model.record import record


class Commercial(StrEnum):
    """Whether the weights may be used commercially."""

    ALLOWED = "allowed"
    CONDITIONAL = "conditional"
    PROHIBITED = "prohibited"
    UNKNOWN = "unknown"


@record
class DeclaredLicense:
    """One statement about the license, as found."""

    value: str
    source: str
    """`header key general.license`, `model card front matter`, `license text beside the file`."""


@record
class LicenseTerms:
    """All evidence and what follows from it."""

    declared: tuple[DeclaredLicense, ...] = ()
    concluded: str | None = None
    commercial: Commercial = Commercial.UNKNOWN
    reasons: tuple[str, ...] = ()
