"""Base64 with one spelling a value.

Python's decoder, like most, lets unused bits and stray characters pass, so two texts can mean the same bytes; then a
changed signature file would still verify.
"""

import base64
import binascii


def encoded(content: bytes) -> str:
    """Return standard Base64 with padding (RFC 4648, section 4)."""
    return base64.b64encode(content).decode("ascii")


def decoded(text: object) -> bytes:
    """Return the bytes of a Base64 text. Raises ValueError for anything but its one canonical spelling."""
    if not isinstance(text, str):
        raise ValueError("is no text")
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("is not Base64") from None
    if encoded(content) != text:
        raise ValueError("is not canonical Base64")
    return content
