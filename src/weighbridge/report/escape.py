r"""Make hostile text safe to show: control, bidirectional and invisible characters become visible, length is capped.

Source: terminal escape injection (CWE-150) and bidirectional overrides ("Trojan Source", CVE-2021-42574).
"""

from weighbridge.model.place import display

ELLIPSIS = "…"
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
MESSAGE_LIMIT = 600
VALUE_LIMIT = 240
PATH_LIMIT = 4096


def visible(text: str, limit: int = VALUE_LIMIT) -> str:
    r"""Return `text` with everything that a terminal or browser would act on as `\xNN` or `\uNNNN`, cut to `limit`.

    Letters, marks, numbers, punctuation, symbols and the plain space pass; line ends do not.
    """
    if len(text) > limit:
        text = text[: max(0, limit - 1)] + ELLIPSIS
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def visible_path(path: bytes, limit: int = PATH_LIMIT) -> str:
    """Return a path for a person; a long one keeps its beginning and its end."""
    return middle(visible(display(path), PATH_LIMIT), limit)


def middle(text: str, limit: int) -> str:
    """Shorten `text` to `limit` characters by cutting its middle: in a path both ends matter."""
    if len(text) <= limit:
        return text
    if limit < 3:
        return ELLIPSIS[:limit]
    end = (limit - 1) * 2 // 3
    return text[: limit - 1 - end] + ELLIPSIS + text[-end:]


def percent_encoded(content: bytes) -> str:
    """Return bytes as part of a URI: everything but unreserved characters and `/` as `%NN` (RFC 3986, section 2)."""
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in content)


def _escaped(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
