"""Text from scanned files, made harmless and short before it enters a document."""

import json
import re

from weighbridge.model.fact import FactValue

LONGEST = 500
"""Characters of one value."""
LONGEST_LIST = 50
"""Items of a list or mapping."""
_DEEPEST = 4
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]{1,500}")


def clean(text: str, limit: int = LONGEST) -> str:
    r"""Return `text` with what terminals and viewers act on as `\xNN`, at most `limit` characters and one ellipsis."""
    if len(text) > limit:
        text = text[:limit] + "…"
    if text.isprintable():
        return text
    text = "".join(character if character.isprintable() else _escaped(character) for character in text)
    return text if len(text) <= limit else text[:limit] + "…"


def shown(value: FactValue) -> str:
    """Return a fact's value as text: text as it is, anything else as JSON with sorted keys."""
    if isinstance(value, str):
        return clean(value)
    return clean(json.dumps(_bounded(value, 0), sort_keys=True, ensure_ascii=False))


def web_address(text: str) -> str | None:
    """Return `text` if it is a plain web address that every reader takes for one."""
    return text if _ADDRESS.fullmatch(text) else None


def _bounded(value: FactValue, depth: int) -> object:
    if isinstance(value, dict | tuple) and depth >= _DEEPEST:
        return "…"
    if isinstance(value, dict):
        return {clean(str(key), 100): _bounded(item, depth + 1) for key, item in list(value.items())[:LONGEST_LIST]}
    if isinstance(value, tuple):
        return [_bounded(item, depth + 1) for item in value[:LONGEST_LIST]]
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >> 64:
        return hex(value)[:LONGEST]
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        return str(value)
    return value


def _escaped(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
