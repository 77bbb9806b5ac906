"""Texts with what they were identified as, made by hand."""

from weighbridge.licensing.own_texts import Text
from weighbridge.model.license import IdentifiedText, LicenseText, TextLikeness


def text(
    source: str, likeness: TextLikeness, license_id: str | None = None, content: str = "words", **more: object
) -> Text:
    """Return a text and what it turned out to be."""
    return (
        LicenseText(source=source, text=content),
        IdentifiedText(source=source, sha256="0" * 64, likeness=likeness, license=license_id, **more),  # type: ignore[arg-type]
    )


def exact(source: str, license_id: str) -> Text:
    """Return a whole and unchanged text."""
    return text(source, TextLikeness.EXACT, license_id)
